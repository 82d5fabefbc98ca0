"""Writing in the browser: posts with pictures, what goes wrong, edits, deleting."""

import io

import pytest
from PIL import Image

from tests.support.browser import Seen, browser
from tests.support.images import png
from tests.support.network import Network
from tests.support.people import Person


def with_gps() -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCam"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 7.0)})
    made = io.BytesIO()
    Image.new("RGB", (80, 60), (120, 90, 40)).save(made, "JPEG", exif=exif)
    assert b"SecretCam" in made.getvalue()
    return made.getvalue()


def kept(page: Seen) -> list[str]:
    """The ids of the pictures that the form holds already."""
    names = [str(box["name"]) for box in page.all("fieldset.kept textarea")]
    return [name.removeprefix("alt_") for name in names]


async def test_a_photo_is_posted_described_and_says_nothing_of_its_place(network: Network, alice: Person) -> None:
    writer = await browser(network, alice)
    files = {"picture_1": ("hive.jpg", with_gps(), "image/jpeg")}
    home = await writer.post(
        "/compose", files=files, text="my hives", visibility="unlisted", language="en", alt_1="A wooden hive"
    )
    assert "Your post is out." in home.text(".flash")
    await network.work()
    profile = await writer.get("/@alice")
    assert profile.value(".medium img", "alt") == "A wooden hive"
    for address in (profile.value(".medium img", "src"), profile.links(".medium a")[0]):
        served = await writer.http.get(address)
        assert served.status_code == 200
        assert b"SecretCam" not in served.content and b"Exif" not in served.content
        assert not Image.open(io.BytesIO(served.content)).getexif()


async def test_undoing_a_post_gives_its_words_back(network: Network, alice: Person) -> None:
    writer = await browser(network, alice)
    home = await writer.post("/compose", text="too soon", visibility="public", language="")
    again = await writer.post(home.value(".flash form", "action"), anew="1")
    assert "too soon" in again.text("textarea.words")
    assert (await writer.get("/@alice")).posts == []


@pytest.mark.parametrize("lang", ["en", "fr"])
async def test_what_was_typed_survives_a_mistake_pictures_too(network: Network, alice: Person, lang: str) -> None:
    writer = await browser(network, alice, lang)
    files = {"picture_1": ("a.png", png(), "image/png"), "picture_2": ("b.jpg", b"no picture", "image/jpeg")}
    typed = {"text": "look", "spoiler": "Bees", "visibility": "private", "language": "fr", "alt_1": "pink"}
    page = await writer.post("/compose", 422, files=files, **typed)
    assert page.text(".problems li")
    assert ("This file" in page.text(".problems")) == (lang == "en")
    assert page.text("textarea.words") == "look"
    assert page.value("select[name=visibility] option[selected]", "value") == "private"
    assert page.value("select[name=language] option[selected]", "value") == "fr"
    (media_id,) = kept(page)
    assert page.text("fieldset.kept textarea") == "pink"
    await writer.post("/compose", **{**typed, "alt_1": "", f"alt_{media_id}": "a pink square"})
    assert (await writer.get("/@alice")).value(".medium img", "alt") == "a pink square"


async def test_nothing_written_and_too_much_are_said_by_the_field(network: Network, alice: Person) -> None:
    writer = await browser(network, alice)
    empty = await writer.post("/compose", 422, text=" ", visibility="public", language="")
    assert empty.text(".problems li") == "Write something, or add a picture."
    much = await writer.post("/compose", 422, text="a" * 1_001, visibility="public", language="")
    assert "at most 1000 characters" in much.text(".problems li")
    await writer.post("/compose", 422, text="x", visibility="everybody", language="")
    assert (await writer.get("/@alice")).posts == []


async def test_an_answer_names_everybody_and_is_no_louder(network: Network, alice: Person, bob: Person) -> None:
    post = await bob.says("@alice come at nine", visibility="direct")
    writer = await browser(network, alice)
    form = await writer.get(f"/compose?reply_to={post['id']}")
    assert form.text("textarea.words").strip() == "@bob"
    assert form.value("select[name=visibility] option[selected]", "value") == "direct"
    sent = await writer.post("/compose", text="@bob yes", visibility="direct", language="", reply_to=post["id"])
    assert sent.posts == ["@alice come at nine", "@bob yes"]
    await (await browser(network)).get(sent.path, expect=404)


async def test_answering_what_one_may_not_see_is_refused_in_words(network: Network, alice: Person, bob: Person) -> None:
    post = await bob.says("mine", visibility="private")
    writer = await browser(network, alice)
    await writer.get(f"/compose?reply_to={post['id']}", expect=404)
    for reply_to in (post["id"], "99", "nonsense"):
        page = await writer.post("/compose", 422, text="hi", visibility="public", language="", reply_to=reply_to)
        assert "deleted" in page.text(".problems")


async def test_editing_keeps_adds_and_removes_pictures(network: Network, alice: Person) -> None:
    writer = await browser(network, alice)
    files = {"picture_1": ("a.png", png(), "image/png"), "picture_2": ("b.png", png(colour=(1, 2, 3)), "image/png")}
    await writer.post("/compose", files=files, text="two", visibility="public", language="", alt_1="one", alt_2="other")
    address = (await writer.get("/@alice")).links("article .when a")[0]
    form = await writer.get(f"{address}/edit")
    first, second = kept(form)
    edited = {"text": "just one", "language": "en", f"alt_{first}": "one", f"alt_{second}": "the second"}
    saved = await writer.post(f"{address}/edit", **edited, **{"remove[]": first})
    assert saved.posts == ["just one"]
    assert [img["alt"] for img in saved.all(".medium img")] == ["the second"]
    wrong = await writer.post(f"{address}/edit", 422, text="a" * 1_001, language="en", **{f"alt_{second}": "kept"})
    assert kept(wrong) == [second] and wrong.text("fieldset.kept textarea") == "kept"


async def test_deleting_asks_first_and_may_begin_anew(network: Network, alice: Person, bob: Person) -> None:
    writer = await browser(network, alice)
    files = {"picture_1": ("a.png", png(), "image/png")}
    await writer.post("/compose", files=files, text="draft one", visibility="unlisted", language="fr", alt_1="pink")
    address = (await writer.get("/@alice")).links("article .when a")[0]
    asked = await writer.get(f"{address}/delete")
    assert asked.posts == ["draft one"]
    anew = await writer.post(f"{address}/delete", anew="1")
    (media_id,) = kept(anew)
    await writer.get(address, expect=404)
    await writer.post("/compose", text="draft two", visibility="unlisted", language="fr", **{f"alt_{media_id}": "pink"})
    seen = await writer.get("/@alice")
    assert seen.posts == ["draft two"] and seen.has(".medium img")
    other = await browser(network, bob)
    address = seen.links("article .when a")[0]
    for part in ("edit", "delete"):
        await other.get(f"{address}/{part}", expect=404)
        await other.post(f"{address}/{part}", 404, text="mine now", language="")
    gone = await writer.post(f"{address}/delete")
    assert "deleted" in gone.text(".flash") and (await writer.get("/@alice")).posts == []


async def test_somebody_elses_picture_cannot_be_taken(network: Network, alice: Person, bob: Person) -> None:
    from tests.support.images import upload

    picture = await upload(alice)
    writer = await browser(network, bob)
    await writer.post("/compose", text="mine", visibility="public", language="", **{f"alt_{picture['id']}": "stolen"})
    assert not (await writer.get("/@bob")).has(".medium")


async def test_forms_from_other_sites_are_refused(network: Network, alice: Person) -> None:
    writer = await browser(network, alice)
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        await writer.post("/compose", 403, headers=headers, text="spam", visibility="public", language="")
    writer.http.headers.pop("sec-fetch-site")
    evil = {"origin": "https://evil.example"}
    await writer.post("/compose", 403, headers=evil, text="spam", visibility="public", language="")
    assert (await writer.get("/@alice")).posts == []
