"""/moderation/blocks: addresses, providers of e-mail and mailboxes that are kept out."""

from starlette.responses import Response

from palabre.base.paging import Page
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features.accounts import barred

routes = Routes()
HOME = "/moderation/blocks"
_SHOWN = Page(200)
_DAY = 86_400


@routes.get(HOME, scope="session")
async def show(request: Request) -> Response:
    """Who is kept out, and the forms to keep more out."""
    return await _show(request, {})


async def _show(request: Request, errors: Errors) -> Response:
    check_staff(request)
    return await page(
        request,
        "moderation/blocks.html",
        status=422 if errors else 200,
        ips=await barred.ip_blocks(request.conn, request.me, _SHOWN),
        providers=[
            (one, sum(day.accounts for day in one.history))
            for one in await barred.email_domains(request.conn, request.me, _SHOWN)
        ],
        mailboxes=await barred.mailboxes(request.conn, request.me, _SHOWN),
        values=typed(request),
        errors=errors,
    )


@routes.post(HOME + "/ips", scope="session")
async def block_ip(request: Request) -> Response:
    """Keep an address or range out, for some days or until lifted."""
    check_staff(request)
    ask_again(request, _show, default="ip")
    days = request.text("days")
    await barred.block_ip(
        request.conn,
        request.me,
        request.text("ip"),
        request.text("severity"),
        request.text("comment"),
        expires_in=float(days) * _DAY if days in ("1", "7", "30", "365") else None,
        own=request.ip,
    )
    return _saved(request)


@routes.post(HOME + "/ips/{id}/lift", scope="session")
async def unblock_ip(request: Request) -> Response:
    """Let an address or range in again."""
    check_staff(request)
    await barred.unblock_ip(request.conn, request.me, request.id())
    return _saved(request)


@routes.post(HOME + "/providers", scope="session")
async def block_provider(request: Request) -> Response:
    """Take no addresses of a provider any more."""
    check_staff(request)
    ask_again(request, _show, default="provider", domain="provider")
    await barred.block_email_domain(request.conn, request.me, request.text("provider"))
    return _saved(request)


@routes.post(HOME + "/providers/{id}/lift", scope="session")
async def unblock_provider(request: Request) -> Response:
    """Take a provider's addresses again."""
    check_staff(request)
    await barred.unblock_email_domain(request.conn, request.me, request.id())
    return _saved(request)


@routes.post(HOME + "/mailboxes", scope="session")
async def block_mailbox(request: Request) -> Response:
    """Take an address no more; only a hash of it is kept."""
    check_staff(request)
    ask_again(request, _show, default="email")
    await barred.block_mailbox(request.conn, request.me, email=request.text("email"))
    return _saved(request)


@routes.post(HOME + "/mailboxes/{id}/lift", scope="session")
async def unblock_mailbox(request: Request) -> Response:
    """Take an address again."""
    check_staff(request)
    await barred.unblock_mailbox(request.conn, request.me, request.id())
    return _saved(request)


def _saved(request: Request) -> Response:
    _ = words(request)
    return back(request, HOME, Flash("done", _("Saved.")))
