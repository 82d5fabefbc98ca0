"""A running network seals what happens; killed and started again it goes on; and a tampered log is found from outside."""

import asyncio
import json
from pathlib import Path

import pytest

from palabre.base.db import Database
from palabre.base.postgres import prepare
from tests.support.running import Running, until

pytestmark = pytest.mark.journey


def test_what_happens_is_sealed_by_itself_and_a_tampered_log_is_found(tmp_path: Path) -> None:
    kept = tmp_path / "seals.json"
    with Running(tmp_path / "data", PALABRE_SEAL_ENTRIES="1") as network:
        tokens = {}
        for name, role in (("alice", "member"), ("bob", "member"), ("carol", "moderator")):
            made = network.command(
                "account", "create", name, "--email", f"{name}@mail.example", "--role", role, "--password-stdin",
                given="green garden\n",
            )  # fmt: skip
            assert made.returncode == 0, made.stderr
            scopes = "read write admin:read admin:write"
            tokens[name] = network.command("account", "token", name, "--scopes", scopes).stdout.strip()
        with network.http() as http:
            as_ = {name: {"authorization": f"Bearer {token}"} for name, token in tokens.items()}
            post = http.post("/api/v1/statuses", headers=as_["alice"], json={"status": "Something rude"}).json()
            about = {"account_id": post["account"]["id"], "status_ids": [post["id"]]}
            assert http.post("/api/v1/reports", headers=as_["bob"], json=about).status_code == 200
            (case,) = http.get("/api/palabre/v1/cases", headers=as_["carol"]).json()
            ruling = {"action": "remove", "reason": "An insult.", "law": "Section 185", "terms": True}
            decided = http.post(f"/api/palabre/v1/cases/{case['id']}/decide", headers=as_["carol"], json=ruling)
            assert decided.status_code == 200, decided.text
            until(lambda: len(http.get("/api/palabre/v1/moderation-log").json()["entries"]) == 1)
            kept.write_text(http.get("/api/palabre/v1/moderation-log/seals").text)
        network.kill()
        network.start()
        good = network.command("log", "verify", "--seals", str(kept), "--json")
        assert good.returncode == 0, good.stdout + good.stderr
        pack = tmp_path / "pack.zip"
        assert network.command("pack", "make", "--case", case["id"], "--out", str(pack)).returncode == 0
        assert network.command("pack", "verify", str(pack)).returncode == 0
        with network.http() as http:
            before = len(json.loads(kept.read_text())["seals"])
            assert len(http.get("/api/palabre/v1/moderation-log/seals").json()["seals"]) >= before, "nothing is lost"

        async def tamper() -> None:
            db = Database(prepare(network.folder).dsn, most=2)
            async with db.transaction() as conn:
                await conn.execute("SET LOCAL session_replication_role = replica")
                await conn.execute("UPDATE case_events SET data = replace(data, 'insult', 'trifle')")
            await db.close()

        asyncio.run(tamper())
        bad = network.command("log", "verify", "--seals", str(kept))
        assert bad.returncode == 1
        assert f"case {case['id']}, entry 3: the entry was changed" in bad.stdout
