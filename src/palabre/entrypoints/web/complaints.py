"""What pages say about what the features refuse: (field, code), or (None, code) whatever the field."""


def N_(words: str) -> str:
    """Marks words for translation."""
    return words


COMPLAINTS: dict[tuple[str | None, str], str] = {
    (None, "blank"): N_("Please write something here."),
    (None, "too_long"): N_("That is too long."),
    (None, "too_many"): N_("Those are too many."),
    (None, "inclusion"): N_("Please choose one of these."),
    (None, "credentials"): N_("That name and password don't belong together."),
    (None, "suspended"): N_("This account is suspended."),
    (None, "conflict"): N_("Somebody else changed this at the same moment. Please try again."),
    (None, "unavailable"): N_("The network is starting up or very busy. Please try again in a moment."),
    (None, "internal"): N_("Something went wrong on our side. It has been noted."),
    (None, "link"): N_("This link has been used, or is too old."),
    (None, "owned"): N_("This link has been used: the community has its owner. If that is you, sign in."),
    (None, "last_owner"): N_("You are the only owner. Make somebody else owner first."),
    (None, "invite"): N_("This invitation has been used up or withdrawn, or is too old."),
    (None, "closed"): N_("This community takes no new members at the moment."),
    (None, "oauth"): N_(
        "The application asked in a way that can't be answered. Please start again from the application."
    ),
    (None, "origin"): N_("This form was sent from another site. Please go back and send it again from here."),
    ("username", "invalid"): N_("Only letters, digits and _, please."),
    ("username", "too_long"): N_("At most 30 characters."),
    ("username", "taken"): N_("Somebody has this name already."),
    ("username", "reserved"): N_("This name is kept free, as it could be mistaken for the community itself."),
    ("email", "invalid"): N_("This is no e-mail address."),
    ("email", "taken"): N_("Somebody already uses this address."),
    ("password", "too_short"): N_("At least 8 characters."),
    ("password", "too_long"): N_("At most 1,000 characters."),
    ("password", "weak"): N_("This is too easy to guess."),
    ("current_password", "credentials"): N_("That is not your password."),
    ("agreement", "accepted"): N_("Joining means agreeing to the rules and terms."),
    ("reason", "blank"): N_("Please say why: a sentence or two."),
    ("fields", "blank"): N_("Every fact needs a label."),
    ("most_uses", "invalid"): N_("Between 1 and 1,000 people."),
    ("name", "invalid"): N_("Between 1 and 100 characters."),
    ("description", "invalid"): N_("At most 5,000 characters."),
    ("privacy", "invalid"): N_("That is too long."),
    ("contact_email", "invalid"): N_("This is no e-mail address."),
    (None, "no_cases"): N_("Tick at least one case."),
    (None, "running"): N_("This is still going on."),
    (None, "sealed"): N_("The pictures of this case are sealed."),
    (None, "sure"): N_("Please say that you are sure."),
    (None, "forbidden"): N_("That is not for you to do."),
    (None, "not_found"): N_("It is not there any more."),
    ("registration", "invalid"): N_("Please choose one of these."),
    ("rules", "invalid"): N_("At most 50 rules, each of 1 to 1,000 characters."),
    (None, "own_case"): N_("You are a party to this case: somebody else decides it."),
    (None, "rank"): N_("This account belongs to the staff: only the owner may do this."),
    (None, "decided"): N_("This case has been decided already."),
    (None, "undone"): N_("This decision has been taken back already."),
    (None, "no_posts"): N_("No post was reported in this case."),
    (None, "not_reported"): N_("Please choose among the posts reported in this case."),
}
