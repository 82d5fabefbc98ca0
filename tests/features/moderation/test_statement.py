"""The statement of reasons: every field of Article 17(3), delivered as the restriction starts, in the person's language."""

import re
from datetime import timedelta
from typing import Any

import pytest

from palabre.base import clock, mail
from palabre.features import accounts, instance, moderation
from palabre.features.instance import Rule
from palabre.features.moderation import Complaint, Ruling
from palabre.settings import Settings
from tests.support.network import Network
from tests.support.order import decides, letters, only_case, reports
from tests.support.people import Person
from tests.support.post_box import PostBox


async def statement(who: Person) -> Any:
    newest = (await letters(who))[0]
    return await who.get(f"/api/palabre/v1/letters/{newest['id']}")


async def rule_ids(network: Network, *texts: str) -> list[str]:
    async with network.db.transaction() as conn:
        await instance.set_rules(conn, [Rule(0, text) for text in texts])
        return [str(rule.id) for rule in (await instance.about(conn, fresh=True)).rules]


async def test_a_statement_has_every_field(alice: Person, bob: Person, carol: Person, network: Network) -> None:
    (rule,) = await rule_ids(network, "Be kind")
    post = await alice.says("Not so kind")
    await reports(bob, alice, post, comment="She is awful, says Bob")
    await decides(
        carol, await only_case(carol), "remove", rule_ids=[rule], terms=False, facts="You wrote it twice.", hours=24
    )
    await rule_ids(network, "Another rule altogether")
    whole = await statement(alice)
    told = whole["statement"]
    assert told["restriction"]["action"] == "remove" and told["restriction"]["territorial_scope"] == "everywhere"
    assert (
        told["restriction"]["post_ids"] == [post["id"]]
        and told["restriction"]["starts_at"] < told["restriction"]["ends_at"]
    )
    assert (told["facts"]["words"], told["facts"]["sources"]) == ("You wrote it twice.", ["member"])
    assert [one["text"] for one in told["facts"]["content"]] == ["Not so kind"]
    assert told["automation"] == {"detection": False, "decision": False, "decided_by": "moderator"}
    assert told["ground"] == {
        "kind": "rules",
        "law": "",
        "rules": ["Be kind"],
        "explanation": "We are kind to each other here.",
    }
    assert told["redress"]["court"] and told["redress"]["appeal_until"] == whole["appeal_until"]
    assert [one["name"] for one in whole["sections"]] == [
        "measure",
        "facts",
        "content",
        "automation",
        "ground",
        "redress",
    ]
    assert "bob" not in whole["text"].lower() and "> Be kind" in whole["text"]
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []


async def test_a_rule_is_quoted_as_it_was_worded_and_the_log_would_show_a_change(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    (rule,) = await rule_ids(network, "Be kind")
    await reports(bob, alice)
    await decides(carol, await only_case(carol), "warn", rule_ids=[rule], terms=False)
    async with network.db.transaction() as conn:
        await instance.set_rules(conn, [Rule(int(rule), "Be very kind")])
    assert (await statement(alice))["statement"]["ground"]["rules"] == ["Be kind"]
    assert (await letters(alice))[0]["rules"] == [{"id": rule, "text": "Be kind"}]
    async with network.db.transaction() as conn:
        assert await moderation.verify(conn) == []
        await conn.execute("UPDATE decisions SET rule_texts = '{Be silent}'")
        assert "was changed" in (await moderation.verify(conn))[0].what


async def test_a_law_is_named(alice: Person, bob: Person, carol: Person) -> None:
    await reports(bob, alice, await alice.says("Wrong"))
    case = await only_case(carol)
    await decides(carol, case, "remove", 422, terms=False)
    await decides(carol, case, "remove", terms=False, law="Criminal Code, § 126")
    whole = await statement(alice)
    assert (whole["statement"]["ground"]["kind"], whole["statement"]["ground"]["law"]) == (
        "law",
        "Criminal Code, § 126",
    )
    assert "> Criminal Code, § 126" in whole["text"]


async def test_what_a_rule_found_and_decided_is_said_to_be_so(alice: Person, network: Network) -> None:
    post = await alice.says("Buy now")
    async with network.db.transaction() as conn:
        made = await moderation.file(
            conn, Complaint(int(alice.id), [int(post["id"])], category="spam", source="rule"), None
        )
        ruling = Ruling("remove", "Advertising.", terms=True)
        await moderation.impose(conn, made.case_id, ruling, decided_by="rule")
    told = (await statement(alice))["statement"]
    assert told["automation"] == {"detection": True, "decision": True, "decided_by": "rule"}


async def test_a_reporters_letter_has_no_statement_but_his_own_redress(
    alice: Person, bob: Person, carol: Person
) -> None:
    await reports(bob, alice, await alice.says("Hm"))
    await decides(carol, await only_case(carol), "dismiss")
    whole = await statement(bob)
    assert whole["statement"] is None and "You too can appeal until" in whole["text"]
    await alice.get(f"/api/palabre/v1/letters/{whole['id']}", expect=404)


async def test_the_letter_of_a_suspended_french_member_is_there_at_once_and_goes_out_whole_by_mail(
    alice: Person, bob: Person, carol: Person, network: Network, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with network.db.transaction() as conn:
        await accounts.set_preferences(conn, int(alice.id), locale="fr")
    box = PostBox()
    mail.use(box)
    try:
        await reports(bob, alice, await alice.says("Not so kind"))
        await decides(carol, await only_case(carol), "suspend", facts="Deux fois.", hours=24)
        async with network.db.reading() as conn:
            (letter,) = await moderation.letters(conn, int(alice.id))  # before any worker did anything
            assert letter.statement and letter.statement.facts == "Deux fois."
        await network.work()
    finally:
        mail.use(None)
    (sent,) = box.to("alice@mail.example")
    for words in ("suspendu votre compte", "> Deux fois.", "> We are kind to each other here.", "tribunal", "machines"):
        assert words in sent.text, words
    assert "bob" not in re.sub(r"https?://\S+", "", sent.text).lower()
    found = re.search(r"https?://\S+(/statement/\S+)", sent.text)
    assert found
    secret = found[1].rpartition("/")[2]
    async with network.db.reading() as conn:
        whose, opened = await moderation.by_secret(conn, secret)
        assert (whose, opened.id) == (int(alice.id), letter.id)
        assert not await conn.value("SELECT count(*) FROM letters WHERE secret_hash = convert_to($1, 'UTF8')", secret)
    page = await network.http.get(found[1])
    assert page.status_code == 200 and "We are kind to each other here." in page.text
    assert page.headers["x-robots-tag"] == "noindex"
    assert (await network.http.get(f"{found[1][:-4]}AAAA")).status_code == 404
    assert (await network.http.get("/statement/nonsense")).status_code == 404
    at = clock.now() + timedelta(days=184)
    monkeypatch.setattr(clock, "now", lambda: at)
    assert (await network.http.get(found[1])).status_code == 404, "half a year is over"


@pytest.mark.parametrize("ladder", ["warn, explode", "limit 0h", "limit 48", ["suspend forever"]])
def test_a_ladder_that_makes_no_sense_is_refused(ladder: Any) -> None:
    with pytest.raises(ValueError, match="warn, limit, freeze or suspend"):
        Settings(ladder=ladder)


def test_a_ladder_is_written_with_commas() -> None:
    assert Settings(ladder="warn, limit 48h,suspend").ladder == ["warn", "limit 48h", "suspend"]  # type: ignore[arg-type]
    assert Settings(ladder="").ladder == []  # type: ignore[arg-type]
