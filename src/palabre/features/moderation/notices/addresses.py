"""What an address in a notice points to, from its text alone: written by hand, by machines, by mail programs."""

import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

import msgspec

from palabre.base import ids

LONGEST = 2_000
_OPENING, _CLOSING = " \t<([{\"'«“‘`*_", " \t>)]}\"'»”’`*.,;:!?…"
_DEFANGED = ((re.compile(r"^h(?:xx|\*\*)p", re.I), "http"), (re.compile(r"\[\.\]|\(\.\)|\[dot\]", re.I), "."))
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?")
_MOBILE = ("www.", "m.", "mobile.")
_HANDLE = re.compile(r"(?:acct:)?@?([A-Za-z0-9_.-]+)@([A-Za-z0-9.-]+(?::\d+)?)")
_NAME = r"(?P<name>[A-Za-z0-9_.-]+(?:@[A-Za-z0-9.:-]+)?)"
_ID = r"(?P<id>[0-9]+)"
#: Paths of this network, of its API, and those that clients and other servers make of them.
_PATHS = [
    (re.compile(pattern + r"(?:/.*)?"), kind)
    for pattern, kind in (
        (rf"(?:/web|/deck)?/@{_NAME}/{_ID}", "post"),
        (rf"/users/{_NAME}/statuses/{_ID}", "post"),
        (rf"(?:/web|/deck|/api/v[12])?/statuses/{_ID}", "post"),
        (r"/media/(?P<key>[^?#]+)", "file"),
        (rf"(?:/web|/deck|/api/v[12])?/accounts/{_ID}", "account"),
        (rf"(?:/web|/deck)?/@{_NAME}", "account"),
        (rf"/users/{_NAME}", "account"),
    )
]


class Place(msgspec.Struct, frozen=True):
    """`kind`: post, account or file; or nothing, and `problem` says why: malformed, elsewhere, not_found."""

    kind: str = ""
    id: int | None = None
    name: str = ""
    key: str = ""
    problem: str = ""


def place(text: str, ours: Collection[str]) -> Place:
    """`ours`: the hosts of this network, in lower case, with their port where it isn't the usual one."""
    text = tidy(text)
    if text.startswith("acct:") or (text.startswith("@") and "/" not in text):
        return _handle(text, ours)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = _host(parts.hostname or "", parts.port)
    except ValueError:
        return Place(problem="malformed")
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or not _plausible(host, ours):
        return Place(problem="malformed")
    if not _is_ours(host, ours):
        return Place(problem="elsewhere")
    return _path(_plain(parts.path))


def tidy(text: str) -> str:
    """Without what the text around it left on it, and with what was done to it so that nobody clicks undone."""
    text = text.strip().lstrip(_OPENING).rstrip(_CLOSING)[:LONGEST]
    for pattern, meant in _DEFANGED:
        text = pattern.sub(meant, text)
    return unquote(text) if re.match(r"https?%3a", text, re.I) else text


def _host(name: str, port: int | None) -> str:
    name = name.rstrip(".").lower()
    if not name.isascii():
        name = name.encode("idna").decode()
    return f"{name}:{port}" if port not in (None, 80, 443) else name


def _plausible(host: str, ours: Collection[str]) -> bool:
    return "." in host or ":" in host or host in ours


def _is_ours(host: str, ours: Collection[str]) -> bool:
    return host in ours or any(host.startswith(prefix) and host.removeprefix(prefix) in ours for prefix in _MOBILE)


def _plain(path: str) -> str:
    """Decoded, also where it was encoded twice; without doubled slashes."""
    for _ in range(2):
        path = unquote(path)
    return re.sub(r"/{2,}", "/", path)


def _handle(text: str, ours: Collection[str]) -> Place:
    found = _HANDLE.fullmatch(text)
    if not found:
        return Place(problem="malformed")
    name, host = found[1], found[2].lower()
    return Place("account", name=name if _is_ours(host, ours) else f"{name}@{host}")


def _path(path: str) -> Place:
    for pattern, kind in _PATHS:
        if found := pattern.fullmatch(path.rstrip("/" + _CLOSING)):
            said = found.groupdict()
            number = said.get("id")
            if number is not None and ids.parse(number) is None:
                return Place(problem="not_found")
            return Place(kind, int(number) if number else None, said.get("name") or "", said.get("key") or "")
    return Place(problem="not_found")
