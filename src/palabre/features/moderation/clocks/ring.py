"""Alarms before a case is overdue: each rings once, by notification, mail and webhook."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from palabre.base import clock, i18n, ids, mail
from palabre.base.clock import iso
from palabre.base.db import Conn, Row
from palabre.features import accounts, instance
from palabre.features.moderation import store as core
from palabre.features.moderation.clocks import hooks, rules, store
from palabre.features.moderation.reports import Report
from palabre.features.moderation.telling import tell_of_report
from palabre.settings import current

_WOUND = 500
_RUNG = 1_000
_SHOWN = 10


def N_(words: str) -> str:
    """Marks words for translation."""
    return words


_DUE = N_("@%(name)s: due %(when)s")
_MORE = N_("And %(num)s more: %(url)s")


class Alarm(msgspec.Struct, frozen=True):
    """A case and which of its alarms rings."""

    case: Row
    share: float


async def wind(conn: Conn) -> int:
    """Set the alarms of cases that are new, or whose deadline has changed."""
    rows, now = await store.unwound(conn, _WOUND), clock.now()
    rung = await _rung(conn, rows)
    await store.set_alarms(conn, [(row["id"], _next(row, rung, now)) for row in rows])
    return len(rows)


async def ring(conn: Conn) -> int:
    """Warn of the cases whose alarm is due; how many."""
    now = clock.now()
    last = {lane: await store.last_rang(conn, lane) for lane in rules.GATHERED}
    lanes = [lane for lane, pause in rules.GATHERED.items() if (at := last[lane]) is None or now - at >= pause]
    rows = await store.ringing(conn, now, lanes, _RUNG)
    if not rows:
        return 0
    shares = {
        row["id"]: rules.ringing(row["opened_at"], row["due_at"], current().alarms, now)
        for row in rows
        if row["due_at"]
    }
    noted = [
        (row["id"], row["due_at"], share, row["lane"]) for row in rows if (share := shares.get(row["id"])) is not None
    ]
    news = await store.note_ringing(conn, noted, now) if noted else set()
    rung = await _rung(conn, rows)
    await store.set_alarms(conn, [(row["id"], _next(row, rung, now)) for row in rows])
    alarms = [Alarm(row, share) for row in rows if row["id"] in news and (share := shares[row["id"]]) is not None]
    if alarms:
        await _tell(conn, sorted(alarms, key=lambda one: (one.case["lane"] == "rest", one.case["due_at"])))
    return len(alarms)


async def ring_for_appeals(conn: Conn) -> int:
    """Warn of the appeals that nobody has answered yet; how many. Their cases are decided, so those don't ring."""
    now = clock.now()
    rows = {
        (row["id"], row["due_at"]): Alarm(row, share)
        for row in await store.appeals_waiting(conn, _RUNG)
        if (share := rules.ringing(row["opened_at"], row["due_at"], current().alarms, now)) is not None
    }
    if not rows:
        return 0
    noted = [(case_id, due_at, one.share, one.case["lane"]) for (case_id, due_at), one in rows.items()]
    news = await store.note_ringing(conn, noted, now)
    alarms = [one for one in rows.values() if one.case["id"] in news]
    if alarms:
        await _tell(conn, alarms)
    return len(alarms)


async def _rung(conn: Conn, rows: Sequence[Row]) -> dict[tuple[int, Any], list[float]]:
    found: dict[tuple[int, Any], list[float]] = defaultdict(list)
    for row in await store.rang(conn, [row["id"] for row in rows]):
        found[row["case_id"], row["due_at"]].append(row["share"])
    return found


def _next(row: Row, rung: dict[tuple[int, Any], list[float]], now: Any) -> Any:
    if row["due_at"] is None:
        return None
    return rules.next_alarm(
        row["opened_at"], row["due_at"], current().alarms, rung.get((row["id"], row["due_at"]), ()), now
    )


async def _tell(conn: Conn, alarms: Sequence[Alarm]) -> None:
    names = await accounts.look(conn, {one.case["account_id"] for one in alarms})
    acct = {one.case["id"]: names[one.case["account_id"]].public.acct for one in alarms}
    await hooks.call(conn, "case.alarm", {"cases": [_told(one, acct) for one in alarms[:_RUNG]]})
    pressing = [one for one in alarms if one.case["lane"] != "rest"][:_SHOWN] or alarms[:1]
    told = {one.case["id"]: [Report.of(row) for row in await core.reports_in(conn, one.case["id"])] for one in pressing}
    network = (await instance.about(conn)).name
    for person in await store.staff(conn):
        mine = [one for one in alarms if one.case["account_id"] != person["account_id"]]
        for one in pressing:
            if one in mine and (reports := told[one.case["id"]]):
                more = {"alarm": one.share, "case_id": str(one.case["id"]), "due_at": iso(one.case["due_at"])}
                await tell_of_report(conn, person["account_id"], reports[-1], about_id=ids.new(), more=more)
        if mine and person["email"]:
            await mail.post(conn, _letter(person, mine, acct, network))


def _told(one: Alarm, acct: dict[int, str]) -> dict[str, Any]:
    case = one.case
    return {
        "id": str(case["id"]),
        "url": _url(case["id"]),
        "acct": acct[case["id"]],
        "lane": case["lane"],
        "due_at": iso(case["due_at"]),
        "share": one.share,
        "overdue": case["due_at"] <= clock.now(),
    }


def _letter(person: Row, alarms: Sequence[Alarm], acct: dict[int, str], network: str) -> mail.Letter:
    lang = person["locale"]
    say = i18n.translator(lang)
    values = {"network": network, "num": len(alarms)}
    lines = [
        say.gettext(_DUE) % {"name": acct[one.case["id"]], "when": i18n.relative(one.case["due_at"], lang, clock.now())}
        + f"\n{_url(one.case['id'])}"
        for one in alarms[:_SHOWN]
    ]
    if len(alarms) > _SHOWN:
        more = {"num": i18n.number(len(alarms) - _SHOWN, lang), "url": f"{current().link_origin}/moderation?order=due"}
        lines.append(say.gettext(_MORE) % more)
    subject = say.ngettext("A case is due on %(network)s", "%(num)s cases are due on %(network)s", len(alarms))
    return mail.Letter(person["email"], subject % values, "\n\n".join(lines))


def _url(case_id: int) -> str:
    return f"{current().link_origin}/moderation/cases/{case_id}"
