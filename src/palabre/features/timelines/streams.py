"""What open streams are told beside the posts that `place` tells them: what is gone, and what has changed.

Topics: `home:ID` and `direct:ID` (a member's), `author:ID` (one whose posts are not copied), `local`, `tag:NAME` carry
ids of new posts; `edited` and `gone` those of others, and each stream decides for itself whether they concern it.
"""

from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.base.live import say
from palabre.features.posts.events import PostEdited, PostReleased, PostRemoved, PostUnboosted, PostWithheld


@duty
async def tell_edited(conn: Conn, event: PostEdited) -> None:
    say(conn, "edited", str(event.post_id))


@duty
async def tell_removed(conn: Conn, event: PostRemoved) -> None:
    say(conn, "gone", str(event.post_id))


@duty
async def tell_withheld(conn: Conn, event: PostWithheld) -> None:
    say(conn, "gone", str(event.post_id))


@duty
async def tell_released(conn: Conn, event: PostReleased) -> None:
    """Its author's clients drop the post that waited: it arrives anew."""
    say(conn, "gone", str(event.held_as))


@duty
async def tell_unboosted(conn: Conn, event: PostUnboosted) -> None:
    say(conn, "gone", str(event.boost_id))
