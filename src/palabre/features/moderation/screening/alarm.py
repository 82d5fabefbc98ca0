"""Telling the staff by mail that a rule is off or doesn't work."""

import msgspec

from palabre.base import i18n, mail
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.features import instance
from palabre.features.moderation.actions import N_
from palabre.features.moderation.screening import store
from palabre.features.moderation.screening.model import readable
from palabre.settings import current

_DISARMED = N_("The rule “%(title)s” has switched itself off")
_DISARMED_BODY = N_(
    "It was put in force lately and hit %(hits)s of %(posts)s posts on %(network)s: more than a rule can be meant to. It "
    "does nothing until somebody tries it again and switches it on."
)
_TROUBLE = N_("The rule “%(title)s” does not work as it should")
_TROUBLE_BODY = N_("On %(network)s it was passed over, so that nobody is kept from posting. What went wrong: %(why)s")


class Trouble(msgspec.Struct, frozen=True):
    rule_id: int
    why: str


async def tell_disarmed(conn: Conn, title: str, hits: int, posts: int) -> None:
    await _mail(conn, _DISARMED, _DISARMED_BODY, {"title": title, "hits": str(hits), "posts": str(posts)})


@duty
async def report_trouble(conn: Conn, trouble: Trouble) -> None:
    """Note on the rule what went wrong; the first time, its staff are told."""
    row = await store.rule(conn, trouble.rule_id, lock=True)
    if row is None:
        return
    await store.update_rule(conn, trouble.rule_id, trouble=trouble.why[:500])
    if not row["trouble"]:
        await _mail(conn, _TROUBLE, _TROUBLE_BODY, {"title": readable(row["content"]).title, "why": trouble.why[:500]})


async def _mail(conn: Conn, subject: str, body: str, values: dict[str, str]) -> None:
    values = values | {"network": (await instance.about(conn)).name}
    for row in await store.staff_addresses(conn):
        say = i18n.translator(row["locale"]).gettext
        text = f"{say(body) % values}\n\n{current().link_origin}/moderation/rules"
        await mail.post(conn, mail.Letter(row["email"], say(subject) % values, text))
