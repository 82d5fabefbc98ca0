"""A post opened as its author: as clients get it, as a page, and the files that belong to it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from palabre.app import App
from palabre.base.db import Database
from palabre.entrypoints.web.session import COOKIE
from palabre.features import accounts, instance
from palabre.features.accounts.tokens import SESSION_SCOPES
from palabre.features.portability.drill.sampling import Authored
from palabre.settings import current
from palabre.trial.asking import Answer, ask


class Unopened(Exception):
    """In words: what did not open, and how it answered."""


class Lacking(Unopened):
    """The post is there, a file of it isn't."""


class _Attachment(msgspec.Struct):
    url: str | None = None
    preview_url: str | None = None


class _Status(msgspec.Struct):
    id: str
    content: str
    media_attachments: list[_Attachment] = []


async def open_post(app: App, db: Database, post: Authored) -> int:
    """How many files came with it. Raises Unopened."""
    async with db.transaction() as conn:
        token = await accounts.grant(conn, post.author_id, SESSION_SCOPES)
        terms = (await instance.about(conn)).terms_in_force
        if terms:
            await accounts.accept_terms(conn, post.author_id, terms)  # it is the post that is looked at, not him
    bearer, cookie = {"authorization": f"Bearer {token}"}, {"cookie": f"{COOKIE}={token}"}
    where = f"/api/v1/statuses/{post.post_id}"
    told = _there(await ask(app, where, bearer), where)
    try:
        status = msgspec.json.decode(told.body, type=_Status)
    except msgspec.DecodeError as error:
        raise Unopened(f"{where} is no status: {error}") from error
    page = f"/@{post.username}/{post.post_id}"
    if str(post.post_id).encode() not in _there(await ask(app, page, cookie), page).body:
        raise Unopened(f"{page} shows another post")
    files = list(_files(status))
    for file in files:
        answer = await ask(app, file, cookie)
        if answer.status != 200 or not answer.body:
            raise Lacking(f"{urlsplit(file).path} answered {answer.status} with {len(answer.body)} bytes")
    return len(files)


def _files(status: _Status) -> Iterator[str]:
    """The addresses here of what is attached."""
    for attached in status.media_attachments:
        for url in dict.fromkeys(filter(None, (attached.url, attached.preview_url))):
            if url.startswith(f"{current().origin}/"):
                yield url


def _there(answer: Answer, address: str) -> Answer:
    if answer.status != 200:
        raise Unopened(f"{address} answered {answer.status}")
    return answer
