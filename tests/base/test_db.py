"""Which errors are the database's, and which are ours."""

import httpx2 as httpx
import pytest

from palabre.app import App
from palabre.base import duties
from palabre.base.db import UNAVAILABLE, BadValue, Conn, Database
from tests.support.network import Network
from tests.support.people import Person


async def test_a_value_that_does_not_fit_is_no_sign_of_an_absent_database(network: Network) -> None:
    async with network.db.reading() as conn:
        with pytest.raises(BadValue) as failed:
            await conn.value("SELECT $1::bigint", 2**63)
    assert not isinstance(failed.value, UNAVAILABLE)


async def test_a_server_that_only_reads_is_away_and_the_pool_finds_the_one_that_writes(
    network: Network, alice: Person, dsn: str
) -> None:
    """As a former primary does: it was the primary when the connection was made, and then it is not."""
    name = dsn.partition("?")[0].rpartition("/")[2]
    admin = Database(dsn, most=1, server_settings={"default_transaction_read_only": "off"})
    reading = Database(dsn, most=2)
    async with admin.reading() as conn:
        await conn.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    async with reading.reading() as conn:  # its pool keeps this connection
        await conn.ping()
    async with admin.reading() as conn:
        await conn.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    app, answers = App(reading), []
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://talk.example")
    for _ in range(2):
        answers.append(
            await client.post(
                "/api/v1/statuses", json={"status": "Hello"}, headers={"authorization": f"Bearer {alice.token}"}
            )
        )
    assert [answer.status_code for answer in answers] == [503, 200]
    await reading.close()
    await admin.close()


async def test_a_duty_that_cannot_be_done_is_put_aside_and_holds_up_no_other(network: Network) -> None:
    async with network.db.transaction() as conn:
        await duties.put(conn, _impossible, None)
        await duties.put(conn, _easy, None)
    await network.work()
    async with network.db.reading() as conn:
        left = await conn.rows("SELECT kind, last_error FROM duties")
    assert [row["kind"] for row in left] == [_impossible.name] and "BadValue" in left[0]["last_error"]
    assert _done == [True]


_done: list[bool] = []


@duties.duty
async def _impossible(conn: Conn, _: None) -> None:
    await conn.value("SELECT $1::bigint", 2**63)


@duties.duty
async def _easy(conn: Conn, _: None) -> None:
    _done.append(True)
