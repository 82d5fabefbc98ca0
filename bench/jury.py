"""Juries at size: finding the camps of a follow graph, and drawing a panel from everybody who qualifies.

python -m bench.jury [--members N] [--follows N]
"""

import argparse
import asyncio
import random
import resource
import tempfile
import time
from array import array
from collections import Counter
from pathlib import Path

from palabre.base.db import Database
from palabre.base.migrate import migrate
from palabre.base.postgres import Server, prepare
from palabre.features.moderation import jury
from palabre.features.moderation.jury import groups, store
from palabre.features.moderation.jury.draw import Lot, pseudonym


def follows(members: int, count: int, camps: int, inside: float = 0.8) -> "tuple[array[int], array[int]]":
    """Popular people have most followers; four in five follows stay within the camp."""
    dice, sources, targets, seen = random.Random(1), array("q"), array("q"), set()
    while len(sources) < count:
        who = dice.randrange(members)
        camp = who % camps if dice.random() < inside else dice.randrange(camps)
        whom = int(members // camps * dice.random() ** 2) * camps + camp
        if whom < members and whom != who and (who, whom) not in seen:
            seen.add((who, whom))
            sources.append(who + 1)
            targets.append(whom + 1)
    return sources, targets


def algorithms(members: int, count: int) -> None:
    sources, targets = follows(members, count, 3)
    began = time.perf_counter()
    found = groups.camps(sources, targets)
    took = time.perf_counter() - began
    pure = Counter((camp, account % 3) for account, camp in found.items()).most_common(3)
    right = sum(times for _, times in pure) / len(found)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"camps of {members:,} members, {count:,} follows: {took:.1f} s, {memory} MB, {right:.1%} as they were made")
    pool = {pseudonym(account.to_bytes(8), 1): camp for account, camp in found.items()}
    began = time.perf_counter()
    lot, drawn = Lot(b"x" * 32, 1, pool, 6, 4), []
    while len(drawn) < 6 and (juror := lot.draw(drawn, drawn, set())):
        drawn.append(juror)
    print(f"the draw alone: {time.perf_counter() - began:.2f} s, {dict(Counter(pool[juror] for juror in drawn))}")


async def in_the_network(folder: Path, members: int, count: int) -> None:
    """Everybody is a juror: the round that finds the camps, and the duty that draws, with the database."""
    import palabre.consequences  # noqa: F401 - wires the events
    from palabre.base.duties import work_until_done
    from palabre.features.moderation.jury.call import _call

    cluster = prepare(folder)
    with Server(cluster, {"fsync": "off", "shared_buffers": "256MB"}):
        db = Database(cluster.dsn, most=4)
        await migrate(db)
        sources, targets = follows(members, count, 3)
        async with db.transaction() as conn:
            await _seed(conn, members, sources, targets)
        began = time.perf_counter()
        await jury.find_camps(db)
        print(f"the round that finds camps, with reading and keeping them: {time.perf_counter() - began:.1f} s")
        async with db.transaction() as conn:
            case = await conn.row("SELECT * FROM cases WHERE id = 1")
            panel_id = await _call(conn, case, question="uphold", decision_id=1)
        began = time.perf_counter()
        await work_until_done(db)
        took = time.perf_counter() - began
        async with db.reading() as conn:
            panel = await store.panel(conn, panel_id)
            seats = await store.seats(conn, [panel_id])
        print(
            f"the duty that draws {len(seats)} of {panel['pool_size']:,} jurors: {took:.1f} s, "
            f"{len(panel['pool']) // 1024} kB kept"
        )
        await db.close()


async def _seed(conn: object, members: int, sources: "array[int]", targets: "array[int]") -> None:
    from palabre.base.db import Conn

    assert isinstance(conn, Conn)
    await conn.execute(
        """INSERT INTO accounts (id, username, created_at, fragment)
           SELECT id, 'user' || id, now() - interval '1 year', '{}' FROM generate_series(1, $1::bigint) id""",
        members,
    )
    await conn.execute(
        """INSERT INTO members (account_id, email, password_hash, confirmed_at, approved_at, created_at)
           SELECT id, 'user' || id, '', now(), now(), now() - interval '1 year' FROM accounts"""
    )
    await conn.execute("INSERT INTO jurors SELECT id, sha256(id::text::bytea), now() FROM accounts")
    await conn.execute(
        """INSERT INTO follows (account_id, target_id, id)
           SELECT a, t, row_number() OVER () FROM unnest($1::bigint[], $2::bigint[]) f (a, t)""",
        list(sources),
        list(targets),
    )
    await conn.execute("INSERT INTO cases (id, account_id, opened_at) VALUES (1, 1, now())")
    for table in ("accounts", "members", "jurors", "follows"):
        await conn.script(f"ANALYZE {table}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--follows", type=int, default=1_000_000)
    options = parser.parse_args()
    algorithms(options.members, options.follows)
    with tempfile.TemporaryDirectory(prefix="palabre-bench-") as folder:
        Path(folder).chmod(0o755)
        asyncio.run(in_the_network(Path(folder), options.members, options.follows))


if __name__ == "__main__":
    main()
