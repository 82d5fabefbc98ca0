"""How safe the network is, in the owners' eyes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from palabre.features.portability.safekeeping import overview as o
from palabre.features.portability.safekeeping import report
from tests.support import samples as s
from tests.support.pages.shared import page

_NOW = datetime.now(UTC)
_DAY = timedelta(days=1)
_GB = 1000**3


def _run(age: timedelta, **changed: Any) -> o.Run:
    begun = _NOW - age
    values: dict[str, Any] = {
        "destination": "s3://elsewhere/archives",
        "archive": f"{begun:%Y%m%dT%H%M%SZ}-3f9a1c",
        "started_at": begun,
        "finished_at": begun + timedelta(minutes=4),
        "failed_at": None,
        "error": None,
        "rows": 1_845_220,
        "bytes": 21_400_000_000,
        "new_bytes": 310_000_000,
        "media": 48_112,
    }
    return o.Run(**values | changed)


def _plan(destination: str, last: o.Run | None, **changed: Any) -> o.Plan:
    values: dict[str, Any] = {
        "id": 1,
        "encrypted": True,
        "every": _DAY,
        "keep": 14,
        "since": _NOW - 60 * _DAY,
        "next_at": (last.started_at if last else _NOW) + changed.get("every", _DAY),
        "failed": 0,
        "error": "",
    }
    return o.Plan(destination=destination, last=last, **values | changed)


def _drill(age: timedelta, well: bool, **changed: Any) -> o.Drill:
    begun = _NOW - age
    outcome = {"tables": 96, "rows": 1_845_220, "media": 48_112, "posts": 100, "files": 41}
    values: dict[str, Any] = {
        "destination": "s3://elsewhere/archives",
        "archive": f"{begun:%Y%m%dT%H%M%SZ}-3f9a1c",
        "finished_at": begun + timedelta(minutes=9),
        "outcome": outcome,
        "error": None,
    }
    return o.Drill(id=1, started_at=begun, well=well, **values | changed)


def _seen(**changed: Any) -> o.Overview:
    well = _drill(3 * _DAY, True)
    values: dict[str, Any] = {
        "at": _NOW,
        "founded_at": _NOW - 400 * _DAY,
        "few": False,
        "plans": [
            _plan("s3://elsewhere/archives", _run(timedelta(hours=5))),
            _plan("/mnt/other-disk/archives", _run(timedelta(hours=30)), every=7 * _DAY, encrypted=False, keep=4),
        ],
        "by_hand": None,
        "trials": [
            o.Trials("s3://elsewhere/archives", _NOW - 60 * _DAY, well, well, 0),
            o.Trials("/mnt/other-disk/archives", _NOW - _DAY, None, None, 0),
        ],
        "drilling": None,
        "standbys": [o.Standby("quiet-harbour", True, False, 1.4, 61_000, 2)],
        "waits": False,
        "disk": o.Disk("talk.example", "/srv/palabre", 182 * _GB, 400 * _GB),
        "alarms": [],
    }
    return o.Overview(**values | changed)


WELL = _seen()
EMPTY = _seen(plans=[], trials=[], standbys=[], few=True)
WRONG = _seen(
    plans=[
        _plan(
            "s3://elsewhere/archives",
            _run(3 * _DAY),
            failed=3,
            error="The place answered 403: access to s3://elsewhere is denied.",
        )
    ],
    by_hand=_run(12 * _DAY, destination="/root/before-upgrade.tar"),
    trials=[
        o.Trials(
            "s3://elsewhere/archives",
            _NOW - 60 * _DAY,
            _drill(
                2 * _DAY, False, error="3 of 100 posts could not be opened: 2 media are not what the manifest says."
            ),
            _drill(9 * _DAY, True),
            0,
        )
    ],
    standbys=[o.Standby("quiet-harbour", False, True, None, 61_000_000, 31, _NOW - timedelta(hours=2))],
    waits=True,
    disk=o.Disk("talk.example", "/srv/palabre", 1_200_000_000, 400 * _GB),
)


def _page(seen: o.Overview, lang: str = "en") -> Any:
    return page("admin/safekeeping.html", s.moderator, report=report(seen, lang))


safekeeping = {
    "safekeeping": _page(WELL),
    "safekeeping-empty": _page(EMPTY),
    "safekeeping-wrong": _page(WRONG),
    "safekeeping-wrong-french": _page(WRONG, "fr"),
}
