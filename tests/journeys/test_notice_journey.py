"""A host writes: 98 addresses, 24 hours. Each is found, decided and answered in time, and nothing is done twice."""

import asyncio
import csv
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from palabre.base import mail
from palabre.base.paging import Page
from palabre.features.moderation import notices
from palabre.features.moderation.notices import Line, Original, Sent
from palabre.settings import Settings
from tests.support.network import Network
from tests.support.notices import url
from tests.support.order import STAFF_SCOPES, caller, decides, deletes, reports
from tests.support.people import Person
from tests.support.post_box import PostBox

HOST = "abuse@host.example"


class Shell:
    """The `palabre` command in a process of its own, on the network under test."""

    def __init__(self, settings: Settings) -> None:
        self.env = os.environ | {
            "PALABRE_DATA": str(settings.data),
            "PALABRE_DATABASE_URL": settings.database_url.get_secret_value(),
            "PALABRE_PUBLIC_URL": settings.public_url,
        }

    async def types(self, *words: str, expect: int = 0) -> str:
        command = [sys.executable, "-m", "palabre", *words]
        done = await asyncio.to_thread(
            subprocess.run, command, env=self.env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


async def test_a_list_of_98_addresses_is_decided_and_answered(
    network: Network, configured: Settings, alice: Person, bob: Person, carol: Person, dan: Person, tmp_path: Path
) -> None:
    box = PostBox()
    mail.use(box)
    plain = [await (alice, bob)[n % 2].says(f"Plain number {n}") for n in range(82)]
    edited = [await alice.says(f"Kill number {n}") for n in range(3)]
    for post in edited:
        await alice.put(f"/api/v1/statuses/{post['id']}", status="Harmless, now")
    same = await bob.says("Four times the same")
    deleted = [await bob.says(f"Deleted number {n}") for n in range(6)]
    await reports(dan, bob, *deleted[:3])
    await decides(carol, (await carol.get("/api/palabre/v1/cases"))[0], "dismiss")
    for post in deleted:
        await deletes(network, bob, post)
    addresses = [url(post) for post in (*plain, *edited, *deleted)] + [url(same)] * 4
    addresses += ["https://elsewhere.example/@eve/1", "https://elsewhere.example/@eve/2", "not an address"]
    assert len(addresses) == 98
    table = tmp_path / "list.csv"
    table.write_text("Content URL;Reason\n" + "".join(f"{each};incitement\n" for each in addresses), "cp1252")

    shell, report = Shell(configured), tmp_path / "report.csv"
    command = ("notices", "import", str(table), "--source", "host", "--from", "The Host", "--email", HOST)
    said = await shell.types(*command, "--report", str(report), expect=3)
    assert "98 lines" in said
    lines = list(csv.DictReader(report.open(encoding="utf-8")))
    assert [line["url"] for line in lines] == addresses
    assert Counter(line["problem"] for line in lines) == {"": 92, "deleted": 3, "elsewhere": 2, "malformed": 1}
    assert Counter(line["remarks"] for line in lines if line["remarks"]) == {"edited": 3, "deleted": 3, "repeated": 3}
    assert "came in before" in await shell.types(*command, expect=3)
    await shell.types("notices", "import", str(table), "--source", "neighbour", expect=1)
    await shell.types("notices", "import", str(tmp_path / "nowhere.csv"), "--source", "host", expect=1)
    await network.work()
    assert len(box.to(HOST)) == 1

    cases = [one for page in range(2) for one in await _cases(carol, page)]
    assert len(cases) == 89 and {one["reports_count"] for one in cases} == {1}
    for one in cases:
        kept = (await carol.get(f"/api/palabre/v1/cases/{one['id']}"))["snapshots"][-1]
        await decides(carol, one, "dismiss" if "Plain" in kept["text"] else "remove")
    await network.work()
    mail.use(None)

    async with network.db.reading() as conn:
        by = await caller(network, carol)
        (notice,) = await notices.closed(conn, by, Page())
        notice = await notices.notice(conn, by, notice.id)
    assert notice.unanswered == 0 and notice.closed_at and notice.told_at
    assert all(line.answered and line.answered_at and line.answered_at <= notice.due_at for line in notice.lines)
    assert (notice.due_at - notice.received_at).total_seconds() == 24 * 3600
    assert Counter(line.decision.action if line.decision else line.problem for line in notice.lines) == {
        "dismiss": 82,
        "remove": 3 + 3 + 4,
        "deleted": 3,
        "elsewhere": 2,
        "malformed": 1,
    }
    _, outcome = box.to(HOST)
    assert all(each in outcome.text for each in addresses) and f"/notice/{notice.secret}" in outcome.text
    await _goes_back_with_proof(network, shell, notice.id, addresses, tmp_path)
    status = await network.stranger().get(f"/api/palabre/v1/notices/{notice.secret}")
    assert {item["state"] for item in status["items"]} == {"decided", "answered"}


async def _goes_back_with_proof(
    network: Network, shell: Shell, notice_id: int, addresses: list[str], folder: Path
) -> None:
    """The pack of the whole notice, checked offline with the published key; a changed byte is found."""
    pack, key = folder / "evidence.zip", folder / "key.pem"
    await shell.types("pack", "make", "--notice", str(notice_id), "--out", str(pack))
    key.write_text((await network.stranger().request("GET", "/.well-known/palabre-signing-key.pem")).text)
    assert "All fits" in await shell.types("pack", "verify", str(pack), "--key", str(key))
    with zipfile.ZipFile(pack) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(files["notice.json"])
    assert [line["url"] for line in told["lines"]] == addresses
    assert all(line["answer"] and line["answered_at"] and line["in_time"] for line in told["lines"])
    assert sum(line["case"] is not None for line in told["lines"]) == 92
    assert all(f"cases/{line['case']}.json" in files for line in told["lines"] if line["case"])
    files["notice.json"] = files["notice.json"].replace(b'"remove"', b'"rem0ve"', 1)
    with zipfile.ZipFile(pack, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert "notice.json was changed" in await shell.types("pack", "verify", str(pack), "--key", str(key), expect=1)


async def _cases(carol: Person, page: int) -> Any:
    """Page by page, newest first."""
    first = await carol.get("/api/palabre/v1/cases", limit=50)
    return first if page == 0 else await carol.get("/api/palabre/v1/cases", limit=50, max_id=first[-1]["id"])


async def test_broken_off_it_goes_on_where_it_was(network: Network, alice: Person, carol: Person) -> None:
    said = [await alice.says(f"Number {n}") for n in range(60)]
    lines = [Line(url(post)) for post in said]
    sent = Sent("host", lines, email=HOST, original=Original("list.txt", b"the same bytes"))

    def breaks_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await notices.take_in(network.db, sent, breaks_off)
    async with network.db.reading() as conn:
        states = await conn.rows("SELECT state, count(*) AS lines FROM notice_items GROUP BY state ORDER BY state")
        waits = await conn.value("SELECT count(*) FROM duties WHERE kind LIKE '%file_rest' AND run_at > now()")
    assert [(row["state"], row["lines"]) for row in states] == [("filed", 25), ("waiting", 35)]
    assert waits == 1, "the workers would go on with it too"
    again = await notices.take_in(network.db, sent)
    assert again.again
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM notice_items WHERE state = 'filed'") == 60
        assert await conn.value("SELECT count(*) FROM reports") == 60
        assert await conn.value("SELECT count(*) FROM notices") == 1
