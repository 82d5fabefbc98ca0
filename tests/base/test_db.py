"""Which errors are the database's, and which are ours."""

import pytest

from palabre.base import duties
from palabre.base.db import UNAVAILABLE, BadValue, Conn
from tests.support.network import Network


async def test_a_value_that_does_not_fit_is_no_sign_of_an_absent_database(network: Network) -> None:
    async with network.db.reading() as conn:
        with pytest.raises(BadValue) as failed:
            await conn.value("SELECT $1::bigint", 2**63)
    assert not isinstance(failed.value, UNAVAILABLE)


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
