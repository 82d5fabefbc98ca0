"""Rules and terms with their history, contact points, the public log and the figures, as everybody reads them."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest

from palabre.base import clock, mail
from palabre.features import accounts, instance
from palabre.features.accounts import SignUp
from palabre.features.instance.about import forget
from palabre.features.moderation import log, packs, transparency
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person
from tests.support.post_box import PostBox
from tests.support.visitor import Visitor

PASSWORD = "green garden"


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


async def member(network: Network, name: str, role: str = "member") -> Visitor:
    await accounts.add_member(network.db, SignUp(name, f"{name}@mail.example", PASSWORD), role)
    return await Visitor(network).signs_in(name, PASSWORD)


async def case_about_alice(alice: Person, bob: Person, carol: Person) -> str:
    await reports(bob, alice, await alice.says("Something rude"))
    case = await only_case(carol)
    await decides(carol, case, "remove", law="Section 185", reason="An insult, said by Alice.")
    return str(case["id"])


async def seal(network: Network) -> None:
    async with network.db.transaction() as conn:
        await log.seal(conn, transparency.publish)
    await transparency.make_reports(network.db)


async def test_rules_keep_every_version_and_decisions_cite_the_one_in_force(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    olga = await member(network, "olga", "owner")
    await olga.open("/admin/rules")
    await olga.send("/admin/rules", text="No advertising.", hint="")
    (rule,) = (await carol.get("/api/v1/instance/rules"))[:1]
    await reports(bob, alice, await alice.says("Buy my hats"))
    decided = await decides(carol, await only_case(carol), "remove", rule_ids=[rule["id"]])
    await olga.send(f"/admin/rules/{rule['id']}", text="No advertising, not even for hats.", hint="")
    stranger = await Visitor(network).open("/rules")
    assert "Version 2" in stranger.html and "not even for hats" in stranger.html
    await stranger.open("/rules/history")
    assert "<del>" in stranger.html and "No advertising.</del>" in stranger.html
    assert "not even for hats.</ins>" in stranger.html
    async with network.db.reading() as conn:
        assert (
            await conn.value("SELECT policy_version FROM decisions WHERE id = $1", int(decided["decisions"][-1]["id"]))
            == 1
        )


async def test_changed_terms_are_announced_then_agreed_to(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    post = PostBox()
    mail.use(post)
    try:
        olga = await member(network, "olga", "owner")
        await olga.open("/admin")
        await olga.send("/admin", terms="Be kind.")
        bob = await member(network, "bob")
        assert bob.path == "/terms/accept", "made by command, he never agreed"
        await bob.send("/terms/accept")
        await olga.open("/admin")
        await olga.send("/admin", terms="Be kind.\nBe brief.", terms_summary="Brevity is asked for.", terms_days="10")
        await network.work()
        (letter,) = [one for one in post.letters if one.to == "bob@mail.example"]
        assert "Brevity is asked for." in letter.text
        await bob.open("/")
        assert bob.path == "/" and "New terms apply from" in bob.html
        await bob.open("/terms")
        assert "Be brief." not in bob.html, "the old ones still bind"
        later = clock.now() + timedelta(days=11)
        monkeypatch.setattr(clock, "now", lambda: later)
        forget()
        await bob.open("/public")
        assert bob.path == "/terms/accept" and "Be brief.</ins>" in bob.html and "Brevity" in bob.html
        for path in ("/settings/data", "/settings/account", "/letters", "/terms/history"):
            await bob.open(path)
            assert bob.path == path, "leaving, and one's own case, need no agreement"
        await bob.open("/search?q=bread&lang=fr")
        await bob.send("/terms/accept")
        assert str(bob.page.url).endswith("/search?q=bread&lang=fr"), "where he was going to"
        async with network.db.reading() as conn:
            found = {one.username: one.terms_version for one in await accounts.members(conn)}
        assert found == {"olga": 2, "bob": 2}
    finally:
        mail.use(None)


async def test_the_owner_gives_contact_points(network: Network) -> None:
    olga = await member(network, "olga", "owner")
    await olga.open("/admin/contact")
    bodies = "Settle It https://settle.example\nNo address"
    more = {"users_languages[]": "fr", "operator": "Olga & Co\nLyon"}
    await olga.send("/admin/contact", authorities_email="law@talk.example", out_of_court=bodies, **more)
    stranger = await Visitor(network, lang="fr").open("/contact")
    for expected in ("mailto:law@talk.example", "Olga &amp; Co<br>Lyon", 'href="https://settle.example"', "No address"):
        assert expected in stranger.html
    await olga.open("/admin/contact")
    await olga.send("/admin/contact", 422, authorities_email="no address")
    assert 'id="e-authorities_email"' in olga.html
    await olga.open("/admin/contact")
    await olga.send("/admin/contact", 422, out_of_court="Evil javascript://x")
    async with network.db.reading() as conn:
        about = await instance.about(conn, fresh=True)
    assert [body.name for body in about.out_of_court] == ["Settle It", "No address"]


async def test_everybody_reads_every_decision_and_nobodys_name(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    stranger = await Visitor(network).open("/moderation-log")
    assert "No decision has been published yet." in stranger.html
    case_id = await case_about_alice(alice, bob, carol)
    await seal(network)
    await stranger.open("/moderation-log")
    assert "Remove the posts" in stranger.html and "Law: Section 185" in stranger.html
    feed = (await stranger.http.get("/moderation-log.atom")).text
    api = await network.stranger().get("/api/palabre/v1/moderation-log")
    (entry,) = api["entries"]
    assert entry["id"] in stranger.html and entry["id"] in feed and api["seal"]["seq"] == 1
    for text in (stranger.html, feed, str(api)):
        assert not [secret for secret in ("alice", "Alice", "rude", "insult", alice.id, case_id) if secret in text]
    await stranger.open(f"/moderation-log/{clock.now():%Y-%m}")
    await stranger.open("/moderation-log/1999-01", 404)
    await network.stranger().get("/api/palabre/v1/moderation-log", 404, month="1999-01")


async def test_everybody_sees_the_figures_and_takes_the_tables(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    stranger = await Visitor(network, lang="fr").open("/transparency")
    await case_about_alice(alice, bob, carol)
    await seal(network)
    await stranger.open("/transparency")
    assert "<svg" in stranger.html and "<script>" not in stranger.html
    (kept,) = await network.stranger().get("/api/palabre/v1/transparency")
    assert kept["decisions"] == {"remove": 1}
    address = next(word for word in stranger.html.split('"') if word.startswith("/transparency/2"))
    archive = zipfile.ZipFile(io.BytesIO((await stranger.http.get(address)).content))
    rows = list(csv.reader(io.StringIO(archive.read("5_own_initiative_illegal.csv").decode(), newline="")))
    assert rows[1][3:6] == ["TOTAL", "", "1"]
    await stranger.open("/transparency/1999-H1.zip", 404)


async def test_a_host_gets_a_pack_that_can_be_checked(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    case_id = await case_about_alice(alice, bob, carol)
    await seal(network)
    staff = await member(network, "mona", "moderator")
    pem = (await staff.http.get("/.well-known/palabre-signing-key.pem")).text
    keys = await network.stranger().get("/.well-known/palabre-signing-key")
    assert keys["keys"][0]["pem"] == pem
    content = (await staff.http.get(f"/moderation/cases/{case_id}/pack.zip")).content
    assert packs.check(content, pem) == []
    assert packs.check(content) == []
    page = await staff.http.get(f"/moderation/cases/{case_id}/pack")
    assert "Section 185" in page.text and "bob" not in page.text and "<script" not in page.text
    dossier = (await staff.http.get("/moderation/dossier.html")).content
    assert packs.check(dossier, pem) == []
    assert packs.check(dossier.replace(b"<h1>", b"<h1>!"), pem) != []
    await staff.open("/moderation/dossier")
    assert "Closed cases" in staff.html
    await (await member(network, "dora")).open(f"/moderation/cases/{case_id}/pack.zip", 403)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("cases/", b"Section 185", b"Section 186"), "was changed"),
        (("manifest.json", b'"palabre-evidence/1"', b'"palabre-evidence/2"'), "the signature does not fit"),
        (("report.html", b"</h1>", b"!</h1>"), "report.html was changed"),
        (("seals.json", b'"seq": 1', b'"seq": 2'), "seal 2 was changed"),
        (("signature.json", b"Ed25519", b"Ed25519"), "extra.txt was added afterwards"),
    ],
)
async def test_a_pack_that_was_tampered_with_is_told_from_a_genuine_one(
    network: Network, alice: Person, bob: Person, carol: Person, change: tuple[str, bytes, bytes], expected: str
) -> None:
    case_id = await case_about_alice(alice, bob, carol)
    await seal(network)
    async with network.db.transaction() as conn:
        content = await packs.evidence(conn, [int(case_id)])
    name, before, after = change
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for one in old.namelist():
            data = old.read(one)
            assert before in data or not one.startswith(name), one
            new.writestr(one, data.replace(before, after) if one.startswith(name) else data)
        if "extra" in expected:
            new.writestr("extra.txt", b"")
    assert [one for one in packs.check(changed.getvalue()) if expected in one], packs.check(changed.getvalue())


@pytest.mark.parametrize("nonsense", [b"", b"PK", b"PK\x03\x04 broken", b"<html></html>", b"\x00" * 100])
def test_what_is_no_pack_is_said_plainly(nonsense: bytes) -> None:
    assert len(packs.check(nonsense)) == 1


async def test_apps_announce_new_terms_until_they_are_agreed_to(network: Network, alice: Person) -> None:
    async with network.db.transaction() as conn:
        await instance.set_terms(conn, "Be kind.")
    assert await alice.get("/api/v1/announcements") == []
    async with network.db.transaction() as conn:
        await instance.set_terms(conn, "Be kind and brief.", "Brevity is asked for.")
    (announced,) = await alice.get("/api/v1/announcements")
    assert "Brevity is asked for." in announced["content"]
    terms = await alice.get("/api/v1/instance/terms_of_service")
    assert "brief" not in terms["content"] and terms["succeeded_by"]
    async with network.db.transaction() as conn:
        await accounts.accept_terms(conn, int(alice.id), 2)
    assert await alice.get("/api/v1/announcements") == []
