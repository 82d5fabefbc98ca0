"""What moderators can do: each action is one entry, with its undo and its words.

The words are English source strings: entrypoints and mail translate them and fill in `%(name)s`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from palabre.base.db import Conn
from palabre.features import accounts, posts
from palabre.features.moderation import store
from palabre.features.moderation.decision import Decision

#: Carries a decision out, or back; which of the posts were changed.
Deed = Callable[[Conn, Decision], Awaitable[list[int]]]


def N_(words: str) -> str:
    """Marks words for translation."""
    return words


@dataclass(frozen=True)
class Action:
    """`label` for the button. `warning`: what Mastodon's clients call it (AccountWarning). `restricts`: takes something
    away. `to_author` None: the author was not even troubled, so is not told who looked at what.
    """

    name: str
    subject: Literal["none", "posts", "account"]
    warning: str
    restricts: bool
    apply: Deed
    undo: Deed
    label: str
    to_author: str | None
    to_reporter: str
    undone_to_author: str | None
    undone_to_reporter: str


async def _nothing(conn: Conn, it: Decision) -> list[int]:
    return []


async def _withhold(conn: Conn, it: Decision) -> list[int]:
    return [post_id for post_id in it.post_ids if await posts.withhold(conn, it.account_id, post_id)]


async def _restore(conn: Conn, it: Decision) -> list[int]:
    free = await store.no_longer_under(conn, "remove", it.account_id, it.post_ids)
    return [post_id for post_id in free if await posts.restore(conn, it.account_id, post_id)]


async def _cover(conn: Conn, it: Decision) -> list[int]:
    return [post_id for post_id in it.post_ids if await posts.cover(conn, it.account_id, post_id, True)]


async def _uncover(conn: Conn, it: Decision) -> list[int]:
    free = await store.no_longer_under(conn, "sensitive", it.account_id, it.post_ids)
    return [post_id for post_id in free if await posts.cover(conn, it.account_id, post_id, False)]


async def _label(conn: Conn, it: Decision) -> list[int]:
    return [post_id for post_id in it.post_ids if await posts.label(conn, it.account_id, post_id, it.label)]


async def _relabel(conn: Conn, it: Decision) -> list[int]:
    """What the latest decision says that still stands; nothing, where none does."""
    left = await store.standing_labels(conn, it.account_id, it.post_ids)
    return [
        post_id for post_id in it.post_ids if await posts.label(conn, it.account_id, post_id, left.get(post_id, ""))
    ]


async def _unlist(conn: Conn, it: Decision) -> list[int]:
    return [post_id for post_id in it.post_ids if await posts.unlist(conn, it.account_id, post_id, True)]


async def _list_again(conn: Conn, it: Decision) -> list[int]:
    free = await store.no_longer_under(conn, "unlist", it.account_id, it.post_ids)
    return [post_id for post_id in free if await posts.unlist(conn, it.account_id, post_id, False)]


#: The strictest first.
_STANDINGS = {"suspend": "suspended", "freeze": "frozen", "limit": "limited"}


async def own_standing(conn: Conn, account_id: int) -> str:
    """As the strictest of the decisions on an account says that stand."""
    measures = await store.standing_measures(conn, account_id)
    return next((standing for action, standing in _STANDINGS.items() if action in measures), "active")


async def _set_standing(conn: Conn, it: Decision) -> list[int]:
    """The same for doing and undoing."""
    await accounts.set_standing(conn, it.account_id, await own_standing(conn, it.account_id))
    return []


_BACK_TO_REPORTER = N_("The decision on your report about @%(acct)s has been taken back.")

_ALL = (
    Action(
        name="dismiss",
        subject="none",
        warning="none",
        restricts=False,
        apply=_nothing,
        undo=_nothing,
        label=N_("No measure"),
        to_author=None,
        to_reporter=N_("We read your report about @%(acct)s and found no reason to act."),
        undone_to_author=None,
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
    Action(
        name="warn",
        subject="account",
        warning="none",
        restricts=False,
        apply=_nothing,
        undo=_nothing,
        label=N_("Warn"),
        to_author=N_("The moderators warn you. Nothing was hidden or removed."),
        to_reporter=N_("Thank you for your report. @%(acct)s has been warned."),
        undone_to_author=N_("The warning you were given has been taken back."),
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
    Action(
        name="label",
        subject="posts",
        warning="none",
        restricts=True,
        apply=_label,
        undo=_relabel,
        label=N_("Put a note on the posts"),
        to_author=N_("The moderators put a note on posts of yours, which everybody reads who sees them."),
        to_reporter=N_("Thank you for your report. What you reported of @%(acct)s now bears a note by the moderators."),
        undone_to_author=N_("The moderators’ note on posts of yours is gone."),
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
    Action(
        name="sensitive",
        subject="posts",
        warning="mark_statuses_as_sensitive",
        restricts=True,
        apply=_cover,
        undo=_uncover,
        label=N_("Mark as sensitive"),
        to_author=N_(
            "The moderators marked posts of yours as sensitive: pictures are shown to those who ask for them."
        ),
        to_reporter=N_("Thank you for your report. What you reported of @%(acct)s is now marked as sensitive."),
        undone_to_author=N_("Posts of yours are no longer marked as sensitive."),
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
    Action(
        name="unlist",
        subject="posts",
        warning="none",
        restricts=True,
        apply=_unlist,
        undo=_list_again,
        label=N_("Keep out of public lists"),
        to_author=N_("Posts of yours are kept out of public lists and hashtags. Everybody can still see them."),
        to_reporter=N_("Thank you for your report. What you reported of @%(acct)s is no longer in public lists."),
        undone_to_author=N_("Posts of yours are in public lists again."),
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
    Action(
        name="remove",
        subject="posts",
        warning="delete_statuses",
        restricts=True,
        apply=_withhold,
        undo=_restore,
        label=N_("Remove the posts"),
        to_author=N_("The moderators removed posts of yours."),
        to_reporter=N_("Thank you for your report. What you reported of @%(acct)s has been removed."),
        undone_to_author=N_("Posts of yours that had been removed are back."),
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
    Action(
        name="limit",
        subject="account",
        warning="silence",
        restricts=True,
        apply=_set_standing,
        undo=_set_standing,
        label=N_("Limit the account"),
        to_author=N_(
            "The moderators limited your account: your posts are no longer listed where others than your followers look."
        ),
        to_reporter=N_("Thank you for your report. The reach of @%(acct)s has been limited."),
        undone_to_author=N_("Your account is no longer limited."),
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
    Action(
        name="freeze",
        subject="account",
        warning="disable",
        restricts=True,
        apply=_set_standing,
        undo=_set_standing,
        label=N_("Freeze the account"),
        to_author=N_("The moderators froze your account: you can read and take your data with you, but not publish."),
        to_reporter=N_("Thank you for your report. @%(acct)s can't publish any more."),
        undone_to_author=N_("Your account is no longer frozen."),
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
    Action(
        name="suspend",
        subject="account",
        warning="suspend",
        restricts=True,
        apply=_set_standing,
        undo=_set_standing,
        label=N_("Suspend the account"),
        to_author=N_("The moderators suspended your account."),
        to_reporter=N_("Thank you for your report. @%(acct)s has been suspended."),
        undone_to_author=N_("Your account is no longer suspended."),
        undone_to_reporter=_BACK_TO_REPORTER,
    ),
)

ACTIONS: dict[str, Action] = {action.name: action for action in _ALL}
