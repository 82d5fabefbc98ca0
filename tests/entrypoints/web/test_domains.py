"""Other servers, block lists and who is kept out, through the moderators' pages."""

from palabre.features.moderation import domains
from tests.entrypoints.web.conftest import member
from tests.support.lists import list_server
from tests.support.network import Network
from tests.support.visitor import Visitor

HOME = "/moderation/domains"


async def test_a_server_is_limited_changed_lifted_and_that_undone(moderator: Visitor) -> None:
    await moderator.open(HOME)
    assert "Nothing stands against any server" in moderator.html
    await moderator.send(HOME, 422, domain="b*d.example", severity="limit", public_comment="Kept.")
    assert "Letters are left out of this name." in moderator.html and "Kept." in moderator.html
    await moderator.send(HOME, 422, domain="bad.example", severity="none")
    await moderator.send(HOME, domain="Bad.example", severity="limit", reject_media="1", public_comment="Spam")
    assert "bad.example" in moderator.html and "No pictures" in moderator.html
    await moderator.open(f"{HOME}/at/bad.example")
    assert 'value="Spam"' in moderator.html
    await moderator.send(f"{HOME}/at/bad.example", severity="suspend")
    await moderator.send(f"{HOME}/at/bad.example/undo")
    assert "As it was before." in moderator.html and "Suspended" not in moderator.html
    await moderator.open(f"{HOME}/at/bad.example")
    assert f'formaction="{HOME}/at/bad.example/lift"' in moderator.html
    await lift(moderator, "bad.example")
    assert "Nothing stands against any server" in moderator.html
    await moderator.send(f"{HOME}/at/bad.example/undo")
    assert "bad.example" in moderator.html
    await moderator.open(f"{HOME}?q=nothing")
    assert "No server matches" in moderator.html
    await moderator.open(f"{HOME}/at/unknown.example", 404)


async def lift(visitor: Visitor, domain: str) -> None:
    headers = {"origin": "https://talk.example"}
    await visitor.http.post(f"{HOME}/at/{domain}/lift", headers=headers, follow_redirects=False)
    await visitor.open(HOME)


async def test_undoing_what_somebody_changed_since_says_so(network: Network, moderator: Visitor) -> None:
    await moderator.open(HOME)
    await moderator.send(HOME, domain="bad.example", severity="limit")
    async with network.db.transaction() as conn:
        await domains.lift(conn, None, "bad.example")
    await moderator.send(f"{HOME}/at/bad.example/undo", 422)
    assert "Somebody changed this since" in moderator.html


async def test_a_list_is_followed_and_its_drafts_decided(network: Network, moderator: Visitor) -> None:
    async with list_server() as server:
        server.says = "a.example\nb.example\nc.example\nd.example\n"
        await moderator.open(f"{HOME}/lists")
        await moderator.send(f"{HOME}/lists", 422, name="Inside", url="http://10.0.0.1/x", priority="0")
        assert "on the public internet" in moderator.html
        await moderator.send(f"{HOME}/lists", name="Neighbours", url=server.url, priority="3", severity="limit")
        await network.work()
        await moderator.open(f"{HOME}/drafts")
        assert "a.example" in moderator.html and "Neighbours" in moderator.html
        (list_id,) = await _lists(network)
        await moderator.send(f"{HOME}/drafts", **{"chosen[]": [f"{list_id}:a.example"], "answer": "accept"})
        await moderator.send(f"{HOME}/drafts", **{"chosen[]": [f"{list_id}:b.example"], "answer": "dismiss"})
        await moderator.send(f"{HOME}/drafts", answer="accept")
        assert "Choose some of the drafts first." in moderator.html
        await moderator.open(f"{HOME}/lists")
        await moderator.send(f"{HOME}/exclusions", excluded="c.example", reason="Friends")
        await network.work()
        await moderator.open(f"{HOME}/drafts")
        await moderator.send(f"{HOME}/drafts", answer="all")
        await network.work()
        assert await _in_force(network) == ["a.example", "d.example"]
        await moderator.open(f"{HOME}/lists")
        await moderator.send(f"{HOME}/lists/{list_id}", adopt="1")
        await moderator.send(f"{HOME}/exclusions/remove")
        await moderator.send(f"{HOME}/lists/{list_id}/leave", keep="1")
        await network.work()
        assert await _in_force(network) == ["a.example", "d.example"]


async def test_a_file_is_accounted_for_line_by_line(network: Network, moderator: Visitor) -> None:
    await moderator.open(f"{HOME}/files")
    await moderator.send(f"{HOME}/files", 422)
    assert "Please choose a file." in moderator.html
    text = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
    text += "bad.example,suspend,false,false,Spam,false\n"
    text += "b*d.example,suspend,false,false,,false\nbad.example,silence,,,,\nx.example,harsh,,,,\ntalk.example,suspend,,,,\n"
    await moderator.send(f"{HOME}/files", files={"file": ("d.csv", text.encode(), "text/csv")})
    for words in ("6 lines were read", "Added", "Letters left out", "Named before", "Unknown severity", "This network"):
        assert words in moderator.html
    await moderator.send(f"{HOME}/files", files={"file": ("d.csv", b"bad.example\n", "text/csv")}, severity="limit")
    assert "As strict already" in moderator.html
    csv = (await moderator.http.get(f"{HOME}/files/domains.csv")).text
    assert csv.splitlines()[1:] == ["bad.example,suspend,false,false,Spam,false"]


async def test_who_is_kept_out(moderator: Visitor) -> None:
    await moderator.open("/moderation/blocks")
    await moderator.send("/moderation/blocks/ips", 422, ip="192.0.2.0/24", severity="no_access")
    assert "This would lock you out" in moderator.html
    await moderator.send("/moderation/blocks/ips", ip="203.0.113.0/24", severity="sign_up_block", comment="Flood")
    assert "203.0.113.0/24" in moderator.html and "No sign-ups" in moderator.html
    await moderator.send("/moderation/blocks/providers", 422, provider="nothing")
    await moderator.send("/moderation/blocks/providers", provider="throwaway.example")
    await moderator.send("/moderation/blocks/mailboxes", email="troll@mail.example")
    assert "throwaway.example" in moderator.html and "troll@mail.example" not in moderator.html
    for action in [form for form in _actions(moderator.html) if form.endswith("/lift")]:
        await moderator.send(action)
    assert not [form for form in _actions(moderator.html) if form.endswith("/lift")]


async def test_members_do_not_get_in_and_the_pages_speak_french(network: Network, amina: Visitor) -> None:
    paths = (
        HOME,
        f"{HOME}/lists",
        f"{HOME}/drafts",
        f"{HOME}/files",
        f"{HOME}/files/domains.csv",
        "/moderation/blocks",
    )
    for path in paths:
        await amina.open(path, 403)
    french = await member(network, "maude", "moderator", "fr")
    await french.open(HOME)
    assert "Autres serveurs" in french.html


def _actions(html: str) -> list[str]:
    import re

    return re.findall(r'action="([^"]+)"', html)


async def _lists(network: Network) -> list[int]:
    async with network.db.reading() as conn:
        return [one.id for one in await domains.lists.subscriptions(conn, None)]


async def _in_force(network: Network) -> list[str]:
    async with network.db.reading() as conn:
        return [one.domain for one in await domains.every(conn)]
