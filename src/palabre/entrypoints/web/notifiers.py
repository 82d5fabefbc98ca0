"""/moderation/notifiers: who has a key, how theirs came out, and what is done about those who abuse notices."""

from types import SimpleNamespace

from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.community import check_owner, check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.notices import CATEGORIES
from palabre.entrypoints.web.pages import Flash, Undo, back, language, page, words
from palabre.features.moderation import notices
from palabre.features.moderation.notices import senders

routes = Routes()


@routes.get("/moderation/notifiers", scope="session")
async def overview(request: Request) -> Response:
    """Hosts, stores, authorities and trusted flaggers; and senders to be warned or suspended."""
    check_staff(request)
    return await _overview(request, {})


async def _overview(request: Request, errors: Errors, key: str = "") -> Response:
    found = await notices.notifiers(request.conn, request.me)
    watched = await senders.to_watch(request.conn, request.me)
    areas = {kept: shown for shown, kept in CATEGORIES.items()}
    return await page(
        request,
        "moderation/notifiers.html",
        status=422 if errors else 200,
        notifiers=[
            SimpleNamespace(
                id=one.id,
                kind=one.kind,
                name=one.name,
                email=one.email,
                areas=[areas.get(area, "other") for area in one.areas],
                revoked=one.revoked_at is not None,
                record=record(one.record),
                created_at=one.created_at,
            )
            for one in found
        ],
        watched=[_watched(one) for one in watched],
        areas=list(CATEGORIES),
        values=typed(request) | {"areas": request.listed("areas")},
        errors=errors,
        key=key,
    )


def _watched(one: notices.Sender) -> SimpleNamespace:
    return SimpleNamespace(
        sender=one.sender,
        name=one.name,
        proposed=one.proposed,
        warned_at=one.warned_at,
        suspended_until=one.suspended_until,
        record=record(one.record),
        measures=one.measures,
    )


def record(found: dict[str, int]) -> SimpleNamespace:
    return SimpleNamespace(**{name: found.get(name, 0) for name in ("acted", "dismissed", "unfounded")})


@routes.post("/moderation/notifiers", scope="session")
async def issue(request: Request) -> Response:
    """Take in a notifier; his key is shown this once."""
    check_owner(request)
    ask_again(request, _overview, default="name")
    _, key = await notices.issue(
        request.conn,
        request.me,
        request.text("kind"),
        request.text("name"),
        request.text("email"),
        [CATEGORIES.get(area, "") for area in request.listed("areas")],
        language(request),
    )
    request.params = {}
    return await _overview(request, {}, key)


@routes.post("/moderation/notifiers/{id}/renew", scope="session")
async def renew(request: Request) -> Response:
    """Another key; the one before opens nothing any more."""
    check_owner(request)
    return await _overview(request, {}, await notices.renew(request.conn, request.me, request.id()))


@routes.post("/moderation/notifiers/{id}/revoke", scope="session")
async def revoke(request: Request) -> Response:
    """Withdraw a notifier's key."""
    check_owner(request)
    await notices.revoke(request.conn, request.me, request.id())
    _ = words(request)
    return back(request, "/moderation/notifiers", Flash("done", _("The key opens nothing any more.")))


@routes.post("/moderation/senders", scope="session")
async def measure(request: Request) -> Response:
    """Warn a sender, suspend him for a time after a warning, or take it back; always with a reason that he reads."""
    check_staff(request)
    ask_again(request, _overview, default="reason", days="reason", sender="reason")
    sender, reason = request.text("sender"), request.text("reason")
    _ = words(request)
    if request.text("do") == "suspend":
        days = request.text("days")
        await senders.suspend(request.conn, request.me, sender, reason, float(days) if days.isdecimal() else 0)
        told = _("Suspended for a time. He is told by mail.")
    elif request.text("do") == "lift":
        await senders.lift(request.conn, request.me, sender, reason)
        return back(request, "/moderation/notifiers", Flash("done", _("Taken back. He is told by mail.")))
    else:
        await senders.warn(request.conn, request.me, sender, reason)
        told = _("Warned. He is told by mail.")
    undo = Undo("/moderation/senders", {"do": "lift", "sender": sender, "reason": _("This was a mistake.")})
    return back(request, "/moderation/notifiers", Flash("done", told, undo))
