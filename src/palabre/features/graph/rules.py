"""The rules of following: pure functions, no I/O."""

FOLLOW_LIMIT = 7_500
_MORE_THAN_FOLLOWERS = 1.1


def may_follow_more(following: int, followers: int) -> bool:
    """Up to a limit anyone; beyond it, only somewhat more than follow back."""
    return following < max(FOLLOW_LIMIT, followers * _MORE_THAN_FOLLOWERS)
