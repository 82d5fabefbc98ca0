"""Forms that come back with what was typed, and what is wrong with it in the reader's language beside the field."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from starlette.responses import Response

from palabre.base import i18n
from palabre.base.errors import Refused
from palabre.base.images.sniffing import IMAGE_REFUSALS, ImageRefused
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web.complaints import COMPLAINTS, SUSPENDED
from palabre.entrypoints.web.pages import language, words
from palabre.features.moderation.notices.senders import SenderSuspended

Errors = dict[str, str]
Show = Callable[[Request, Errors], Awaitable[Response]]
_KEPT = "form"


class Form(NamedTuple):
    """How to show a form again. `names`: what its fields are called, where the feature calls them otherwise."""

    show: Show
    names: dict[str, str]
    default: str


def ask_again(request: Request, show: Show, *, default: str = "form", **names: str) -> None:
    """From here on, what is refused brings the form back (its transaction undone). `default`: where to say what concerns
    no field in particular.
    """
    request.state[_KEPT] = Form(show, names, default)


def to_ask_again(request: Request) -> Form | None:
    found = request.state.get(_KEPT)
    return found if isinstance(found, Form) else None


async def again(request: Request, form: Form, why: Refused) -> Response:
    """The form once more, saying why."""
    field = form.names.get(why.field or "", why.field or form.default)
    return await form.show(request, {field: complaint(request, why)})


def complaint(request: Request, why: Refused) -> str:
    """What was refused, in the reader's language."""
    _ = words(request)
    if isinstance(why, ImageRefused):
        return str(_(IMAGE_REFUSALS[why.code]).format(**why.values))
    if isinstance(why, SenderSuspended):
        until = i18n.moment(why.until, language(request))
        return f"{_(SUSPENDED) % {'until': until}} {why.reason}"
    said = COMPLAINTS.get((why.field, why.code)) or COMPLAINTS.get((None, why.code))
    return str(_(said or why.message))


def typed(request: Request) -> dict[str, str]:
    """What was sent, to show it again; never a password."""
    return {name: value for name, value in request.params.items() if isinstance(value, str) and "password" not in name}
