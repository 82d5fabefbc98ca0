"""What moderators' tools made for Mastodon ask beside accounts and reports."""

from datetime import date, timedelta
from typing import Any

import pytest

from palabre.base import clock
from palabre.features.moderation import domains
from palabre.features.search.trends import find_trends
from tests.support import openapi
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, reports
from tests.support.people import Person

ADMIN = "/api/v1/admin"


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


async def signs_up(network: Network, stranger: Person, name: str, email: str, expect: int = 200) -> Any:
    made = await stranger.post("/api/v1/apps", client_name="P", redirect_uris="p://b", scopes="read write")
    keys = {key: made[key] for key in ("client_id", "client_secret")}
    given = await stranger.post("/oauth/token", grant_type="client_credentials", scope="read write", **keys)
    app = Person(network, "", 0, given["access_token"])
    form = {"username": name, "email": email, "password": "green garden", "agreement": True, "locale": "en"}
    return await app.post("/api/v1/accounts", expect, **form)


async def test_domain_blocks_are_set_changed_and_lifted(network: Network, carol: Person, stranger: Person) -> None:
    made = await carol.post(f"{ADMIN}/domain_blocks", domain="Bad.example", private_comment="Ask Bob", obfuscate=True)
    openapi.check_entity("AdminDomainBlock", made)
    assert (made["domain"], made["severity"], made["private_comment"]) == ("bad.example", "silence", "Ask Bob")
    again = await carol.post(f"{ADMIN}/domain_blocks", 422, domain="bad.example")
    assert again["existing_domain_block"]["id"] == made["id"]
    path = f"{ADMIN}/domain_blocks/{made['id']}"
    changed = await carol.put(path, severity="suspend", public_comment="Spam")
    assert (changed["severity"], changed["private_comment"], changed["id"]) == ("suspend", "Ask Bob", made["id"])
    assert await carol.get(path) == changed and await carol.get(f"{ADMIN}/domain_blocks") == [changed]
    (seen,) = await stranger.get("/api/v1/instance/domain_blocks")
    assert (seen["domain"], seen["severity"], seen["comment"]) == ("ba*.*****le", "suspend", "Spam")
    assert await carol.delete(path) == {} and await carol.get(f"{ADMIN}/domain_blocks") == []
    await carol.get(path, 404)
    for wrong in ({"domain": "no domain"}, {"domain": "x.example", "severity": "harsh"}, {"domain": "talk.example"}):
        await carol.post(f"{ADMIN}/domain_blocks", 422, **wrong)
    async with network.db.reading() as conn:
        assert [entry.actor_id for entry in await domains.history(conn, None, "bad.example")] == [int(carol.id)] * 3


async def test_domain_allows(carol: Person) -> None:
    made = await carol.post(f"{ADMIN}/domain_allows", domain="good.example")
    openapi.check_entity("AdminDomainAllow", made)
    assert await carol.post(f"{ADMIN}/domain_allows", domain="good.example") == made
    assert await carol.get(f"{ADMIN}/domain_allows") == [made]
    assert await carol.get(f"{ADMIN}/domain_allows/{made['id']}") == made
    assert await carol.delete(f"{ADMIN}/domain_allows/{made['id']}") == {}
    await carol.get(f"{ADMIN}/domain_allows/{made['id']}", 404)


async def test_a_network_without_access_stays_outside(
    network: Network, carol: Person, alice: Person, stranger: Person
) -> None:
    made = await carol.post(f"{ADMIN}/ip_blocks", ip="203.0.113.9/24", severity="no_access", comment="Floods")
    openapi.check_entity("AdminIpBlock", made)
    assert (made["ip"], made["expires_at"]) == ("203.0.113.0/24", None)
    from_there = {"x-forwarded-for": "203.0.113.77"}
    network.http._transport.client = ("127.0.0.1", 1)  # type: ignore[attr-defined]
    for who in (alice, stranger):
        refused = await who.request("GET", "/api/v1/instance", headers=from_there)
        assert refused.status_code == 403, "even with a token"
        assert (
            await who.request("GET", "/api/v1/instance", headers={"x-forwarded-for": "::ffff:203.0.113.77"})
        ).status_code == 403
        assert (
            await who.request("GET", "/api/v1/instance", headers={"x-forwarded-for": "203.0.114.1"})
        ).status_code == 200
    path = f"{ADMIN}/ip_blocks/{made['id']}"
    changed = await carol.put(path, severity="sign_up_block", expires_in=3600)
    assert (changed["severity"], changed["comment"]) == ("sign_up_block", "Floods") and changed["expires_at"]
    assert (await alice.request("GET", "/api/v1/instance", headers=from_there)).status_code == 200
    assert await carol.delete(path) == {} and await carol.get(f"{ADMIN}/ip_blocks") == []


async def test_moderators_do_not_lock_themselves_out(carol: Person) -> None:
    for ip in ("192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "nonsense", ""):
        await carol.post(f"{ADMIN}/ip_blocks", 422, ip=ip, severity="no_access")
    await carol.post(f"{ADMIN}/ip_blocks", 422, ip="203.0.113.1", severity="harsh")
    await carol.post(f"{ADMIN}/ip_blocks", 422, ip="203.0.113.1", severity="no_access", expires_in="soon")
    made = await carol.post(f"{ADMIN}/ip_blocks", ip="192.0.2.1", severity="sign_up_block")
    await carol.post(f"{ADMIN}/ip_blocks", 422, ip="192.0.2.1", severity="sign_up_block")
    await carol.put(f"{ADMIN}/ip_blocks/{made['id']}", 422, severity="no_access")


async def test_sign_ups_from_a_blocked_network_wait_or_are_refused(
    network: Network, carol: Person, stranger: Person
) -> None:
    made = await carol.post(f"{ADMIN}/ip_blocks", ip="192.0.2.0/24", severity="sign_up_requires_approval")
    token = await signs_up(network, stranger, "frank", "frank@mail.example")
    frank = Person(network, "frank", 0, token["access_token"])
    await frank.post("/api/v1/statuses", 403, status="too early")
    await carol.put(f"{ADMIN}/ip_blocks/{made['id']}", severity="sign_up_block")
    await signs_up(network, stranger, "gina", "gina@mail.example", 403)
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE ip_blocks SET expires_at = now() - interval '1 second'")
    await signs_up(network, stranger, "gina", "gina@mail.example")
    assert await carol.get(f"{ADMIN}/ip_blocks") == []


async def test_providers_of_email_are_refused_and_those_who_try_counted(
    network: Network, carol: Person, stranger: Person
) -> None:
    made = await carol.post(f"{ADMIN}/email_domain_blocks", domain="throwaway.example")
    openapi.check_entity("AdminEmailDomainBlock", made)
    for email in ("x@throwaway.example", "x@mx.Throwaway.example"):
        refused = await signs_up(network, stranger, "frank", email, 422)
        assert "email" in refused["details"]
    await signs_up(network, stranger, "frank", "x@notthrowaway.example")
    (listed,) = await carol.get(f"{ADMIN}/email_domain_blocks")
    assert (listed["history"][0]["accounts"], listed["history"][0]["uses"], len(listed["history"])) == ("2", "1", 7)
    await carol.post(f"{ADMIN}/email_domain_blocks", 422, domain="throwaway.example")
    assert await carol.delete(f"{ADMIN}/email_domain_blocks/{made['id']}") == {}
    await signs_up(network, stranger, "gina", "x@throwaway.example")


async def test_a_mailbox_is_known_however_it_is_written(network: Network, carol: Person, stranger: Person) -> None:
    made = await carol.post(f"{ADMIN}/canonical_email_blocks", email="T.roll+1@mail.example")
    openapi.check_entity("AdminCanonicalEmailBlock", made)
    await signs_up(network, stranger, "frank", "tr.oll+new@mail.example", 422)
    assert await carol.post(f"{ADMIN}/canonical_email_blocks/test", email="troll@mail.example") == [made]
    assert await carol.post(f"{ADMIN}/canonical_email_blocks/test", email="other@mail.example") == []
    assert await carol.get(f"{ADMIN}/canonical_email_blocks/{made['id']}") == made
    assert await carol.get(f"{ADMIN}/canonical_email_blocks") == [made]
    await carol.delete(f"{ADMIN}/canonical_email_blocks/{made['id']}")
    by_hash = await carol.post(f"{ADMIN}/canonical_email_blocks", canonical_email_hash=made["canonical_email_hash"])
    assert by_hash["canonical_email_hash"] == made["canonical_email_hash"]
    for wrong in ({"email": "nobody"}, {"canonical_email_hash": "abc"}, {}):
        await carol.post(f"{ADMIN}/canonical_email_blocks", 422, **wrong)


async def test_nothing_trends_unreviewed(
    network: Network, carol: Person, alice: Person, bob: Person, stranger: Person
) -> None:
    post = await alice.says("#Bread for all")
    await bob.says("#bread too")
    for who in (bob, carol):
        await who.post(f"/api/v1/statuses/{post['id']}/favourite")
    await network.work()
    await find_trends(network.db)
    assert await stranger.get("/api/v1/trends/tags") == [] == await stranger.get("/api/v1/trends/statuses")
    (tag,) = await carol.get(f"{ADMIN}/trends/tags")
    openapi.check_entity("Tag", tag)
    openapi.check_entity("AdminTag", tag)
    assert (tag["name"], tag["requires_review"], tag["trendable"]) == ("Bread", True, False)
    (status,) = await carol.get(f"{ADMIN}/trends/statuses")
    assert (status["id"], status["requires_review"]) == (post["id"], True)
    assert not (await carol.post(f"{ADMIN}/trends/tags/bread/approve"))["requires_review"]
    openapi.check_entity("Status", await carol.post(f"{ADMIN}/trends/statuses/{post['id']}/approve"))
    assert [tag["name"] for tag in await stranger.get("/api/v1/trends/tags")] == ["Bread"]
    assert [tag["name"] for tag in await stranger.get("/api/v1/trends")] == ["Bread"]
    assert [one["id"] for one in await alice.get("/api/v1/trends/statuses")] == [post["id"]]
    await carol.post(f"{ADMIN}/trends/tags/bread/reject")
    await carol.post(f"{ADMIN}/trends/statuses/{post['id']}/reject")
    assert await stranger.get("/api/v1/trends/tags") == [] == await stranger.get("/api/v1/trends/statuses")
    await carol.post(f"{ADMIN}/trends/statuses/{post['id']}/approve")
    await alice.delete(f"/api/v1/statuses/{post['id']}")
    await network.work()
    assert await stranger.get("/api/v1/trends/statuses") == [] == await carol.get(f"{ADMIN}/trends/statuses")


async def test_links_do_not_trend(carol: Person, stranger: Person) -> None:
    assert await stranger.get("/api/v1/trends/links") == []
    for kind in ("links", "links/publishers"):
        assert await carol.get(f"{ADMIN}/trends/{kind}") == []
        for verb in ("approve", "reject"):
            await carol.post(f"{ADMIN}/trends/{kind}/1/{verb}", 404)


async def test_hashtags_are_closed_and_left_out_of_search(
    network: Network, carol: Person, alice: Person, bob: Person
) -> None:
    await alice.says("#bread and #butter")
    await network.work()
    path = f"{ADMIN}/tags/bread"
    assert (await carol.get(path))["usable"]
    assert [tag["name"] for tag in await carol.get(f"{ADMIN}/tags")] == ["bread", "butter"]
    assert [tag["name"] for tag in await carol.get(f"{ADMIN}/tags", limit=1)] == ["bread"]
    assert [tag["name"] for tag in await carol.get(f"{ADMIN}/tags", limit=1, max_id="bread")] == ["butter"]
    assert not (await carol.put(path, listable=False))["listable"]
    assert (await bob.get("/api/v2/search", q="#bre"))["hashtags"] == []
    assert len(await bob.get("/api/v1/timelines/tag/bread")) == 1
    assert not (await carol.put(path, usable=False, listable=True, display_name="BREAD"))["usable"]
    assert await bob.get("/api/v1/timelines/tag/Bread") == []
    assert (await bob.get("/api/v2/search", q="#bre"))["hashtags"] == []
    assert (await carol.put(path, usable=True))["name"] == "BREAD"
    assert len(await bob.get("/api/v1/timelines/tag/bread")) == 1
    await carol.put(path, 422, display_name="cake")
    await carol.get(f"{ADMIN}/tags/nobodyusedit", 404)


async def test_measures_are_counted_from_what_happened(
    network: Network, carol: Person, alice: Person, bob: Person
) -> None:
    post = await alice.says("#bread")
    await bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    await bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    await bob.says("I agree", in_reply_to_id=post["id"])
    made = await reports(alice, bob)
    await reports(bob, alice)
    await carol.post(f"{ADMIN}/reports/{made['id']}/resolve")
    today = clock.now().date()
    asked = {"start_at": str(today - timedelta(days=2)), "end_at": str(today)}
    keys = [
        "active_users",
        "new_users",
        "interactions",
        "opened_reports",
        "resolved_reports",
        "tag_uses",
        "tag_accounts",
    ]
    found = await carol.post(
        f"{ADMIN}/measures", **asked, keys=keys, tag_uses={"id": "Bread"}, tag_accounts={"id": "bread"}
    )
    for one in found:
        openapi.check_entity("AdminMeasure", one)
    totals = {one["key"]: (one["total"], [day["value"] for day in one["data"]]) for one in found}
    assert totals == {
        "active_users": ("3", ["0", "0", "3"]),
        "new_users": ("3", ["0", "0", "3"]),
        "interactions": ("3", ["0", "0", "3"]),
        "opened_reports": ("2", ["0", "0", "2"]),
        "resolved_reports": ("1", ["0", "0", "1"]),
        "tag_uses": ("1", ["0", "0", "1"]),
        "tag_accounts": ("1", ["0", "0", "1"]),
    }
    there = {key: {"domain": "x.example"} for key in ("instance_accounts", "instance_statuses", "instance_follows")}
    assert [one["total"] for one in await carol.post(f"{ADMIN}/measures", **asked, keys=list(there), **there)] == [
        "0"
    ] * 3
    for wrong in (
        {"keys": []},
        {"keys": ["nonsense"]},
        {"keys": ["tag_uses"]},
        {"keys": ["new_users"], "end_at": "never"},
    ):
        await carol.post(f"{ADMIN}/measures", 422, **(asked | wrong))


async def test_dimensions(carol: Person, alice: Person) -> None:
    await alice.says("Bonjour #pain", language="fr")
    today = str(clock.now().date())
    keys = ["languages", "sources", "servers", "space_usage", "software_versions", "tag_languages", "tag_servers"]
    tag = {"id": "pain"}
    found = await carol.post(
        f"{ADMIN}/dimensions", start_at=today, end_at=today, keys=keys, tag_languages=tag, tag_servers=tag
    )
    for one in found:
        openapi.check_entity("AdminDimension", one)
    data = {one["key"]: {entry["key"]: entry["value"] for entry in one["data"]} for one in found}
    assert data["languages"] == {"en": "2"} and data["servers"] == {"talk.example": "1"} == data["tag_servers"]
    assert data["tag_languages"] == {"fr": "1"} and data["sources"] == {"": "2"}
    assert int(data["space_usage"]["postgresql"]) > 1_000_000 and "palabre" in data["software_versions"]


async def test_retention_says_who_came_back(network: Network, carol: Person, alice: Person) -> None:
    today = clock.now().date()
    async with network.db.transaction() as conn:
        await conn.execute("INSERT INTO active_days VALUES ($1, $2)", int(alice.id), today + timedelta(days=1))
    found = await carol.post(
        f"{ADMIN}/retention", start_at=str(today), end_at=str(today + timedelta(days=1)), frequency="day"
    )
    for one in found:
        openapi.check_entity("AdminCohort", one)
    first, second = found
    assert [(share["value"], share["rate"]) for share in first["data"]] == [("2", 1.0), ("1", 0.5)]
    assert [share["value"] for share in second["data"]] == ["0"]
    start = date(today.year, today.month, 1)
    (month,) = await carol.post(f"{ADMIN}/retention", start_at=str(today), end_at=str(today), frequency="month")
    assert month["period"].startswith(str(start)) and month["data"][0]["value"] == "2"
    await carol.post(f"{ADMIN}/retention", 422, start_at=str(today), end_at=str(today), frequency="hour")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{ADMIN}/{path}")
        for path in (
            "domain_blocks",
            "domain_allows",
            "ip_blocks",
            "email_domain_blocks",
            "canonical_email_blocks",
            "tags",
            "trends/tags",
            "trends/statuses",
            "trends/links",
            "trends/links/publishers",
        )
    ]
    + [("POST", f"{ADMIN}/{path}") for path in ("measures", "dimensions", "retention", "domain_blocks", "ip_blocks")],
)
async def test_members_get_none_of_it(network: Network, method: str, path: str) -> None:
    member = await network.person("mallory", scopes=STAFF_SCOPES)
    body = {"keys": ["new_users"], "start_at": "2026-01-01", "end_at": "2026-01-02", "frequency": "day"}
    more = {"domain": "x.example", "ip": "203.0.113.1", "severity": "no_access"} if method == "POST" else {}
    if "domain_blocks" in path:
        more["severity"] = "suspend"
    assert (await member.request(method, path, json=body | more)).status_code == 403
