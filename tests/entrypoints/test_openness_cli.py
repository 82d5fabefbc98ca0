"""The commands by which operators and outsiders check what is recorded."""

import asyncio
import json
import re
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from palabre.app import App
from palabre.base import clock
from palabre.base.db import Conn, Database
from palabre.features import accounts
from palabre.features.accounts import SignUp
from palabre.features.moderation import Ruling, decide, log, report, transparency
from tests.entrypoints.test_cli import Operator, operator
from tests.support.network import Network
from tests.support.order import caller

__all__ = ["operator"]


def doing(dsn: str, what: Callable[[Conn], Awaitable[Any]]) -> Any:
    """In a database connection of its own, as somebody who owns the server."""

    async def go() -> Any:
        db = Database(dsn, most=2)
        try:
            async with db.transaction() as conn:
                await conn.execute("SET LOCAL session_replication_role = replica")
                return await what(conn)
        finally:
            await db.close()

    return asyncio.run(go())


@pytest.fixture
def case_id(operator: Operator) -> int:
    """Bob reported Alice, Carol suspended her, all is sealed."""

    async def go() -> int:
        db = Database(operator.dsn, most=2)
        for name, role in (("alice", "member"), ("bob", "member"), ("carol", "moderator")):
            await accounts.add_member(db, SignUp(name, f"{name}@mail.example", "green garden"), role)
        network = Network(App(db))
        async with db.transaction() as conn:
            alice, bob, carol = [await accounts.by_handle(conn, name) for name in ("alice", "bob", "carol")]
            assert alice and bob and carol
            found = await report(conn, bob, alice, category="spam")
            token = await accounts.grant(conn, carol, ("read",))
        by = await caller(network, type("Carol", (), {"token": token})())
        async with db.transaction() as conn:
            await decide(conn, found.case_id, by, Ruling("suspend", reason="Enough of it.", law="Section 1"))
            await log.seal(conn, transparency.publish)
        await db.close()
        return found.case_id

    return asyncio.run(go())


def test_a_tampered_log_is_found_and_said_in_plain_words(operator: Operator, case_id: int, tmp_path: Path) -> None:
    assert "All is as it was written; the newest seal is 1" in operator.types("log", "verify").stdout
    kept = tmp_path / "seals.jsonl"
    kept.write_text(operator.types("log", "seals").stdout)
    operator.types("log", "verify", "--seals", str(kept))
    one = operator.types("log", "verify", "--case", str(case_id), "--json").stdout
    assert json.loads(one)["faults"] == [] and json.loads(one)["newest"]["seq"] == 1

    doing(operator.dsn, lambda conn: conn.execute("UPDATE case_events SET actor_id = 7 WHERE kind = 'decided'"))
    said = operator.types("log", "verify", expect=1).stdout
    assert f"case {case_id}, entry 3: the entry was changed" in said
    doing(operator.dsn, lambda conn: conn.execute("DELETE FROM case_events WHERE seq = 2"))
    assert f"case {case_id}, entry 2: an entry is missing" in operator.types("log", "verify", expect=1).stdout
    for table in ("case_events", "reports", "snapshots", "decisions"):
        doing(operator.dsn, lambda conn, table=table: conn.execute(f"DELETE FROM {table}"))  # type: ignore[misc]
    doing(operator.dsn, lambda conn: conn.execute("DELETE FROM cases"))
    said = operator.types("log", "verify", expect=1).stdout
    assert f"case {case_id}, seal 1: the whole case has vanished" in said
    doing(operator.dsn, lambda conn: conn.execute("DELETE FROM log_seals"))
    assert operator.types("log", "verify").exit_code == 0, "nothing is left that could tell"
    said = operator.types("log", "verify", "--seals", str(kept), expect=1).stdout
    assert "seal 1: was kept outside but is missing here: the seals end at 0" in said


def test_reordered_entries_are_found(operator: Operator, case_id: int) -> None:
    async def swap(conn: Conn) -> None:
        await conn.execute("UPDATE case_events SET seq = 9 WHERE seq = 2")
        await conn.execute("UPDATE case_events SET seq = 2 WHERE seq = 3")
        await conn.execute("UPDATE case_events SET seq = 3 WHERE seq = 9")

    doing(operator.dsn, swap)
    said = operator.types("log", "verify", expect=1).stdout
    assert f"case {case_id}, entry 2: does not follow from the entry before" in said


def test_a_pack_is_made_and_checked_without_the_network(operator: Operator, case_id: int, tmp_path: Path) -> None:
    pack, key = tmp_path / "pack.zip", tmp_path / "key.pem"
    key.write_text(operator.types("signing-key", "show").stdout)
    operator.types("pack", "make", "--case", str(case_id), "--out", str(pack), "--lang", "fr")
    assert "All fits" in operator.types("pack", "verify", str(pack), "--key", str(key)).stdout
    assert "Preuves de" in zipfile.ZipFile(pack).read("report.html").decode()
    operator.types("signing-key", "rotate")
    new = tmp_path / "new.pem"
    new.write_text(operator.types("signing-key", "show").stdout)
    said = operator.types("pack", "verify", str(pack), "--key", str(new), expect=1).stdout
    assert "not the one the network publishes" in said
    operator.types("pack", "make", "--case", "1", "--out", str(pack), expect=1)
    page = tmp_path / "dossier.html"
    operator.types("dossier", "--out", str(page))
    assert operator.types("pack", "verify", str(page), "--key", str(new)).exit_code == 0


def test_figures_and_statements_are_written_and_checked(operator: Operator, case_id: int, tmp_path: Path) -> None:
    today = clock.now().date().isoformat()
    period = ("--from", today, "--to", today)
    figures = json.loads(operator.types("transparency", "report", *period).stdout)
    assert figures["decisions"] == {"suspend": 1} and figures["reports"] == {"member": 1}
    folder, zipped = tmp_path / "tables", tmp_path / "tables.zip"
    for out in (folder, zipped):
        operator.types("transparency", "report", *period, "--csv", str(out))
        operator.types("transparency", "verify", *period, "--csv", str(out))
    table = folder / "5_own_initiative_illegal.csv"
    table.write_bytes(re.sub(rb"TOTAL,,1,", b"TOTAL,,0,", table.read_bytes(), count=1))
    said = operator.types("transparency", "verify", *period, "--csv", str(folder), expect=1).stdout
    assert "5_own_initiative_illegal.csv, line 2" in said
    operator.types("transparency", "report", "--from", "2026-02-01", "--to", "2026-01-01", expect=1)
    out = tmp_path / "statements.json"
    operator.types("transparency", "statements", *period, "--out", str(out))
    (statement,) = json.loads(out.read_text())["statements"]
    assert statement["decision_account"] == "DECISION_ACCOUNT_SUSPENDED" and len(statement["puid"]) == 24
