"""Small things that a browser keeps for us in a cookie. It could have written them itself: nothing rests on them."""

import base64
import binascii
from typing import TypeVar

import msgspec
from starlette.responses import Response

from palabre.entrypoints.edge import Request
from palabre.settings import current

T = TypeVar("T")


def keep_value(response: Response, name: str, value: object, seconds: int) -> None:
    encoded = base64.urlsafe_b64encode(msgspec.json.encode(value)).decode()
    response.set_cookie(
        name, encoded, max_age=seconds, path="/", httponly=True, samesite="lax", secure=current().secure
    )


def kept_value(request: Request, name: str, shape: type[T]) -> T | None:
    kept = request.http.cookies.get(name)
    if not kept:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(kept), type=shape)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None
