"""The network under test, in this process, reached through its HTTP door."""

import httpx2 as httpx

from palabre.app import App
from palabre.base import duties
from palabre.features import accounts
from tests.support.people import Person

_LEFT_ALONE = ("migrations",)


class Network:
    def __init__(self, app: App) -> None:
        self.app = app
        self.db = app.db
        transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 4711))
        self.http = httpx.AsyncClient(transport=transport, base_url="https://talk.example")

    async def work(self) -> int:
        """Do all that waits, as the workers would; how many duties that were."""
        return await duties.work_until_done(self.db)

    def stranger(self) -> Person:
        return Person(self, "", 0, "")

    async def person(
        self,
        name: str,
        *,
        role: str = "member",
        scopes: tuple[str, ...] = ("read", "write", "follow", "push"),
        **profile: object,
    ) -> Person:
        """A member with an account and a client's token."""
        async with self.db.transaction() as conn:
            account_id = await accounts.create(conn, name, **profile)
            await conn.execute(
                """INSERT INTO members (account_id, email, password_hash, role, confirmed_at, approved_at)
                   VALUES ($1, $2, 'none', $3, now(), now())""",
                account_id,
                f"{name}@mail.example",
                role,
            )
            await conn.execute("INSERT INTO emails VALUES ($1, $2)", f"{name}@mail.example", account_id)
            await conn.execute(
                """INSERT INTO apps (client_id, id, secret_hash, name, redirect_uris, scopes)
                   VALUES ('tests', 1, '', 'Tests', '{}', '{}') ON CONFLICT DO NOTHING"""
            )
            token = await accounts.grant(conn, account_id, scopes, client_id="tests")
        return Person(self, name, account_id, token)

    async def empty(self) -> None:
        """Delete every row, for the next test."""
        async with self.db.reading() as conn:
            rows = await conn.rows(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            names = [row["relname"] for row in rows if row["relname"] not in _LEFT_ALONE]
            await conn.script("SET CONSTRAINTS ALL DEFERRED;" + ";".join(f"DELETE FROM {name}" for name in names))
