"""The rules of posts: pure functions, no I/O. `may_see` is the one place that decides who may see what."""

from palabre.features.graph import Ties
from palabre.features.posts.view import PostView

VISIBILITIES = ("public", "unlisted", "private", "direct")


def may_see(post: PostView, viewer_id: int | None, ties: Ties) -> bool:
    """Whether this viewer may see the post at all. A boost is seen where both it and what it boosts may be seen."""
    if post.withheld or post.author.gone:
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
