"""Saved answers: what moderators write again and again, kept for all of them."""

import msgspec

from palabre.base import clock, ids
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import rules, store

MOST = 100
LONGEST_NAME = 100
#: What may stand in an answer, to be filled in when it is used.
PLACEHOLDERS = ("name", "rules", "network")


class SavedAnswer(msgspec.Struct, frozen=True):
    id: int
    name: str
    text: str

    def filled(self, **values: str) -> str:
        """With what stands in braces filled in; braces that mean nothing stay."""
        text = self.text
        for name in PLACEHOLDERS:
            text = text.replace(f"{{{name}}}", values.get(name) or f"{{{name}}}")
        return text


async def answers(conn: Conn, by: Caller) -> list[SavedAnswer]:
    """By name."""
    rules.check_staff(by)
    return [SavedAnswer(row["id"], row["name"], row["text"]) for row in await store.answers(conn)]


async def save_answer(conn: Conn, by: Caller, answer_id: int | None, name: str, text: str) -> int:
    """A new one, or another wording of one. Raises Refused, NotFound."""
    rules.check_staff(by)
    name, text = clean(name), rules.check_words("text", clean(text))
    if not name:
        raise Refused("can't be blank", field="name", code="blank")
    if len(name) > LONGEST_NAME:
        raise Refused(f"is too long (maximum is {LONGEST_NAME} characters)", field="name", code="too_long")
    known = await store.answers(conn)
    if answer_id is not None and answer_id not in {row["id"] for row in known}:
        raise NotFound
    if answer_id is None and len(known) >= MOST:
        raise Refused(f"can be at most {MOST}", field="name", code="too_many")
    answer_id = answer_id or ids.new()
    await store.put_answer(conn, answer_id, name, text, by.id, clock.now())
    return answer_id


async def remove_answer(conn: Conn, by: Caller, answer_id: int) -> None:
    """Raises NotFound."""
    rules.check_staff(by)
    if not await store.remove_answer(conn, answer_id):
        raise NotFound
