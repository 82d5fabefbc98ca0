"""What is looked at in a restored network, in the process that has its settings."""

from collections.abc import Callable

import structlog

from palabre.app import App
from palabre.base import mail
from palabre.base.db import Database
from palabre.features import moderation
from palabre.features.moderation import domains
from palabre.features.portability.drill import Examination, authored
from palabre.settings import Settings, current, use
from palabre.trial.opening import Lacking, Unopened, open_post

Told = Callable[[str, int, int], None]
_log = structlog.get_logger()


async def examine(db: Database, sample: int, told: Told) -> Examination:
    """`db`: of a network that nobody serves. No worker runs, and neither mail nor webhooks are set: nothing leaves here."""
    use(silenced(current()))
    app = App(db)
    async with app.running():
        mail.use(None)
        found = Examination()
        async with db.reading() as conn:
            found.faults += [str(fault) for fault in await moderation.verify(conn, None, tell=told)]
            found.faults += [str(fault) for fault in await domains.verify(conn)]
            posts = await authored(conn, sample)
        for number, post in enumerate(posts, 1):
            try:
                found.files += await open_post(app, db, post)
                found.posts += 1
            except Lacking as error:
                found.lacking.append(f"post {post.post_id}: {error}")
            except Unopened as error:
                found.unopened.append(f"post {post.post_id}: {error}")
            told("posts", number, len(posts))
        return found


def silenced(settings: Settings) -> Settings:
    """The same, unable to tell anybody anything."""
    quiet: dict[str, object] = {"smtp_url": type(settings.smtp_url)(""), "webhook_urls": [], "rate_limits": False}
    return settings.model_copy(update=quiet)
