"""What is done about a domain reaches its accounts and those below, and goes as it came."""

import pytest

from palabre import settings
from palabre.base.errors import Refused
from palabre.features.moderation import domains
from palabre.features.moderation.domains import Measure, rules, settle
from tests.features.moderation.domains.conftest import Elsewhere
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES
from tests.support.people import Person


async def test_accounts_of_a_domain_and_below_get_its_standing_and_lose_it_again(elsewhere: Elsewhere) -> None:
    eve = await elsewhere.account("eve", "bad.example")
    fay = await elsewhere.account("fay", "talk.bad.example")
    gus = await elsewhere.account("gus", "notbad.example")
    await elsewhere.against("Bad.Example.", "limit")
    assert [await elsewhere.standing(who) for who in (eve, fay, gus)] == ["limited", "limited", "active"]
    await elsewhere.against("talk.bad.example")
    assert [await elsewhere.standing(who) for who in (eve, fay)] == ["limited", "suspended"]
    await elsewhere.lift("bad.example")
    assert [await elsewhere.standing(who) for who in (eve, fay)] == ["active", "suspended"]


async def test_who_comes_later_gets_it_too(elsewhere: Elsewhere) -> None:
    await elsewhere.against("bad.example")
    assert await elsewhere.standing(await elsewhere.account("eve", "bad.example")) == "suspended"


async def test_batches_reach_everybody(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "_BATCH", 2)
    many = [await elsewhere.account(f"eve{n}", "bad.example") for n in range(5)]
    await elsewhere.against("bad.example")
    assert [await elsewhere.standing(who) for who in many] == ["suspended"] * 5


async def test_a_decision_on_one_account_is_not_trampled_on(network: Network, elsewhere: Elsewhere) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    eve = await elsewhere.account("eve", "bad.example")
    path = f"/api/v1/admin/accounts/{eve}"
    await carol.post(f"{path}/action", type="silence", text="Unkind.")
    await elsewhere.against("bad.example")
    assert await elsewhere.standing(eve) == "suspended"
    await elsewhere.lift("bad.example")
    assert await elsewhere.standing(eve) == "limited", "the decision on her stands"
    await elsewhere.against("bad.example")
    await carol.post(f"{path}/unsilence")
    await network.work()
    assert await elsewhere.standing(eve) == "suspended", "the measure against her domain stands"
    await elsewhere.lift("bad.example")
    assert await elsewhere.standing(eve) == "active"


async def test_what_was_done_can_be_undone_until_somebody_does_more(network: Network, elsewhere: Elsewhere) -> None:
    eve = await elsewhere.account("eve", "bad.example")
    first = await elsewhere.against("bad.example", "limit", public_comment="Spam")
    seq = await elsewhere.lift("bad.example")
    async with network.db.transaction() as conn:
        with pytest.raises(Refused):
            await domains.undo(conn, None, "bad.example", first)
        await domains.undo(conn, None, "bad.example", seq)
        (back,) = await domains.every(conn)
    await network.work()
    assert back.measure == Measure("limit", public_comment="Spam")
    assert await elsewhere.standing(eve) == "limited"


async def test_every_change_is_in_a_log_that_shows_tampering(network: Network, elsewhere: Elsewhere) -> None:
    for domain in ("bad.example", "worse.example"):
        await elsewhere.against(domain, "limit")
        await elsewhere.against(domain, "suspend", private_comment="Again")
        await elsewhere.lift(domain)
    async with network.db.transaction() as conn:
        told = await domains.history(conn, None, "bad.example")
        assert [entry.kind for entry in told] == ["set", "set", "lifted"]
        assert told[1].data["before"]["severity"] == "limit" and told[1].data["after"]["private_comment"] == "Again"
        assert await domains.verify(conn) == []
        for tampering in (
            "UPDATE domain_events SET data = replace(data, 'Again', 'Never') WHERE seq = 2",
            "DELETE FROM domain_events WHERE seq = 3",
            "DELETE FROM domain_events WHERE seq = 1",
            "UPDATE domain_events SET at = at + interval '1 day' WHERE seq = 1",
            "DELETE FROM domain_events",
        ):
            try:
                async with conn.savepoint():
                    await conn.execute(tampering)
                    assert {fault.domain for fault in await domains.verify(conn)} == {"bad.example", "worse.example"}
                    raise _Undone
            except _Undone:
                pass


class _Undone(Exception):
    pass


async def test_policy_adds_up_what_holds(network: Network, elsewhere: Elsewhere) -> None:
    await elsewhere.against("bad.example", "limit", reject_media=True)
    await elsewhere.against("worse.bad.example", "none", reject_reports=True)
    async with network.db.reading() as conn:
        found = await domains.policies(conn, ["bad.example", "a.worse.bad.example", "good.example"])
    assert found["bad.example"] == rules.Policy(limited=True, reject_media=True)
    assert found["a.worse.bad.example"] == rules.Policy(limited=True, reject_media=True, reject_reports=True)
    assert found["good.example"] == rules.Policy()


async def test_in_limited_federation_only_allowed_domains_count(
    network: Network, elsewhere: Elsewhere, configured: settings.Settings
) -> None:
    settings.use(configured.model_copy(update={"limited_federation": True}))
    async with network.db.transaction() as conn:
        await domains.allow(conn, None, "good.example")
    good = await elsewhere.account("gus", "good.example")
    other = await elsewhere.account("eve", "other.example")
    assert [await elsewhere.standing(who) for who in (good, other)] == ["active", "suspended"]
    async with network.db.transaction() as conn:
        await domains.disallow(conn, None, "good.example")
    await network.work()
    assert await elsewhere.standing(good) == "suspended"


async def test_the_switch_to_limited_federation_settles_who_is_there_already_and_back(
    network: Network, elsewhere: Elsewhere, configured: settings.Settings
) -> None:
    good, other = await elsewhere.account("gus", "good.example"), await elsewhere.account("eve", "other.example")
    async with network.db.transaction() as conn:
        await domains.allow(conn, None, "good.example")
    await network.work()
    for on, standing in ((True, "suspended"), (False, "active")):
        settings.use(configured.model_copy(update={"limited_federation": on}))
        await settle.settle_all(network.db)
        assert [await elsewhere.standing(who) for who in (good, other)] == ["active", standing]


async def test_members_here_are_not_touched(network: Network, elsewhere: Elsewhere, alice: Person) -> None:
    for own in ("talk.example", "example"):
        with pytest.raises(Refused):
            await elsewhere.against(own)
    await elsewhere.against("other.example")
    assert await elsewhere.standing(int(alice.id)) == "active"


@pytest.mark.parametrize(
    "written", ["", "com", "ex ample.org", "b*d.example", "http://x.example/", "1.2.3.4", "-.x.org"]
)
def test_what_is_no_domain(written: str, configured: settings.Settings) -> None:
    with pytest.raises(Refused):
        rules.normal(written)


def test_names_are_compared_as_dns_has_them(configured: settings.Settings) -> None:
    assert rules.normal(" *.Bücher.Example. ") == "xn--bcher-kva.example"


def test_a_measure_must_do_something() -> None:
    with pytest.raises(Refused):
        rules.check(Measure("none"))


def test_obfuscated_names_do_not_give_the_name_away() -> None:
    assert rules.obfuscated("verybad.example") == "ver****.****ple"
