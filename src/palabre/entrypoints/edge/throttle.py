"""The rate limits of every door, in one table."""

from palabre.base.db import Database
from palabre.base.limits import Limit, Standing, hit, hit_shared
from palabre.settings import current

#: Everybody, for everything.
ANONYMOUS = Limit("anonymous", 300, 300)
MEMBER = Limit("member", 1_500, 300)

#: By the name a route gives; counted by member, or by address for strangers.
NAMED = {
    "post": Limit("post", 300, 3 * 3600, shared=True),
    "delete": Limit("delete", 100, 1800, shared=True),
    "upload": Limit("upload", 100, 1800, shared=True),
    "follow": Limit("follow", 400, 24 * 3600, shared=True),
    "report": Limit("report", 50, 3600, shared=True),
    "notice": Limit("notice", 30, 3600, shared=True),
    "notice_list": Limit("notice_list", 300, 3600, shared=True),
    "sign_in": Limit("sign_in", 25, 300, shared=True),
    "sign_in_as": Limit("sign_in_as", 50, 3600, shared=True),  # by the name tried, from wherever
    "second_step": Limit("second_step", 20, 3600, shared=True),  # by account: a code has six figures
    "sign_up": Limit("sign_up", 10, 1800, shared=True),
    "app": Limit("app", 25, 300, shared=True),
    "mail": Limit("mail", 10, 1800, shared=True),
}


def general(who: str, member: bool) -> Standing | None:
    """Count a request; None where limits are off. The caller checks the result."""
    if not current().rate_limits:
        return None
    return hit(MEMBER if member else ANONYMOUS, who)


async def named(db: Database, name: str, who: str) -> Standing | None:
    """Count an act that costs more. Raises TooMany for one too many."""
    if not current().rate_limits:
        return None
    standing = await hit_shared(db, NAMED[name], who)
    standing.check()
    return standing
