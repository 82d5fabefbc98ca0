"""The rules of moderation: pure functions, no I/O."""

from collections.abc import Collection, Sequence

from palabre.base.errors import Forbidden, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation.actions import Action

CATEGORIES = ("violation", "threat", "legal", "spam", "other")
MOST_POSTS = 20
LONGEST_COMMENT = 1_000
LONGEST_REASON = 5_000
_RANKS = {"member": 0, "moderator": 1, "owner": 2}


def check_report(reporter_id: int, account_id: int, post_ids: Sequence[int], comment: str, category: str) -> None:
    if reporter_id == account_id:
        raise Refused("can't be your own", field="account_id", code="own")
    if len(post_ids) > MOST_POSTS:
        raise Refused(f"can be at most {MOST_POSTS}", field="status_ids", code="too_many")
    if len(comment) > LONGEST_COMMENT:
        raise Refused(f"is too long (maximum is {LONGEST_COMMENT} characters)", field="comment", code="too_long")
    check_category(category)


def check_category(category: str) -> None:
    if category not in CATEGORIES:
        raise Refused("is not included in the list", field="category", code="inclusion")


def public_category(category: str) -> str:
    """Mastodon's clients know no category of its own for threats."""
    return "other" if category == "threat" else category


def check_words(name: str, words: str, *, required: bool = True) -> str:
    """Words a moderator writes: there, and not endless."""
    words = words.strip()
    if required and not words:
        raise Refused("can't be blank", field=name, code="blank")
    if len(words) > LONGEST_REASON:
        raise Refused(f"is too long (maximum is {LONGEST_REASON} characters)", field=name, code="too_long")
    return words


def check_staff(by: Caller) -> None:
    if not by.staff:
        raise Forbidden


def check_uninvolved(by: Caller, account_id: int, reporter_ids: Collection[int]) -> None:
    """Nobody decides on himself, nor on what he reported himself."""
    check_staff(by)
    if by.id == account_id or by.id in reporter_ids:
        raise Forbidden("You are a party to this case: somebody else has to decide it", code="own_case")


def check_rank(by: Caller, action: Action, role: str) -> None:
    """Measures against accounts go downwards only: a moderator can't suspend the owner, nor another moderator."""
    if action.subject == "account" and action.restricts and _RANKS[by.role] <= _RANKS[role]:
        raise Forbidden("This account belongs to the staff: only the owner may do this", code="rank")
