"""The community closes: everybody is told once, nobody joins, everybody's archive is made; then it can only be read."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from palabre.base import clock, mail
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.features import accounts
from palabre.features.accounts import SignUp
from palabre.features.instance.about import forget
from palabre.features.portability import exports, wind_down
from palabre.features.portability.wind_down import preparing, telling
from tests.support.network import Network
from tests.support.people import Person
from tests.support.post_box import PostBox

END = datetime(2030, 3, 31, tzinfo=UTC)


@pytest.fixture
def post_box() -> Iterator[PostBox]:
    box = PostBox()
    mail.use(box)
    yield box
    mail.use(None)


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`travel(to)`: every clock of ours shows that moment; duties put off until then have to be brought forward."""

    def to(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    return to


async def _begin(network: Network, at: datetime = END, message: str = "Thank you all.") -> None:
    async with network.db.transaction() as conn:
        await wind_down.begin(conn, at, message)


async def _status(network: Network) -> wind_down.Status:
    async with network.db.reading() as conn:
        return await wind_down.status(conn)


async def _bring_forward(conn: Conn, until: datetime) -> None:
    await conn.execute("UPDATE duties SET run_at = now() WHERE run_at <= $1", until)


async def _time_passes(network: Network, until: datetime) -> None:
    async with network.db.transaction() as conn:
        await _bring_forward(conn, until)
    await network.work()


async def test_everybody_is_told_once_in_batches_and_reminded(
    network: Network, alice: Person, bob: Person, post_box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 1)
    monkeypatch.setattr(preparing, "BATCH", 1)
    async with network.db.transaction() as conn:
        await accounts.set_preferences(conn, int(bob.id), locale="fr")
    await _begin(network)
    await network.work()
    assert len(post_box.letters) == 2
    [hers], [his] = post_box.to("alice@mail.example"), post_box.to("bob@mail.example")
    assert "closes on 31 March 2030" in hers.subject and "31 mars 2030" in his.subject
    assert "Thank you all." in hers.text and "https://talk.example/settings/data" in hers.text
    assert (await _status(network)).told == {"announced": 2, "archives": 2}
    await _time_passes(network, END - timedelta(days=7))
    assert [letter.subject for letter in post_box.to("alice@mail.example")][1:] == [
        "Palabre closes in a week, on 31 March 2030"
    ]
    await _time_passes(network, END - timedelta(days=1))
    assert len(post_box.letters) == 6


async def test_a_batch_that_breaks_off_tells_nobody_twice(
    network: Network, alice: Person, bob: Person, post_box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(conn: Conn, letter: mail.Letter) -> None:
        await mail.post(conn, letter)
        if letter.to == "bob@mail.example":
            raise RuntimeError("kill -9")

    monkeypatch.setattr(telling, "post", dies)
    await _begin(network)
    await network.work()
    assert post_box.letters == []
    monkeypatch.setattr(telling, "post", mail.post)
    await _time_passes(network, END - timedelta(days=30))
    assert sorted(letter.to for letter in post_box.letters) == ["alice@mail.example", "bob@mail.example"]


async def test_everybodys_archive_is_made_and_kept(network: Network, alice: Person, bob: Person, travel: Any) -> None:
    await _begin(network)
    await network.work()
    await exports.make_waiting(network.db)
    assert (await _status(network)).archives == {"ready": 2}
    travel(clock.now() + timedelta(days=30))
    async with network.db.transaction() as conn:
        await exports.remove_ended(conn)
        assert (await exports.export_of(conn, int(alice.id))).key  # type: ignore[union-attr]
        await wind_down.call_off(conn)
    travel(clock.now() + timedelta(days=8))
    async with network.db.transaction() as conn:
        await exports.remove_ended(conn)
        assert not (await exports.export_of(conn, int(alice.id))).key  # type: ignore[union-attr]


async def test_nobody_joins_even_by_invitation_and_all_is_as_before_once_called_off(
    network: Network, alice: Person, post_box: PostBox
) -> None:
    owner = await network.person("olga", role="owner")
    async with network.db.transaction() as conn:
        caller = await accounts.recognise(conn, owner.token)
        assert caller
        code = await accounts.invite(conn, caller)
    await _begin(network)
    new = SignUp("dora", "dora@mail.example", "three blind mice", agreement=True)
    for tried in (new, SignUp("dora", "dora@mail.example", "three blind mice", agreement=True, invite=code)):
        with pytest.raises(Refused) as refused:
            await accounts.sign_up(network.db, tried)
        assert refused.value.code == "closed"
    assert (await alice.get("/api/v2/instance"))["registrations"]["enabled"] is False
    async with network.db.transaction() as conn:
        await wind_down.call_off(conn)
    await network.work()
    assert post_box.letters == []  # what waited was called off with it
    await accounts.sign_up(network.db, new)


async def test_clients_hear_of_it(network: Network, alice: Person) -> None:
    assert await alice.get("/api/v1/announcements") == []
    await _begin(network)
    [announced] = await alice.get("/api/v1/announcements")
    assert "closes on 31 March 2030" in announced["content"] and "Thank you all." in announced["content"]
    assert "closes on 31 March 2030" in (await alice.get("/api/v2/instance"))["description"]


async def test_what_makes_no_sense_is_refused(network: Network) -> None:
    for at, message, code in ((clock.now(), "", "past"), (END, "x" * 10_001, "too_long")):
        with pytest.raises(Refused) as refused:
            await _begin(network, at, message)
        assert refused.value.code == code
    await _begin(network)
    with pytest.raises(Refused) as refused:
        await _begin(network)
    assert refused.value.code == "known"
    with pytest.raises(Refused) as refused:
        await wind_down.write_tombstones(network.db, Path("/nowhere"))
    assert refused.value.code == "too_early"


async def test_putting_it_off_tells_of_the_new_date_and_of_the_old_no_more(
    network: Network, alice: Person, post_box: PostBox
) -> None:
    await _begin(network)
    await _begin(network, END + timedelta(days=30))
    await network.work()
    assert ["30 April 2030" in letter.subject for letter in post_box.letters] == [True]


async def test_when_the_day_has_come_it_can_be_read_and_left_and_nothing_is_written(
    network: Network, alice: Person, bob: Person, travel: Any
) -> None:
    post = await bob.says("Hello")
    await _begin(network)
    await alice.says("Until the last day")
    travel(END + timedelta(seconds=1))
    forget()
    refused = await alice.post("/api/v1/statuses", 403, status="One more")
    assert "closed" in refused["error"]
    for path in (f"/api/v1/statuses/{post['id']}/favourite", f"/api/v1/accounts/{bob.id}/follow"):
        await alice.post(path, 403)
    assert (await alice.get(f"/api/v1/statuses/{post['id']}"))["content"] == "<p>Hello</p>"
    await bob.delete(f"/api/v1/statuses/{post['id']}")
    await network.work()
    async with network.db.transaction() as conn:
        await exports.ask(conn, int(alice.id))
    await exports.make_waiting(network.db)
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(alice.id))


async def test_tombstones_stand_where_something_public_stood_and_lead_to_new_homes(
    network: Network, alice: Person, bob: Person, tmp_path: Path, travel: Any
) -> None:
    carol = await network.person("carol")
    public = await alice.says("Something she said")
    private = await alice.says("Among friends", visibility="private")
    his = await bob.says("His")
    await carol.says("Gone")
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(carol.id))
        assert await wind_down.set_home(conn, int(alice.id), "@alice@new.example") == "https://new.example/@alice"
        for bad in ("javascript:alert(1)", "new.example", "https://", 'https://x.example/"'):
            with pytest.raises(Refused):
                await wind_down.set_home(conn, int(bob.id), bad)
    await _begin(network)
    await network.work()
    travel(END + timedelta(days=1))
    told: list[tuple[int, int]] = []
    dest = tmp_path / "stones"
    for _ in range(2):  # done again, it is the same
        made = await wind_down.write_tombstones(network.db, dest, lambda *far: told.append(far))
    assert (made.accounts, made.posts, made.moved) == (2, 2, 1)
    page = (dest / "@alice" / public["id"] / "index.html").read_text()
    assert "Something she said" not in page and "https://new.example/@alice" in page and "A post stood here" in page
    assert "Un message se tenait ici" in page
    assert not (dest / "@alice" / private["id"]).exists() and not (dest / "@carol").exists()
    stone = json.loads((dest / "users" / "bob" / "statuses" / f"{his['id']}.json").read_text())
    assert (stone["type"], stone["formerType"]) == ("Tombstone", "Note")
    assert stone["id"] == his["uri"]
    assert "http-equiv" in (dest / "@alice" / "index.html").read_text()
    assert "http-equiv" not in (dest / "@bob" / "index.html").read_text()
    assert "Thank you all." in (dest / "index.html").read_text()
    assert (dest / "_redirects").read_text() == "/@alice https://new.example/@alice 301\n"
    assert "talk.example" in (dest / "Caddyfile").read_text()
    assert told[-1][0] == told[-1][1] == 4
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(bob.id))
    await alice.delete(f"/api/v1/statuses/{public['id']}")
    made = await wind_down.write_tombstones(network.db, dest)
    assert (made.accounts, made.posts) == (1, 0), "what was deleted since has no stone any more"
    assert {path.name for path in dest.rglob("*") if public["id"] in path.name or "bob" in path.name} == set()
    assert (dest / "@alice" / "index.html").exists() and (dest / "users" / "alice.json").exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").touch()
    with pytest.raises(Refused):
        await wind_down.write_tombstones(network.db, tmp_path / "other")
