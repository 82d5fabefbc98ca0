"""What moderation derives from its cases, made anew: for a network that comes back from an archive. Harmless twice."""

from palabre.base.db import Database
from palabre.features.moderation import store
from palabre.features.moderation.triage import weigh

_BATCH = 500


async def open_subjects(db: Database) -> None:
    """What the open cases are about."""
    async with db.transaction() as conn:
        await store.claim_open_subjects(conn)


async def reporter_records(db: Database) -> None:
    """How often each reporter was right."""
    after = 0
    while True:
        async with db.transaction() as conn:
            reporters = await store.reporters_after(conn, after, _BATCH)
            for account_id in reporters:
                await weigh.count_anew(conn, account_id)
        if len(reporters) < _BATCH:
            return
        after = reporters[-1]


async def prints(db: Database) -> None:
    """By what each group of cases alike is recognised, as far as the case it began with is still kept."""
    after = 0
    while True:
        async with db.transaction() as conn:
            founders = await store.founders_after(conn, after, weigh.CAMPAIGN, _BATCH)
            for case_id in founders:
                await weigh.print_anew(conn, case_id)
        if len(founders) < _BATCH:
            return
        after = founders[-1]
