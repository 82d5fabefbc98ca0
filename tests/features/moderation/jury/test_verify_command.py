"""palabre jury: computing a draw again from a file, on any machine."""

import json
from pathlib import Path

from typer.testing import CliRunner

from palabre.entrypoints.cli import app
from palabre.features.moderation.canonical import canonical, digest
from palabre.features.moderation.jury.draw import Lot, commitment

SEED = b"s" * 32


def document() -> dict[str, object]:
    pool = {f"{number:016x}": 1 + number % 2 for number in range(30)}
    lot, drawn = Lot(SEED, 9, pool, 6, 4), list[str]()
    while len(drawn) < 6:
        drawn.append(str(lot.draw(drawn, drawn, set())))
    return {
        "panel": "9",
        "state": "closed",
        "commitment": commitment(SEED).hex(),
        "seed": SEED.hex(),
        "seats": 6,
        "votes": 4,
        "pool_sha256": digest(canonical(pool)).hex(),
        "pool": pool,
        "passed_over": [],
        "drawn": [{"seat": seat, "juror": juror, "replaces": None} for seat, juror in enumerate(drawn, 1)],
    }


def verify(path: Path, content: str) -> tuple[int, str]:
    path.write_text(content)
    done = CliRunner().invoke(app, ["jury", "verify", str(path)])
    return done.exit_code, done.output


def test_a_true_draw_passes_and_a_swapped_juror_is_named(tmp_path: Path) -> None:
    found = document()
    assert verify(tmp_path / "draw.json", json.dumps(found)) == (0, "The draw is as it had to be.\n")
    found["drawn"][0]["juror"], found["drawn"][1]["juror"] = (  # type: ignore[index]
        found["drawn"][1]["juror"],  # type: ignore[index]
        found["drawn"][0]["juror"],  # type: ignore[index]
    )
    code, said = verify(tmp_path / "draw.json", json.dumps(found))
    assert code == 1 and "seat 1 was" in said


def test_what_is_no_draw_is_said_to_be_none(tmp_path: Path) -> None:
    for content in ("", "[]", "{}", '{"panel": 1}', '{"drawn": 5}'):
        code, said = verify(tmp_path / "draw.json", content)
        assert code == 1 and "Traceback" not in said
    odd = document() | {"seed": "zz"}
    code, _ = verify(tmp_path / "draw.json", json.dumps(odd))
    assert code == 1
    assert CliRunner().invoke(app, ["jury", "verify", "nowhere.json"]).exit_code == 1
