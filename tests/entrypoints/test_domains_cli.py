"""`palabre domains`, as operators use it."""

import asyncio
import json
from pathlib import Path

from palabre.base.db import Database
from tests.entrypoints.test_cli import Operator, operator

__all__ = ["operator"]


def test_measures_by_command(operator: Operator, tmp_path: Path) -> None:
    operator.types("domains", "limit", "Loud.example", "--comment", "Too loud", "--reject-media")
    operator.types("domains", "suspend", "bad.example", "--note", "Ask Bob")
    listed = json.loads(operator.types("domains", "list", "--json").stdout)
    assert [(one["domain"], one["severity"]) for one in listed] == [
        ("bad.example", "suspend"),
        ("loud.example", "limit"),
    ]
    out = tmp_path / "out.csv"
    operator.types("domains", "export", str(out))
    assert "Ask Bob" not in out.read_text() and "loud.example,silence,true,false,Too loud,false" in out.read_text()
    operator.types("domains", "lift", "bad.example")
    operator.types("domains", "lift", "bad.example", expect=1)
    operator.types("domains", "suspend", "no domain", expect=1)
    operator.types("domains", "allow", "good.example")
    operator.types("domains", "disallow", "good.example")
    operator.types("domains", "disallow", "good.example", expect=1)
    assert "as it was written" in operator.types("domains", "verify").stdout
    assert "All is as it was written" in operator.types("log", "verify").stdout

    async def tamper() -> None:
        db = Database(operator.dsn, most=2)
        async with db.transaction() as conn:
            await conn.execute("UPDATE domain_events SET at = at + interval '1 day' WHERE domain = 'bad.example'")
        await db.close()

    asyncio.run(tamper())
    assert "domain bad.example" in operator.types("log", "verify", expect=1).stdout


def test_a_file_is_accounted_for(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("# mine\nbad.example\nBAD.example\nb*d.example\n\nworse.example\n")
    report = json.loads(operator.types("domains", "import", str(file), "--severity", "limit", "--json").stdout)
    assert report["counts"] == {"comment": 1, "added": 2, "duplicate": 1, "obfuscated": 1, "empty": 1}
    assert len(report["lines"]) == 6
    again = operator.types("domains", "import", str(file))
    assert "2 stricter" in again.stdout and "line 4: letters left out: b*d.example" in again.output
    operator.types("domains", "import", str(tmp_path / "missing"), expect=1)
