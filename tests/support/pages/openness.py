"""Pages about moderation in the open, rules, terms and contacts."""

from types import SimpleNamespace as Some

from tests.support import samples as s
from tests.support.pages.shared import page

seal = Some(seq=412, at=s.ago(minutes=3), hash=bytes.fromhex("9f" * 32))
version = Some(
    number=2,
    since=s.ago(days=20),
    applies_at=s.ago(days=6),
    summary="Advertising is said more clearly.",
    changes=[
        ("kept", "Be kind."),
        ("removed", "No advertising."),
        ("added", "No advertising, nor links to one's own shop."),
    ],
)
first = Some(number=1, since=s.ago(days=300), applies_at=None, summary="", changes=[("added", "Be kind.")])
counts = [("a member", 812), ("the host", 98), ("a notice", 41), ("an order", 1)]
entry = Some(
    id="uwk3cbjv7yqz5n2dmt4l6hpa",
    at=s.ago(hours=5),
    words="Remove the posts",
    details=["2 posts", "Rule: Be kind.", "Came from: a member", "Decided by a moderator", "after 3.2 hours"],
    about=None,
)
later = Some(id="b2xn5w7k4jzq6c3dmt4l6hpa", at=s.ago(hours=2), words="Overturned", details=[], about=entry.id)
contacts = Some(
    operator="Association Sous le Baobab\n1, rue du Puits\n69001 Lyon",
    representative="",
    out_of_court=[Some(name="A body that settles disputes", url="https://disputes.example")],
)
openness = {
    "rules": page("rules.html", None, rules=s.rules, version=2, since=s.ago(days=20)),
    "rules-none": page("rules.html", None, rules=[], version=0, since=None),
    "versions": page(
        "versions.html", None, heading="Terms and their history", back_to="/terms", back_words="Back to the terms",
        versions=[version, first],
    ),
    "versions-none": page(
        "versions.html", None, heading="Rules and their history", back_to="/rules", back_words="Back", versions=[]
    ),
    "terms-accept": page(
        "terms_accept.html", version=2, since=s.ago(days=1), summary=version.summary, changes=version.changes, next="/"
    ),
    "contact": page(
        "contact.html", None, contacts=contacts, authorities="law@example.org", authorities_languages=["en", "fr"],
        users="help@example.org", users_languages=["fr"],
    ),
    "contact-none": page(
        "contact.html", None, contacts=Some(operator="", representative="", out_of_court=[]), authorities="",
        authorities_languages=[], users="", users_languages=[],
    ),
    "admin/contact": page(
        "admin/contact.html", s.moderator, languages=s.languages, errors={"out_of_court": "A web address begins with https://."},
        values={"users_email": "help@example.org", "users_languages": ["fr"], "out_of_court": "A body http:/x"},
    ),
    "transparency": page(
        "transparency.html", None, tables="/transparency/2026-H2.zip", newest_seal=seal,
        periods=[Some(name="2026-H2", words="Second half of 2026", current=True), Some(name="2026-H1", words="First half of 2026", current=False)],
        report=Some(
            made_at=s.ago(minutes=20), seal=411, charts=[("What came in, by source", counts)],
            facts=[("Reports and notices", 952), ("Decisions", 931), ("Median hours to a decision", 3.2), ("Appeals granted", None)],
        ),
    ),
    "transparency-none": page("transparency.html", None, tables=None, newest_seal=None, periods=[], report=None),
    "moderation-log": page(
        "moderation_log.html", None, older=None, newest_seal=seal, entries=[later, entry],
        months=[Some(address="/moderation-log/2026-11", words="2026-11", current=True), Some(address="/moderation-log/2026-10", words="2026-10", current=False)],
    ),
    "moderation-log-empty": page("moderation_log.html", None, older=None, newest_seal=None, entries=[], months=[]),
    "moderation/dossier": page(
        "moderation/dossier.html", s.moderator,
        facts_now=[("Open cases", 12), ("Overdue", 0), ("Closed cases", 931), ("Median hours to a decision", 3.2), ("Oldest open case", None)],
    ),
}  # fmt: skip
