"""Reports sent as mail: ARF (RFC 5965), X-ARF in both its forms, lists attached, or addresses in the text."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from html import unescape

from palabre.features.moderation.notices.rules import Line
from palabre.features.moderation.notices.tables import Listed, addresses_in, decoded, read_text

_HEADER = re.compile(rb"\A(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z0-9-]*:[ \t][^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+")
_USUAL = re.compile(rb"^(from|received|mime-version|message-id|return-path|content-type):", re.I | re.M)
#: Of ARF, and of X-ARF as it was written before it became JSON.
_REPORTED = re.compile(r"^(?:Reported-UR[IL]|Source|URL):[ \t]*<?([^\s>]+)", re.I | re.M)
_MOST_PARTS = 200


def is_message(content: bytes) -> bool:
    head = _HEADER.match(content.lstrip())
    return bool(head and len({found.lower() for found in _USUAL.findall(head[0])}) >= 2)


def read(content: bytes) -> Listed:
    """The machine-readable part counts alone where there is one: the text beside it says the same for people."""
    message = email.message_from_bytes(content.lstrip(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    name, address = parseaddr(str(message.get("from", "")))
    comment = str(message.get("subject", ""))
    bodies: list[str] = []
    reported: list[Line] = []
    listed: list[Line] = []
    for part in _parts(message):
        kind, data = part.get_content_type(), _content(part)
        if kind == "message/feedback-report":
            reported += _reported(data)
        elif kind in ("application/json", "text/csv") or _is_attachment(part):
            listed += _attached(data)
        elif kind in ("text/plain", "text/html"):
            bodies.append(_body(data, part, kind))
    lines = reported + listed or addresses_in(bodies[0] if bodies else "") or addresses_in("\n".join(bodies))
    return Listed("mail", lines, name or address, address, comment)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves; what was forwarded as evidence is not gone into: it is about the report, not a report."""
    waiting: list[EmailMessage] = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        kind = part.get_content_type()
        if kind == "message/feedback-report" or not part.is_multipart():
            yield part
        elif part.get_content_maintype() == "multipart":
            waiting[:0] = [child for child in part.get_payload() if isinstance(child, EmailMessage)]


def _content(part: EmailMessage) -> bytes:
    """The fields of a report look like a message's to a mail program, which takes it for a mail in the mail."""
    if part.is_multipart():
        return b"\n".join(inner.as_bytes() for inner in part.get_payload() if isinstance(inner, EmailMessage))
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_attachment(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" and part.get_content_maintype() in ("text", "application")


def _reported(data: bytes) -> list[Line]:
    return [Line(found) for found in _REPORTED.findall(data.decode("utf-8", "replace"))]


def _attached(data: bytes) -> list[Line]:
    text = data.decode("utf-8", "replace")
    if re.search(r"^(?:Report-Type|Source-Type|Schema-URL|User-Agent|Feedback-Type):", text, re.I | re.M):
        return [line for line in _reported(data) if "://" in line.url]
    return list(read_text(decoded(data)).lines)


def _body(data: bytes, part: EmailMessage, kind: str) -> str:
    try:
        text = data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        text = data.decode("latin-1")
    return unescape(re.sub(r"<[^>]*>", " ", text)) if kind == "text/html" else text
