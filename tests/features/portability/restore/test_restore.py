"""A network back from an archive: all of it is there, and goes on."""

from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from palabre.base import duties, migrate, signing
from palabre.features import moderation
from palabre.features.moderation import log, transparency
from palabre.features.portability.archive import tables
from palabre.features.portability.restore import derived, store
from tests.support.archiving import PRIVATE, PUBLIC, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person
from tests.support.restoring import being_in, brings_back, there


async def test_a_whole_network_is_back(
    network: Network, alice: Person, bob: Person, dan: Person, tmp_path: Path
) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    await bob.follows(alice)
    picture = await upload(alice)
    seen = await alice.says("Look at this, #garden", media_ids=[picture["id"]])
    private = await alice.says("Only for those who follow me", visibility="private")
    insult = await dan.says("An insult")
    await reports(alice, dan, insult)
    await network.work()
    case = await only_case(carol)
    waiting = await bob.says("@alice hello")  # nobody told her yet
    before = [await alice.get(f"/api/v1/statuses/{post['id']}") for post in (seen, private, waiting)]
    files = {item["url"]: await bytes_of(network, item["url"]) for item in before[0]["media_attachments"]}
    await takes(network, tmp_path / "place", recipients=[PUBLIC])

    restored = await brings_back(tmp_path / "place", tmp_path / "data", private=PRIVATE)
    assert (restored.network, restored.origin) == ("talk.example", "https://talk.example")
    async with being_in(tmp_path / "data") as anew:
        alice2, bob2, dan2, carol2 = (there(each, anew) for each in (alice, bob, dan, carol))
        assert [await alice2.get(f"/api/v1/statuses/{post['id']}") for post in before] == before
        assert {url: await bytes_of(anew, url) for url in files} == files
        assert await bob2.home() == ["@alice hello", "Only for those who follow me", "Look at this, #garden"]
        await dan2.get(f"/api/v1/statuses/{private['id']}", expect=404)
        assert await alice2.get("/api/v1/notifications", types=["mention"]) == []
        assert await anew.work() > 0
        assert [each["type"] for each in await alice2.get("/api/v1/notifications")] == ["mention", "follow"]
        found = await alice2.get("/api/v2/search", q="look this")
        assert [post["id"] for post in found["statuses"]] == [seen["id"]]
        await reports(bob, dan, insult)
        assert (await only_case(carol2))["id"] == case["id"]
        await decides(carol2, case, "remove")
        await dan2.get(f"/api/v1/statuses/{insult['id']}", expect=404)
        async with anew.db.reading() as conn:
            latest = await store.latest(conn)
        assert latest and latest["archive"] == restored.archive
    assert sorted(path.name for path in (tmp_path / "data").iterdir() if "postgres" not in path.name) == [
        "media",
        "palabre.toml",
    ]


async def bytes_of(network: Network, url: str) -> bytes:
    response = await network.http.get(url.removeprefix("https://talk.example"))
    assert response.status_code == 200
    return response.content


def test_whatever_an_archive_leaves_out_is_made_anew_or_fills_itself() -> None:
    made = {table for names, _ in derived.REBUILT.values() for table in names}
    assert made.isdisjoint(derived.FILL_THEMSELVES)
    assert made | derived.FILL_THEMSELVES.keys() == set(tables.derived())
    assert all(derived.FILL_THEMSELVES.values())


async def test_what_moderation_derives_is_as_it_was(
    network: Network, alice: Person, bob: Person, tmp_path: Path
) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    words = "Buy cheap watches today, they are really very cheap, at watches.example"
    await reports(alice, bob, await bob.says(words), category="spam")
    await network.work()
    await decides(carol, await only_case(carol), "remove")
    await reports(alice, bob, await bob.says(f"{words}!"), category="spam")
    await reports(alice, bob, await bob.says("Something else altogether, which is not about watches"))
    await network.work()
    derivations = ("open_subjects", "reporter_records", "print_bands", "prints")
    ignored = {"made_at"}

    async def rows(there: Network, table: str) -> set[str]:
        async with there.db.reading() as conn:
            found = await conn.rows(f"SELECT * FROM {table}")
        return {str({name: value for name, value in row.items() if name not in ignored}) for row in found}

    before = {table: await rows(network, table) for table in derivations}
    assert all(before.values())
    await takes(network, tmp_path / "place")
    await brings_back(tmp_path / "place", tmp_path / "data")
    async with being_in(tmp_path / "data") as anew:
        assert {table: await rows(anew, table) for table in derivations} == before


async def test_the_schema_is_that_of_a_new_network(network: Network, tmp_path: Path) -> None:
    """Every index and constraint that was dropped for loading is there again, by the same name."""
    await takes(network, tmp_path / "place")
    await brings_back(tmp_path / "place", tmp_path / "data")
    async with being_in(tmp_path / "data") as anew:
        assert await schema(anew) == await schema(network)


async def schema(network: Network) -> set[str]:
    async with network.db.reading() as conn:
        rows = await conn.rows(
            """SELECT indexdef AS said FROM pg_indexes WHERE schemaname = 'public'
               UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
               UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'
               UNION ALL SELECT attrelid::regclass || ' ' || attname || ' ' || attnotnull || ' ' || attcompression::text
                   FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
                   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
               UNION ALL SELECT name FROM migrations"""
        )
    return {row["said"] for row in rows}


async def test_duties_that_wait_are_the_same(network: Network, alice: Person, tmp_path: Path) -> None:
    await alice.says("Hello")
    async with network.db.reading() as conn:
        before = (await duties.waiting(conn))[0]
    assert before
    await takes(network, tmp_path / "place")
    await brings_back(tmp_path / "place", tmp_path / "data")
    async with being_in(tmp_path / "data") as anew, anew.db.reading() as conn:
        assert (await duties.waiting(conn))[0] == before


@pytest.mark.parametrize("named", [True, False])
async def test_the_networks_settings_come_along(
    network: Network, configured: object, tmp_path: Path, named: bool
) -> None:
    from palabre.settings import Settings, use

    given = {"public_url": "https://talk.example"} if named else {"port": 8123}
    use(Settings(data=tmp_path, post_length=333, rate_limits=False, **given))  # type: ignore[arg-type]
    await takes(network, tmp_path / "place")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/palabre.toml").write_text("# mine\npost_length = 444\n")
    restored = await brings_back(tmp_path / "place", tmp_path / "data")
    written = (tmp_path / "data/palabre.toml").read_text()
    assert written.startswith("# mine\npost_length = 444\n")
    assert restored.differing == ["post_length"]
    assert ("https://talk.example" in written) is named
    assert "8123" not in written


async def test_an_archive_of_an_older_version_is_brought_up_to_date(
    network: Network, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alice.says("Hello")
    await takes(network, tmp_path / "place")
    newer = ("9998_newer", "ALTER TABLE posts ADD COLUMN mood text NOT NULL DEFAULT 'calm'")
    every = [*migrate.available(), newer]
    monkeypatch.setattr(migrate, "available", lambda: every)
    restored = await brings_back(tmp_path / "place", tmp_path / "data")
    assert restored.migrated == ["9998_newer"]
    async with being_in(tmp_path / "data") as anew, anew.db.reading() as conn:
        assert await conn.value("SELECT mood FROM posts") == "calm"


async def test_the_sealed_log_still_proves_itself(network: Network, alice: Person, bob: Person, tmp_path: Path) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    await reports(alice, bob, await bob.says("An insult"))
    await decides(carol, await only_case(carol), "remove")
    async with network.db.transaction() as conn:
        sealed = await log.seal(conn, transparency.publish)
    assert sealed
    await takes(network, tmp_path / "place")
    await brings_back(tmp_path / "place", tmp_path / "data")
    kept = log.read_kept(msgspec.json.encode(sealed.published()).decode())
    async with being_in(tmp_path / "data") as anew, anew.db.transaction() as conn:
        assert await moderation.verify(conn, kept=kept) == []
        newest = await log.newest(conn)
        assert newest and newest.hash == sealed.hash
        assert (await signing.signer(conn)).public.id == sealed.key


async def test_a_large_search_index_is_made_by_the_worker(
    network: Network, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network serves long before it is complete."""
    monkeypatch.setattr(derived, "MANY_POSTS", 1)
    monkeypatch.setattr(import_module("palabre.features.search.rebuild"), "_BATCH", 2)  # a function has its name too
    for number in range(5):
        await alice.says(f"Tomatoes, number {number}")
    await network.work()
    await takes(network, tmp_path / "place")
    restored = await brings_back(tmp_path / "place", tmp_path / "data")
    assert restored.search_later
    async with being_in(tmp_path / "data") as anew:
        alice = there(alice, anew)
        assert (await alice.get("/api/v2/search", q="tomatoes"))["statuses"] == []
        assert [each["id"] for each in (await alice.get("/api/v2/search", q="alice"))["accounts"]] == [alice.id]
        await anew.work()
        assert len((await alice.get("/api/v2/search", q="tomatoes"))["statuses"]) == 5
    restored = await brings_back(tmp_path / "place", tmp_path / "other", index_now=True)
    assert not restored.search_later
