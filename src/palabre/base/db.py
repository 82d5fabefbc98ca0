"""PostgreSQL through asyncpg. Nothing else in Palabre imports asyncpg."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast

import asyncpg
import msgspec

Row = asyncpg.Record
AfterCommit = Callable[[], Awaitable[None] | None]

Error = asyncpg.PostgresError
UniqueViolation = asyncpg.UniqueViolationError
#: The server is away, starting or stopping: the same request may succeed in a moment.
UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server said farewell to an idle connection that is used only now
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,  # it was the primary once, or is not yet
    asyncpg.DiskFullError,  # until somebody makes room
    ConnectionError,
    FileNotFoundError,
    TimeoutError,
)
#: No use of the database at all: it is away, or refuses this name, password or user.
UNREACHABLE = (
    *UNAVAILABLE,
    OSError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)
#: A table or column that is named doesn't exist.
NOT_THERE = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)
#: The server has no room left on its disk.
DISK_FULL = asyncpg.DiskFullError
#: Another transaction was in the way: run the same transaction again.
CONFLICTS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


#: However the server is set: values in a form that every PostgreSQL reads back the same, and no hurry.
_PLAIN_SPEECH = """
    SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex';
    SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0
"""


class BadValue(ValueError):
    """A value that does not fit its column: a mistake of ours, not of the database."""


class BadRows(ValueError):
    """Rows that don't fit the table they were to be loaded into."""


@contextlib.contextmanager
def _blaming_us() -> Iterator[None]:
    """asyncpg calls a bad argument an error of the interface, as it does a lost connection."""
    try:
        yield
    except asyncpg.exceptions.DataError as error:
        raise BadValue(str(error)) from error


class _Connection(asyncpg.Connection):
    def get_reset_query(self) -> str:
        """Sessions hold no state of ours, so giving one back to the pool costs no round trip."""
        return ""


class Conn:
    """A connection lent to one request or duty: inside a transaction unless it came from `Database.reading`."""

    __slots__ = ("_after_commit", "_raw", "statements")

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._after_commit: list[AfterCommit] = []
        self.statements = 0

    async def rows(self, sql: str, *args: object) -> list[Row]:
        self.statements += 1
        with _blaming_us():
            return cast(list[Row], await self._raw.fetch(sql, *args))

    async def row(self, sql: str, *args: object) -> Row | None:
        self.statements += 1
        with _blaming_us():
            return cast(Row | None, await self._raw.fetchrow(sql, *args))

    async def value(self, sql: str, *args: object) -> Any:
        self.statements += 1
        with _blaming_us():
            return await self._raw.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        """Run a statement; how many rows it touched."""
        self.statements += 1
        with _blaming_us():
            tag = await self._raw.execute(sql, *args)
        last = tag.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0

    async def many(self, sql: str, args: Iterable[Sequence[object]]) -> None:
        self.statements += 1
        with _blaming_us():
            await self._raw.executemany(sql, args)

    async def ping(self) -> None:
        """Returns once the server has answered."""
        await self.value("SELECT 1")

    async def script(self, sql: str) -> None:
        """Several statements in one text, without parameters."""
        await self._raw.execute(sql)

    async def copy_in(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        await self._raw.copy_records_to_table(table, columns=columns, records=rows)

    async def load(self, table: str, columns: Sequence[str], chunks: AsyncIterator[bytes]) -> int:
        """Take rows in COPY's text format, in pieces that end anywhere; how many there were. Raises BadRows."""
        self.statements += 1
        try:
            tag = await self._raw.copy_to_table(table, source=chunks, columns=columns, format="text")
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, *NOT_THERE) as error:
            raise BadRows(f"{table}: {error}") from error
        return int(tag.rpartition(" ")[2])

    async def copy_out(self, query: str, write: Callable[[bytes], Awaitable[None]]) -> None:
        """Give the query's rows as COPY's text format to `write`, in pieces that end anywhere; it sets the pace."""
        self.statements += 1
        await self._raw.copy_from_query(query, output=write)

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What fails inside is undone alone; the transaction goes on."""
        async with self._raw.transaction():
            yield

    def after_commit(self, then: AfterCommit) -> None:
        """Do this once the transaction is durable; never if it is rolled back."""
        self._after_commit.append(then)

    async def _committed(self) -> None:
        for then in self._after_commit:
            result = then()
            if result is not None:
                await result


class Database:
    """A pool of connections. `reading()` for pages, `transaction()` for everything that writes."""

    def __init__(self, dsn: str, *, most: int = 10, **connect: Any) -> None:
        self.dsn = dsn
        self._most = most
        self._connect = connect
        self._pool: Any = None
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.dsn,
                    min_size=1,
                    max_size=self._most,
                    init=_prepare,
                    connection_class=_Connection,
                    statement_cache_size=400,
                    max_inactive_connection_lifetime=60,
                    **self._connect,
                )

    async def close(self) -> None:
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await asyncio.wait_for(pool.close(), 5)
            except TimeoutError:
                pool.terminate()

    @contextlib.asynccontextmanager
    async def _lent(self) -> AsyncIterator[Any]:
        """A connection of the pool."""
        if self._pool is None:
            await self.open()
        pool = self._pool
        async with pool.acquire() as raw:
            try:
                yield raw
            except asyncpg.ReadOnlySQLTransactionError:
                await pool.expire_connections()  # the server is no longer the primary: look for who is
                raise

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Conn]:
        """No transaction: each statement sees what is committed as it starts."""
        async with self._lent() as raw:
            conn = Conn(raw)
            yield conn
            await conn._committed()

    @contextlib.asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Conn]:
        """All or nothing. `durable=False` lets a crash undo it as a whole: for work that would then be done again.
        Not where something is told after commit: nobody should hear of it twice."""
        async with self._lent() as raw:
            conn = Conn(raw)
            async with raw.transaction():
                yield conn
                if not durable and not conn._after_commit:
                    await raw.execute("SET LOCAL synchronous_commit = off")
            await conn._committed()

    @contextlib.asynccontextmanager
    async def snapshot(self, connections: int) -> AsyncIterator[list[Conn]]:
        """Connections outside the pool that all see the same moment, read-only, and write values the same everywhere."""
        async with contextlib.AsyncExitStack() as stack:
            first = await stack.enter_async_context(self._seeing())
            moment = await first.fetchval("SELECT pg_export_snapshot()")
            others = [await stack.enter_async_context(self._seeing(moment)) for _ in range(connections - 1)]
            for raw in (first, *others):
                await raw.execute(_PLAIN_SPEECH)
            yield [Conn(raw) for raw in (first, *others)]

    @contextlib.asynccontextmanager
    async def _seeing(self, moment: str = "") -> AsyncIterator[Any]:
        async with self.dedicated() as raw:
            await raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            if moment:
                await raw.execute(f"SET TRANSACTION SNAPSHOT '{moment}'")
            try:
                yield raw
            except BaseException:
                raw.terminate()  # amid a COPY there is no other way out
                raise

    @contextlib.asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[bool]:
        """Whether nobody else does `what` on this database; while it lasts nobody will. `kill -9` ends it too."""
        async with self.dedicated() as raw:
            yield await raw.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", what)

    @contextlib.asynccontextmanager
    async def dedicated(self) -> AsyncIterator[Any]:
        """A raw connection outside the pool, for LISTEN. Only `base/` may use it."""
        raw = await asyncpg.connect(self.dsn, **self._connect)
        try:
            yield raw
        finally:
            with contextlib.suppress(Exception):
                await raw.close(timeout=2)


async def only_reads(conn: Conn) -> bool:
    """Whether the server is a replica, or otherwise refuses to write."""
    return bool(await conn.value("SELECT current_setting('transaction_read_only') = 'on'"))


async def server_facts(conn: Conn) -> tuple[int, str, datetime]:
    """The server's version as a number and in words, and its clock."""
    row = await conn.row(
        """SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS words,
                  clock_timestamp() AS now"""
    )
    assert row is not None
    return row["number"], row["words"], row["now"]


async def _prepare(raw: Any) -> None:
    for name in ("json", "jsonb"):
        await raw.set_type_codec(name, schema="pg_catalog", encoder=_to_json, decoder=msgspec.json.decode)


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
