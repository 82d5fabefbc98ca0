"""The rules of names, addresses and passwords: pure functions. Each raises Refused naming the field."""

from email_validator import EmailNotValidError, validate_email

from palabre.base.errors import Refused

ROLES = ("member", "moderator", "owner")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1_000
LONGEST_REASON = 500
LONGEST_EMAIL = 320

#: Names that would pass for the network itself or for a page of it.
_RESERVED = """about abuse admin administrator announcements api app auth bot contact everyone explore federation health help
    home hostmaster info instance mail media mod moderation moderator moderators news nobody noreply notifications
    oauth official own owner palabre policy postmaster privacy root rules search security settings staff static
    status support system team terms user users webmaster welcome well-known www"""
RESERVED = frozenset(_RESERVED.split())


def check_free_name(username: str) -> None:
    """Whether a member may choose this name; its letters are checked where the account is made."""
    if username.lower().strip("_.-") in RESERVED:
        raise Refused("is reserved", field="username", code="reserved")


def normal_email(email: str) -> str:
    """The address as it is kept and compared."""
    if len(email) > LONGEST_EMAIL:
        raise Refused("is not a valid e-mail address", field="email", code="invalid")
    try:
        found = validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise Refused("is not a valid e-mail address", field="email", code="invalid") from error
    return found.normalized.lower()


def check_password(password: str, *own: str) -> None:
    """`own`: the member's name and address, which make no password."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"is too short (minimum is {SHORTEST_PASSWORD} characters)", field="password", code="too_short")
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"is too long (maximum is {LONGEST_PASSWORD} characters)", field="password", code="too_long")
    if len(set(password)) == 1 or password.lower() in {name.lower() for name in own}:
        raise Refused("is too easy to guess", field="password", code="weak")


def check_role(role: str) -> None:
    if role not in ROLES:
        raise Refused(f"must be one of {', '.join(ROLES)}", field="role", code="inclusion")
