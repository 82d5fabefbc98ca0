"""/api/v1/admin/measures, dimensions and retention: figures, counted when asked."""

from datetime import date, datetime
from typing import Any

from starlette.responses import Response

from palabre.base import i18n
from palabre.base.errors import Refused
from palabre.base.fold import tag_key
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.edge import Request, Routes
from palabre.features.moderation import figures
from palabre.features.moderation.figures import Measure, Size

routes = Routes()
READ = "admin:read"
_NAMES = {"palabre": "Palabre", "postgresql": "PostgreSQL", "python": "Python", "media": "Media"}


@routes.post("/api/v1/admin/measures", scope=READ)
async def measures(request: Request) -> Response:
    """So many a day between `start_at` and `end_at`, for each of `keys`; `tag_…[id]` and `instance_…[domain]` say of which."""
    first, last = _period(request)
    found = [
        await figures.measure(request.conn, request.me, key, first, last, _subject(request, key))
        for key in _keys(request)
    ]
    return json([_measure(one) for one in found])


@routes.post("/api/v1/admin/dimensions", scope=READ)
async def dimensions(request: Request) -> Response:
    """What there is most of between `start_at` and `end_at`, for each of `keys`, at most `limit` of each."""
    first, last = _period(request)
    limit = request.page(10, 100).limit
    answer = []
    for key in _keys(request):
        subject = _subject(request, key)
        found = await figures.dimension(request.conn, request.me, key, first, last, subject, limit)
        answer.append({"key": key, "data": [_size(key, one) for one in found]})
    return json(answer)


@routes.post("/api/v1/admin/retention", scope=READ)
async def retention(request: Request) -> Response:
    """Of those who joined in the same day or month (`frequency`), how many were here in each later one."""
    first, last = _period(request)
    found = await figures.retention(request.conn, request.me, first, last, request.text("frequency") or "day")
    return json(
        [
            {
                "period": _midnight(cohort.period),
                "frequency": cohort.frequency,
                "data": [
                    {"date": _midnight(share.at), "rate": share.rate, "value": str(share.members)}
                    for share in cohort.shares
                ],
            }
            for cohort in found
        ]
    )


def _keys(request: Request) -> list[str]:
    keys = list(dict.fromkeys(request.listed("keys")))
    if not keys or len(keys) > 30:
        raise Refused("can't be blank", field="keys", code="blank")
    return keys


def _period(request: Request) -> tuple[date, date]:
    return _day(request, "start_at"), _day(request, "end_at")


def _day(request: Request, name: str) -> date:
    try:
        return datetime.fromisoformat(request.text(name)).date()
    except ValueError as error:
        raise Refused("must be a date", field=name, code="invalid") from error


def _subject(request: Request, key: str) -> str:
    """Clients name it in an object called as the key: `tag_uses[id]`, `instance_accounts[domain]`."""
    said: Any = request.params.get(key)
    found = str(said.get("id") or said.get("domain") or "") if isinstance(said, dict) else ""
    if not found and key.startswith(("tag_", "instance_")):
        raise Refused("must say of what", field=key, code="blank")
    return tag_key(found) if key.startswith("tag_") else found.lower()


def _measure(one: Measure) -> dict[str, object]:
    return {
        "key": one.key,
        "unit": one.unit,
        "total": str(one.total),
        "previous_total": str(one.previous),
        "data": [{"date": _midnight(day), "value": str(value)} for day, value in one.days],
    }


def _size(dimension: str, one: Size) -> dict[str, object]:
    shown: dict[str, object] = {"key": one.key, "human_key": _human(dimension, one.key), "value": str(one.value)}
    if one.unit:
        shown |= {"unit": one.unit, "human_value": f"{int(one.value) / 1024**2:,.1f} MB"}
    return shown


def _human(dimension: str, key: str) -> str:
    if dimension.endswith("languages"):
        return i18n.language_name(key, "en") if key else "Not known"
    if dimension == "sources":
        return key or "Web pages"
    return _NAMES.get(key, key)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"
