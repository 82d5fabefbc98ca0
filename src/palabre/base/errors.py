"""What a feature may refuse, in words for the person who asked. Entrypoints turn these into their own formats."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palabre.base.db import Conn


class Refused(Exception):
    """The request cannot be carried out. `message` is for people; `field` names the input at fault, if one is.

    `afterwards`: what is to be written although all else is undone, in a transaction of its own.
    """

    status = 422
    code = "invalid"
    afterwards: "Callable[[Conn], Awaitable[None]] | None" = None

    def __init__(self, message: str, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        if code:
            self.code = code


class NotFound(Refused):
    """Does not exist, or not for this viewer: the two must not be told apart."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "Record not found") -> None:
        super().__init__(message)


class Forbidden(Refused):
    status = 403
    code = "forbidden"

    def __init__(self, message: str = "This action is not allowed", *, code: str | None = None) -> None:
        super().__init__(message, code=code)


class Unauthorized(Refused):
    status = 401
    code = "unauthorized"

    def __init__(self, message: str = "The access token is invalid") -> None:
        super().__init__(message)


class TooMany(Refused):
    """`retry_after` in seconds."""

    status = 429
    code = "too_many_requests"

    def __init__(self, retry_after: float, message: str = "Too many requests") -> None:
        super().__init__(message)
        self.retry_after = retry_after
