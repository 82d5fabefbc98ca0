"""What a moderator finds in the demonstration: three open cases, and one that has been decided."""

from datetime import timedelta

from palabre.base import clock
from palabre.base.db import Conn, Database
from palabre.demo.plan import MODERATOR, SPAMMER
from palabre.features import moderation, posts
from palabre.features.accounts import Caller
from palabre.features.moderation import Ruling
from palabre.features.posts import Draft

_RUDE = 12
_SPAM = (
    "🔥🔥 WATCHES 90 % OFF, today only 🔥🔥 write me, I answer all!!! #gardening #trains #cats",
    "Why pay more?? Followers for your page, 1000 for 5 €. Serious people only #football",
)
_THIEVES = "Allotment people are all thieves and you can tell by looking at them."
_ADDRESS = "Tariq lives at number 12, go and tell him yourselves."


async def load(db: Database, people: list[int]) -> None:
    """Once: where there is a case, nothing is added."""
    moderator = Caller(people[MODERATOR], 0, None, (), role="moderator")
    async with db.transaction() as conn:
        if sum((await moderation.counts(conn, moderator)).values()):
            return
        spam = [await _said(conn, people[SPAMMER], words, 20 + hours) for hours, words in enumerate(_SPAM)]
        rude = await _said(conn, people[_RUDE], _THIEVES, 31)
        old = await _said(conn, people[_RUDE + 1], _ADDRESS, 75)
        decided = await moderation.report(
            conn, people[20], people[_RUDE + 1], [old], "That is somebody's address.", "violation"
        )
        why = "Where people live is for them to tell. Please don't do it again."
        await moderation.decide(conn, decided.case_id, moderator, Ruling("remove", why, terms=True))
        await moderation.report(conn, people[21], people[SPAMMER], spam, "Posts this under every hashtag.", "spam")
        await moderation.report(conn, people[22], people[SPAMMER], spam[:1], "Encore lui.", "spam")
        await moderation.report(
            conn, people[23], people[_RUDE], [rude], "I have an allotment, and this hurts.", "violation"
        )
        await moderation.report(conn, people[24], people[_RUDE + 2], [], "Pretends to be my brother, I think?", "other")


async def _said(conn: Conn, author_id: int, words: str, hours_ago: int) -> int:
    at = clock.now() - timedelta(hours=hours_ago)
    return await posts.publish(conn, author_id, Draft(words, language="en", created_at=at, quiet=True))
