"""The rules of posts: pure functions, no I/O. `may_see` is the one place that decides who may see what."""

import re

from palabre.features.graph import Ties
from palabre.features.posts.view import PostView

VISIBILITIES = ("public", "unlisted", "private", "direct")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def may_see(post: PostView, viewer_id: int | None, ties: Ties) -> bool:
    """Whether this viewer may see the post at all. A boost is seen where both it and what it boosts may be seen."""
    if post.withheld or post.author.gone:
        return False
    if post.held_at and post.author_id != viewer_id:
        return False
    if post.author_id != viewer_id and not _reaches(post, viewer_id, ties):
        return False
    if post.reblog_of_id is not None:
        return post.reblog is not None and may_see(post.reblog, viewer_id, ties)
    return True


def _reaches(post: PostView, viewer_id: int | None, ties: Ties) -> bool:
    if ties.apart(post.author_id):
        return False
    if post.visibility in ("public", "unlisted"):
        return True
    if viewer_id is None:
        return False
    return viewer_id in post.audience or (post.visibility == "private" and post.author_id in ties.following)


def may_boost(post: PostView, by: int) -> bool:
    """Public and unlisted posts by anyone; one's own to followers too."""
    return post.visibility in ("public", "unlisted") or (post.visibility == "private" and post.author_id == by)


def counts_as_reply(visibility: str) -> bool:
    """Whether a reply shows in the count under what it answers; a private one would betray that it exists."""
    return visibility in ("public", "unlisted")


def language_code(given: str | None) -> str | None:
    """A language tag such as `fr` or `pt-BR`; None for what cannot be one."""
    return given if given and _LANGUAGE.fullmatch(given) else None
