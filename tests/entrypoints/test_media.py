"""Uploading pictures and getting them back from /media."""

import re

import pytest

from tests.support.images import png, upload
from tests.support.people import Person


async def test_an_upload_is_described_served_and_thrown_away(alice: Person, stranger: Person) -> None:
    made = await upload(alice, description="a red square", focus="0.25,-1.0", thumbnail="ignored")
    assert (made["type"], made["description"]) == ("image", "a red square")
    assert made["meta"]["focus"] == {"x": 0.25, "y": -1.0}
    assert made["meta"]["original"]["width"] == 64 and made["blurhash"]
    path = f"/api/v1/media/{made['id']}"
    assert await alice.get(path) == made
    changed = await alice.put(path, description="a pink square", focus="0,0")
    assert changed["description"] == "a pink square" and changed["meta"]["focus"] == {"x": 0.0, "y": 0.0}
    await alice.delete(path)
    await alice.get(path, expect=404)
    assert (await stranger.request("GET", made["url"])).status_code == 404


async def test_pictures_of_posts_change_with_the_post_only(alice: Person) -> None:
    made = await upload(alice, path="/api/v1/media")
    await alice.says("look", media_ids=[made["id"]])
    await alice.put(f"/api/v1/media/{made['id']}", expect=404, description="behind its back")
    await alice.delete(f"/api/v1/media/{made['id']}", expect=422)


@pytest.mark.parametrize("data", [b"", b"not a picture", png()[:40], b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
async def test_what_is_no_picture_is_refused(alice: Person, data: bytes) -> None:
    response = await alice.request("POST", "/api/v2/media", files={"file": ("x.png", data, "image/png")})
    assert response.status_code == 422 and response.json()["error"]


async def test_an_upload_without_a_file_or_with_nonsense_is_refused(alice: Person, stranger: Person) -> None:
    await alice.post("/api/v2/media", expect=422)
    await alice.post("/api/v2/media", expect=422, file="words")
    await stranger.post("/api/v2/media", expect=401)
    for focus in ("a,b", "2,2", "nan,0", "1"):
        files = {"file": ("x.png", png(), "image/png")}
        response = await alice.request("POST", "/api/v2/media", files=files, data={"focus": focus})
        assert response.status_code == 422, focus
    long = await alice.request(
        "POST", "/api/v2/media", files={"file": ("x.png", png(), "image/png")}, data={"description": "x" * 1501}
    )
    assert long.status_code == 422


async def test_a_served_picture_says_how_to_treat_it(alice: Person, stranger: Person) -> None:
    made = await upload(alice)
    whole = await stranger.request("GET", made["url"])
    assert whole.headers["content-type"] == "image/png"
    assert whole.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"] == "public, no-cache"
    known = await stranger.request("GET", made["url"], headers={"if-none-match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    head = await stranger.request("HEAD", made["url"])
    assert int(head.headers["content-length"]) == len(whole.content)


async def test_parts_of_a_picture(alice: Person, stranger: Person) -> None:
    made = await upload(alice)
    whole = (await stranger.request("GET", made["url"])).content
    size = len(whole)
    for asked, part in (
        ("bytes=0-9", whole[:10]),
        ("bytes=10-", whole[10:]),
        ("bytes=-5", whole[-5:]),
        (f"bytes=3-{size * 2}", whole[3:]),
    ):
        response = await stranger.request("GET", made["url"], headers={"range": asked})
        assert (response.status_code, response.content) == (206, part), asked
        first, last, of = map(int, re.findall(r"\d+", response.headers["content-range"]))
        assert whole[first : last + 1] == part and of == size
    beyond = await stranger.request("GET", made["url"], headers={"range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for nonsense in ("bytes=9-1", "bytes=-0", "bytes=-", "lines=1-2", "bytes=0-1,3-4", "bytes=x-"):
        response = await stranger.request("GET", made["url"], headers={"range": nonsense})
        assert (response.status_code, response.content) == (200, whole), nonsense


@pytest.mark.parametrize("key", ["posts/none.png", "posts/../secret.png", "elsewhere/a.png", "posts/%00.png", "posts"])
async def test_nothing_else_is_served(stranger: Person, key: str) -> None:
    assert (await stranger.request("GET", f"/media/{key}")).status_code == 404


async def test_avatars_are_served_while_they_are_somebodys(alice: Person, stranger: Person) -> None:
    from palabre.base import blobs

    key = f"avatars/{alice.id}-square.png"
    await blobs.current().put(key, png(), "image/png")
    assert (await stranger.request("GET", f"/media/{key}")).status_code == 404
    async with alice.network.db.transaction() as conn:
        await conn.execute("UPDATE accounts SET avatar_key = $2 WHERE id = $1", int(alice.id), key)
    assert (await stranger.request("GET", f"/media/{key}")).content == png()
    async with alice.network.db.transaction() as conn:
        await conn.execute("UPDATE accounts SET standing = 'suspended' WHERE id = $1", int(alice.id))
    assert (await stranger.request("GET", f"/media/{key}")).status_code == 404
