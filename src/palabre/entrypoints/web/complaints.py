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
    (None, "suspended"): N_(
        "Your account is suspended. The letters say why, and what you can do; you can also delete your account."
    ),
    (None, "frozen"): N_(
        "Your account is frozen: you can read, and not publish. Your letters say why, and until when."
    ),
    (None, "ground"): N_("Please say what it rests on: a rule, a law, or the terms as a whole."),
    ("hours", "inclusion"): N_("Please choose how long it is to last."),
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
    ("registration", "invalid"): N_("Please choose one of these."),
    ("rules", "invalid"): N_("At most 50 rules, each of 1 to 1,000 characters."),
    (None, "untried"): N_("Try it on last week's posts first."),
    (None, "trying"): N_("It is being tried already."),
    (None, "number"): N_("Please write a whole number, large enough."),
    (None, "no_condition"): N_("This rule would hit every post: say what it looks for."),
    (None, "no_letter"): N_("Every line needs a letter or digit."),
    (None, "pattern"): N_("One of these is no regular expression."),
    (None, "pattern_long"): N_("A pattern may have 200 characters."),
    (None, "pattern_empty"): N_("One of these patterns matches everything."),
    (None, "pattern_slow"): N_("One of these patterns can take very long on some texts. Please make it simpler."),
    (None, "held"): N_("This post still waits for a moderator."),
    (None, "own_case"): N_("You are a party to this case: somebody else decides it."),
    (None, "rank"): N_("This account belongs to the staff: only the owner may do this."),
    (None, "decided"): N_("This case has been decided already."),
    ("urls", "blank"): N_("Please give the address of each post, one on each line."),
    ("urls", "too_many"): N_("Those are too many for one notice."),
    ("name", "blank"): N_("Please say who you are; it is not needed for sexual abuse of children."),
    ("email", "blank"): N_("Please give an address to answer to; it is not needed for sexual abuse of children."),
    ("explanation", "blank"): N_("Please say why: a sentence or two."),
    (None, "good_faith"): N_("A notice needs your word that you send it in good faith."),
    ("file", "no_address"): N_("No address was found in this."),
    ("file", "too_large"): N_("That is too large: at most 8 MB."),
    ("file", "by_command"): N_("That is more than 1 MB: it can be taken in by command or through the API."),
    ("file", "invalid"): N_("This can’t be read."),
    (None, "key"): N_("This key opens nothing."),
    (None, "date"): N_("A date, please."),
    (None, "not_authority"): N_("Only an authority may order a removal."),
    (None, "nothing_there"): N_("This leads to nothing here."),
    (None, "filed"): N_("This line is in a case already."),
    (None, "not_warned"): N_("A warning has to come first."),
    (None, "days"): N_("Between 1 and 366 days, please."),
    (None, "not_dismissed"): N_("Only what is decided with “No measure” can be manifestly unfounded."),
    (None, "undone"): N_("This decision has been taken back already."),
    (None, "appealed"): N_("A decision of yours in this case was appealed against: somebody else judges now."),
    (None, "under_appeal"): N_("There is an appeal against this decision: judge the appeal."),
    (None, "too_late"): N_("The time for an appeal is over."),
    (None, "appeal_open"): N_("You appealed against this already: it is being looked into."),
    (None, "appeal_answered"): N_("Your appeal against this has been answered."),
    (None, "appeal_closed"): N_("This appeal is closed."),
    (None, "with_jury"): N_("A jury has this appeal."),
    (None, "jury_none"): N_("No jury can be had for this case: please judge it yourself."),
    (None, "no_jury_now"): N_("A jury can be asked once, after a moderator turned the appeal down."),
    (None, "not_to_concede"): N_("Somebody wants more done here: only somebody else can judge this appeal."),
    (None, "blind"): N_("You are to judge this case again first, without seeing how it was decided."),
    (None, "no_posts"): N_("No post was reported in this case."),
    (None, "not_reported"): N_("Please choose among the posts reported in this case."),
}
SUSPENDED = N_(
    "Until %(until)s nothing is taken up from you, except about threats, intimate images and children: too many of your "
    "notices or reports were manifestly unfounded."
)
