"""Deleting is deleting: of somebody who leaves, only what is listed here stays, and each has its reason."""

from typing import Any

import msgspec

from palabre.features import accounts
from palabre.features.portability import exports, wind_down
from tests.support.images import upload
from tests.support.network import Network
from tests.support.notices import notifies
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person

WORDS = "words-of-bob"
#: Table -> columns (empty: all of it) that may still name him.
_EVIDENCE: dict[str, set[str]] = {
    # what was reported, as long as a decision can be questioned
    **{
        name: set()
        for name in (
            "cases",
            "reports",
            "snapshots",
            "decisions",
            "case_events",
            "open_subjects",
            "file_holds",
            "appeals",
            "reviews",
        )
    },
    # what was pointed out from outside, and where; not who pointed it out
    "notices": {"explanation"},
    "notice_items": {"account_id", "url"},
    # that something of his was there, as long as somebody may still ask about it
    "removed_posts": {"author_id"},
    # the moderators' own word of his reports and of his joining
    "notifications": {"from_id", "details"},
}
_KEPT = _EVIDENCE | {
    # parties to a case that a jury judged
    "jury_panels": {"excluded"},
    # an empty husk and his name, so that nobody can take it and pass for him
    "accounts": {"id", "username", "created_at", "updated_at", "fragment"},
    "account_counts": {"account_id"},
    "handles": {"account_id", "handle"},
    # what others wrote and whom they named
    "posts": {"audience", "fragment", "text"},
    "search_posts": {"words"},
    # derived, trimmed as it grows: points to what is not there any more
    "home_entries": {"author_id", "reblog_of_author_id"},
}


async def _traces(network: Network, *signs: str) -> dict[str, set[str]]:
    """Which columns of which tables hold one of these texts."""
    found: dict[str, set[str]] = {}
    hexed = [sign.encode().hex() for sign in signs]
    async with network.db.reading() as conn:
        tables = await conn.rows(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for table in (row["relname"] for row in tables):
            for row in await conn.rows(f"SELECT to_jsonb(t) AS row FROM {table} t"):
                for column, value in row["row"].items():
                    text = msgspec.json.encode(value).decode()
                    if any(sign in text for sign in (*signs, *hexed)):
                        found.setdefault(table, set()).add(column)
    return found


async def _lives(network: Network, alice: Person, bob: Person, carol: Person) -> None:
    """Bob does all that a member can do, and others do it to him."""
    await alice.patch("/api/v1/accounts/update_credentials", locked=True)
    for who, whom in ((alice, bob), (bob, carol), (carol, bob), (bob, alice)):
        await who.follows(whom)
    await bob.patch("/api/v1/accounts/update_credentials", display_name=WORDS, note=WORDS)
    dan, eve = await network.person("dan"), await network.person("eve")
    for verb in ("block", "mute"):
        await bob.post(f"/api/v1/accounts/{dan.id}/{verb}")
        await eve.post(f"/api/v1/accounts/{bob.id}/{verb}")
    for who, whom in ((bob, dan), (alice, bob)):
        await who.post(f"/api/v1/accounts/{whom.id}/note", comment=WORDS)
    hers = await alice.says("Hello @bob")
    picture = await upload(bob, description=WORDS)
    his = await bob.says(f"{WORDS} @alice #bread", media_ids=[picture["id"]])
    await bob.put(f"/api/v1/statuses/{his['id']}", status=f"{WORDS} again", media_ids=[picture["id"]])
    await bob.says(f"{WORDS}, in reply", in_reply_to_id=hers["id"])
    await alice.says("In reply", in_reply_to_id=his["id"])
    await upload(bob, description=WORDS)
    for verb in ("favourite", "bookmark", "reblog"):
        await alice.post(f"/api/v1/statuses/{his['id']}/{verb}")
        await bob.post(f"/api/v1/statuses/{hers['id']}/{verb}")
    await bob.post(f"/api/v1/statuses/{his['id']}/pin")
    await bob.post(f"/api/v1/statuses/{hers['id']}/mute")
    await bob.post("/api/v1/markers", home={"last_read_id": his["id"]})
    for who in (alice, bob, carol):
        await who.home()
    await bob.post("/api/palabre/v1/jury/join")
    await reports(alice, bob, his)
    await decides(carol, await only_case(carol), "warn", reason="Gently")
    await reports(bob, alice, hers)
    await notifies(alice, his["url"])
    await notifies(bob, hers["url"], explanation=WORDS, name=WORDS, email="bob@mail.example")
    await network.work()
    async with network.db.transaction() as conn:
        await accounts.invite(conn, await _caller(conn, bob), most_uses=3)
        await accounts.reset_link(conn, int(bob.id))
        await accounts.start_session(conn, int(bob.id))
        await exports.ask(conn, int(bob.id))
        await wind_down.set_home(conn, int(bob.id), f"https://new.example/{WORDS}")


async def _caller(conn: Any, who: Person) -> accounts.Caller:
    found = await accounts.recognise(conn, who.token)
    assert found
    return found


async def test_of_a_deleted_account_only_what_is_listed_stays(network: Network, alice: Person, bob: Person) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    await _lives(network, alice, bob, carol)
    await network.work()
    before = await _traces(network, bob.id, WORDS, "bob@mail.example")
    assert {
        "follows",
        "blocks",
        "account_notes",
        "media",
        "letters",
        "invites",
        "jurors",
        "tokens",
        "post_revisions",
        "exports",
        "new_homes",
    } <= before.keys()
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(bob.id))
    await network.work()
    by_id = await _traces(network, bob.id)
    unlisted = {
        name: more for name in by_id if (more := by_id[name] - _KEPT.get(name, set())) and _KEPT.get(name) != set()
    }
    assert unlisted == {}, "the account's id is still in these"
    said = await _traces(network, WORDS, "bob@mail.example")
    assert said.keys() <= _EVIDENCE.keys(), "his words or address are still in these"


async def test_a_decision_about_somebody_who_leaves_first_holds_nothing_up(
    network: Network, alice: Person, bob: Person
) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    await reports(alice, bob, await bob.says(WORDS))
    await decides(carol, await only_case(carol), "warn", reason="Gently")
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(bob.id))
    await network.work()
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM duties") == 0
