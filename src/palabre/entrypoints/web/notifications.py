"""What happened since one was last here. Seeing the first page is reading it."""

from types import SimpleNamespace

from starlette.responses import Response

from palabre.base.paging import Page
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import paging, present
from palabre.entrypoints.web.pages import back, language, page, words
from palabre.features import accounts, graph, notifications
from palabre.features.accounts import AccountView
from palabre.features.notifications import Groups, GroupView, Selection
from palabre.features.portability import safekeeping

routes = Routes()
_MOST_REQUESTS = 100
_KINDS = {
    "moderation_warning": "moderation",
    "admin.report": "report",
    "admin.sign_up": "follow_request",
    **dict.fromkeys(notifications.OURS, "jury"),
    safekeeping.KIND: "safekeeping",
}


@routes.get("/notifications", scope="member", transaction="writing")
async def browse(request: Request) -> Response:
    """Gathered: many hearts for one post are one line."""
    asked, me = paging.asked(request, 30), request.me
    tab = "mentions" if request.text("tab") == "mentions" else "all"
    read_to = await _read_to(request)
    wanted = Selection(["mention"]) if tab == "mentions" else Selection()
    found = await notifications.browse_groups(request.conn, me.id, asked, wanted)
    heads = [group.newest for group in found.groups]
    if top := paging.at_the_top(asked, request, len(heads)):
        return top
    if heads and tab == "all" and asked.max_id is None and heads[0].id > read_to:
        await notifications.mark(request.conn, me.id, {"notifications": heads[0].id})
    requests = await graph.follow_requests(request.conn, me.id, Page(_MOST_REQUESTS))
    return await page(
        request,
        "notifications.html",
        notifications=await _lines(request, found, read_to),
        tab=tab,
        requests=len(requests.account_ids),
        **paging.ends(asked, request, heads[0].id if heads else None, heads[-1].id if heads else None, len(heads)),
    )


@routes.post("/notifications/read", scope="member", open_to="frozen")
async def read_all(request: Request) -> Response:
    """Nothing is new any more."""
    newest = await notifications.browse(request.conn, request.me.id, Page(1), Selection())
    if newest:
        await notifications.mark(request.conn, request.me.id, {"notifications": newest[0].id})
    return back(request, "/notifications")


async def _read_to(request: Request) -> int:
    marker = (await notifications.markers(request.conn, request.me.id, ["notifications"])).get("notifications")
    return marker.last_read_id if marker else 0


async def _lines(request: Request, found: Groups, read_to: int) -> list[SimpleNamespace]:
    views = [group.newest.post for group in found.groups if group.newest.post]
    shown = await present.posts(request.conn, views, request.viewer_id)
    posts = {view.id: post for view, post in zip(views, shown, strict=True)}
    reported = await accounts.look(request.conn, {about for group in found.groups if (about := _reported(group))})
    lines = []
    for group in found.groups:
        newest = group.newest
        text, href = _official(request, group, reported)
        sender = next((found.accounts[who] for who in group.sample if who in found.accounts), newest.sender)
        lines.append(
            SimpleNamespace(
                kind=_KINDS.get(newest.type, newest.type),
                account=None if text else present.account(sender),
                others=group.count - 1,
                post=posts.get(newest.post.id) if newest.post else None,
                created_at=newest.created_at,
                unread=newest.id > read_to,
                text=text,
                href=href,
            )
        )
    return lines


def _reported(group: GroupView) -> int | None:
    details = group.newest.details
    return int(details["target_account_id"]) if details and "target_account_id" in details else None


def _official(request: Request, group: GroupView, reported: dict[int, AccountView]) -> tuple[str, str]:
    """Word from or for the moderators, and where more of it is to be read."""
    _, newest = words(request), group.newest
    if newest.type == "moderation_warning" and "palabre" in (newest.details or {}):
        return _("A post of yours waits for a moderator."), "/posts/held"
    if newest.type == "moderation_warning":
        return _("The moderators wrote to you."), "/letters"
    if newest.type == "admin.sign_up":
        name = newest.sender.public.acct
        return _("@%(name)s asks to join.") % {"name": name}, "/admin/sign-ups"
    if newest.type == "admin.report":
        target = reported.get(_reported(group) or 0)
        name = target.public.acct if target else "…"
        if newest.details and "alarm" in newest.details:
            late = newest.details["alarm"] == 0
            said = (
                _("Alarm: the case about @%(name)s is overdue.")
                if late
                else _("Alarm: the case about @%(name)s is due soon.")
            )
            return said % {"name": name}, f"/moderation/cases/{newest.details['case_id']}"
        if newest.sender.id == request.viewer_id:
            return _("The moderators answered your report about @%(name)s.") % {"name": name}, "/letters"
        return _("@%(name)s has been reported.") % {"name": name}, "/moderation"
    if newest.type == safekeeping.KIND:
        return safekeeping.notice(newest.details or {}, language(request)), "/admin/safekeeping"
    if newest.type in notifications.OURS:
        return _jury(request, newest.type, newest.details or {})
    return "", ""


def _jury(request: Request, type: str, details: dict[str, str]) -> tuple[str, str]:
    _ = words(request)
    said = {
        "palabre.jury.drawn": _("You were drawn for a jury."),
        "palabre.jury.waiting": _("A jury waits for your vote."),
        "palabre.jury.closed": _("A jury has come to an end."),
    }[type]
    if "case" in details:
        return said, f"/moderation/cases/{details['case']}"
    return said, f"/jury/panels/{details['panel']}/ballot"
