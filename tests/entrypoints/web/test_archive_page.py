"""The page where a member asks for his archive, follows it being made, downloads and deletes it."""

import io
import zipfile

import pytest

from palabre.base import blobs
from palabre.features.portability import exports
from tests.entrypoints.web.test_restricted import sanctioned
from tests.support.network import Network
from tests.support.visitor import Visitor


async def test_amina_asks_follows_downloads_and_deletes(network: Network, amina: Visitor) -> None:
    await amina.open("/settings/data")
    assert "Make my archive" in amina.html
    await amina.send("/settings/data/archive")
    assert "Your archive is being made." in amina.html and "Make my archive" not in amina.html
    await amina.open("/settings/data/archive.zip", 404)
    await exports.make_waiting(network.db)
    await amina.open("/settings/data")
    assert "Download your archive (" in amina.html and "You can ask for a new one in" in amina.html
    answer = await amina.http.get("/settings/data/archive.zip")
    assert answer.headers["content-disposition"].startswith('attachment; filename="talk.example-')
    assert "outbox.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    rest = await amina.http.get("/settings/data/archive.zip", headers={"range": "bytes=100-"})
    assert rest.status_code == 206 and answer.content[100:] == rest.content
    await amina.open("/settings/data")
    await amina.send("/settings/data/archive/delete")
    await network.work()
    assert "Your archive is deleted." in amina.html and "Download your archive" not in amina.html
    assert [entry async for entry in blobs.current().list("exports")] == []
    await amina.open("/settings/data/archive.zip", 404)


async def test_once_a_day_unless_the_last_one_failed(
    network: Network, amina: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await amina.open("/settings/data")
    await amina.send("/settings/data/archive")
    again = await amina.http.post("/settings/data/archive")
    assert again.status_code == 422 and "is being made already" in again.text
    await exports.make_waiting(network.db)
    again = await amina.http.post("/settings/data/archive")
    assert again.status_code == 422 and "once a day" in again.text


async def test_another_ones_archive_cannot_be_had(network: Network, amina: Visitor, moderator: Visitor) -> None:
    await amina.open("/settings/data")
    await amina.send("/settings/data/archive")
    await exports.make_waiting(network.db)
    await moderator.open("/settings/data/archive.zip", 404)
    [entry] = [entry async for entry in blobs.current().list("exports")]
    assert (await moderator.http.get(f"/media/{entry.key}")).status_code == 404
    stranger = await Visitor(network).http.get("/settings/data/archive.zip")
    assert stranger.status_code in (303, 200) and stranger.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("action", ["suspend", "freeze"])
async def test_suspended_and_frozen_members_may_have_theirs(network: Network, amina: Visitor, action: str) -> None:
    await amina.open("/compose")
    await amina.send("/compose", files={"none": ("", b"")}, text="Before all that")
    await sanctioned(network, amina, "amina", action)
    await amina.open("/settings/data")
    await amina.send("/settings/data/archive")
    await exports.make_waiting(network.db)
    answer = await amina.http.get("/settings/data/archive.zip")
    assert b"Before all that" in zipfile.ZipFile(io.BytesIO(answer.content)).read("outbox.json")


async def test_lists_come_one_by_one_too(amina: Visitor) -> None:
    answer = await amina.http.get("/settings/data/following_accounts.csv")
    assert (
        answer.text.startswith("Account address,Show boosts") and "attachment" in answer.headers["content-disposition"]
    )
    await amina.open("/settings/data/anything.csv", 404)
