"""What comes in from outside: notices by anyone, lists of hosts and stores, orders of authorities, flags of other servers.

Sending (anybody):
    receive(conn, Sent(source, [Line(url, …)], …)) -> Received(id, secret): kept as a whole, filed, receipt posted
    take_in(db, Sent, tell) -> Received: the same for long lists, with word of how far it is; broken off, the same again goes on
    lists.read(content) -> Listed: the lines of a CSV, a JSON, a mail (ARF, X-ARF), or text with addresses in it
    resolve(conn, url, viewer_id, sees_all=) -> Found: what an address points to
    receive_flag(conn, actor, account_id, post_ids, comment): for federation
Reading what became of it:
    status(conn, secret) -> Notice, remind(conn, secret): under the secret link
    waiting, closed, notice, named, original: for the staff
Answering:
    decisions answer by themselves (`closing.answer_notices`); point(conn, by, …, url), answer(conn, by, …, words): by hand
Notifiers with a key (the owner's): issue, renew, revoke, notifiers, by_key, signed
Abuse: senders.check, mark_unfounded, warn, suspend, lift, to_watch
"""

from palabre.base.tables import Table, Tables
from palabre.features.moderation.notices import lists, senders
from palabre.features.moderation.notices.closing import answer
from palabre.features.moderation.notices.filing import point
from palabre.features.moderation.notices.flags import receive_flag
from palabre.features.moderation.notices.lists import Listed
from palabre.features.moderation.notices.mailing import remind
from palabre.features.moderation.notices.notifiers import KEY, Notifier, by_key, issue, renew, revoke, signed
from palabre.features.moderation.notices.notifiers import all_of_them as notifiers
from palabre.features.moderation.notices.read import (
    PROBLEMS,
    Item,
    Notice,
    closed,
    file,
    has_original,
    named,
    notice,
    original,
    status,
    waiting,
    whole,
)
from palabre.features.moderation.notices.receive import Received, receive, take_in
from palabre.features.moderation.notices.resolve import Found, resolve
from palabre.features.moderation.notices.rules import KINDS, LISTS, URGENT, Line, Original, Sent
from palabre.features.moderation.notices.senders import Sender

TABLES: Tables = {
    "notices": Table("id"),
    "notice_items": Table("notice_id"),
    "notice_files": Table("sha256"),
    "notifiers": Table("id"),
    "sender_records": Table("sender"),
    "senders": Table("sender"),
    "sender_events": Table("sender"),
}

__all__ = [
    "KEY",
    "KINDS",
    "LISTS",
    "PROBLEMS",
    "TABLES",
    "URGENT",
    "Found",
    "Item",
    "Line",
    "Listed",
    "Notice",
    "Notifier",
    "Original",
    "Received",
    "Sender",
    "Sent",
    "answer",
    "by_key",
    "closed",
    "file",
    "has_original",
    "issue",
    "lists",
    "named",
    "notice",
    "notifiers",
    "original",
    "point",
    "receive",
    "receive_flag",
    "remind",
    "renew",
    "resolve",
    "revoke",
    "senders",
    "signed",
    "status",
    "take_in",
    "waiting",
    "whole",
]
