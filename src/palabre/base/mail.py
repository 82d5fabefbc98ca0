"""Mail: put into the post with the transaction that wants it sent, sent by a worker, tried again while the server is away."""

from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

import msgspec

from palabre.base.db import Conn, Database
from palabre.base.duties import current_id, errand, put


class Letter(msgspec.Struct, frozen=True):
    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """How this process sends mail."""

    async def send(self, letter: Letter) -> None: ...


class Smtp:
    """`url`: smtp://user:password@host:587 (STARTTLS where offered) or smtps://…:465."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self.tls = parts.scheme == "smtps"
        self.host = parts.hostname or "localhost"
        self.port = parts.port or (465 if self.tls else 587)
        self.username = unquote(parts.username) if parts.username else None
        self.password = unquote(parts.password) if parts.password else None
        self.sender = sender

    async def send(self, letter: Letter) -> None:
        import aiosmtplib

        await aiosmtplib.send(
            self._message(letter),
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.tls,
            timeout=20,
        )

    async def check(self) -> None:
        """Connect and sign in, and send nothing. Raises what goes wrong."""
        import aiosmtplib

        async with aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.tls,
            timeout=10,
        ) as server:
            await server.noop()

    def _message(self, letter: Letter) -> EmailMessage:
        name, address = parseaddr(self.sender)
        message = EmailMessage()
        message["From"] = formataddr((name, address))
        message["To"] = letter.to
        message["Subject"] = " ".join(letter.subject.split())  # a header has one line
        message["Date"] = formatdate()
        message["Message-ID"] = _message_id(address.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message


def _message_id(domain: str) -> str:
    """The same for a letter that is sent again because nobody knows whether it went out: its receiver shows it once."""
    errand_id = current_id()
    return f"<{errand_id}@{domain}>" if errand_id is not None else make_msgid(domain=domain)


_current: Mailer | None = None


def use(mailer: Mailer | None) -> None:
    """Set how this process sends mail; None: not at all."""
    global _current
    _current = mailer


async def post(conn: Conn, letter: Letter) -> None:
    """Have it sent after this transaction; where no mail is configured, nothing happens."""
    if _current is not None:
        await put(conn, send, letter)


@errand
async def send(db: Database, letter: Letter) -> None:
    """A letter that was waiting when mail was switched off is dropped."""
    if _current is not None:
        await _current.send(letter)
