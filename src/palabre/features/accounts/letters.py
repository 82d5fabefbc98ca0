"""The letters that members get by mail, in their language."""

from palabre.base import i18n
from palabre.base.db import Conn
from palabre.base.mail import Letter, post
from palabre.settings import current


def _(text: str) -> str:
    """Marks words for translation; they are looked up when the letter is written."""
    return text


_CONFIRM = (
    _("Confirm your address for {network}"),
    _("Hello {name},\n\nplease confirm that this address is yours by opening this link within 7 days:\n\n{link}\n\n"
      "If you did not sign up, do nothing, and you will hear no more."),
)  # fmt: skip
_CHANGE = (
    _("Confirm your new address for {network}"),
    _("Hello {name},\n\nplease confirm that this is your new address by opening this link within 7 days:\n\n{link}"),
)
_CHANGED = (
    _("Your address for {network} is being changed"),
    _("Hello {name},\n\nsomebody who knows your password asked to use another e-mail address for your account.\n"
      "If that was not you, change your password now:\n\n{link}"),
)  # fmt: skip
_RESET = (
    _("A new password for {network}"),
    _("Hello {name},\n\nopen this link within 6 hours to choose a new password:\n\n{link}\n\n"
      "If you did not ask for it, do nothing: your password stays as it is."),
)  # fmt: skip
_PASSWORD_CHANGED = (
    _("Your password for {network} was changed"),
    _("Hello {name},\n\nyour password was changed and you were signed out elsewhere.\n"
      "If that was not you, choose a new one here:\n\n{link}"),
)  # fmt: skip
_TWO_STEPS_ON = (
    _("Signing in to {network} now takes two steps"),
    _("Hello {name},\n\nfrom now on signing in asks for a code from your app as well.\n"
      "If that was not you, choose a new password here:\n\n{link}"),
)  # fmt: skip
_TWO_STEPS_OFF = (
    _("Signing in to {network} takes one step again"),
    _("Hello {name},\n\nsigning in no longer asks for a code from your app.\n"
      "If that was not you, choose a new password here:\n\n{link}"),
)  # fmt: skip
_WELCOME = (
    _("Welcome to {network}"),
    _("Hello {name},\n\nyour account was approved. You can sign in now:\n\n{link}"),
)
_REJECTED = (
    _("Your request to join {network}"),
    _("Hello {name},\n\nyour request to join {network} was not accepted, and what you sent with it has been deleted."),
)


async def confirm(conn: Conn, to: str, locale: str, name: str, secret: str) -> None:
    await _send(conn, to, locale, _CONFIRM, name, f"/confirm/{secret}")


async def confirm_change(conn: Conn, to: str, locale: str, name: str, secret: str) -> None:
    await _send(conn, to, locale, _CHANGE, name, f"/confirm/{secret}")


async def email_changing(conn: Conn, to: str, locale: str, name: str) -> None:
    await _send(conn, to, locale, _CHANGED, name, "/settings/account")


async def reset(conn: Conn, to: str, locale: str, name: str, secret: str) -> None:
    await _send(conn, to, locale, _RESET, name, f"/reset/{secret}")


async def password_changed(conn: Conn, to: str, locale: str, name: str) -> None:
    await _send(conn, to, locale, _PASSWORD_CHANGED, name, "/forgot")


async def two_steps(conn: Conn, to: str, locale: str, name: str, on: bool) -> None:
    await _send(conn, to, locale, _TWO_STEPS_ON if on else _TWO_STEPS_OFF, name, "/forgot")


async def welcome(conn: Conn, to: str, locale: str, name: str) -> None:
    await _send(conn, to, locale, _WELCOME, name, "/sign-in")


async def rejected(conn: Conn, to: str, locale: str, name: str) -> None:
    await _send(conn, to, locale, _REJECTED, name, "/")


async def _send(conn: Conn, to: str, locale: str, words: tuple[str, str], name: str, path: str) -> None:
    translate = i18n.translator(locale).gettext
    filled = {"name": name, "network": current().name, "link": current().link_origin + path}
    subject, text = (translate(part).format(**filled) for part in words)
    await post(conn, Letter(to, subject, text))
