"""Writing the tombstones. Done again over an earlier run, it writes the same files once more, so it may be broken off; and
what was deleted since has none any more."""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from palabre.base import ids
from palabre.base.db import Database, Row
from palabre.base.errors import Refused
from palabre.features import accounts, instance
from palabre.features.accounts import AccountView
from palabre.features.portability.wind_down import store
from palabre.features.portability.wind_down.tombstones import moved
from palabre.features.portability.wind_down.tombstones.pages import Stones, languages_of
from palabre.settings import current

_ACCOUNTS, _POSTS = 100, 500
_MARK = ".palabre-tombstones"
Progress = Callable[[int, int], None]
_File = tuple[str, bytes]


class Tombstones(msgspec.Struct):
    """What was written."""

    accounts: int = 0
    posts: int = 0
    moved: int = 0


async def write_tombstones(db: Database, dest: Path, progress: Progress = lambda done, total: None) -> Tombstones:
    """Write them into the folder `dest`. Raises Refused before the end has come, and for a folder that holds other things."""
    async with db.reading() as conn:
        about = await instance.about(conn, fresh=True)
        total = await store.count_public(conn)
    if about.end is None or not about.closed:
        raise Refused(_too_early(about.end), code="too_early")
    await asyncio.to_thread(_claim, dest)
    stones, made = Stones(about, about.end.at, languages_of(about)), Tombstones()
    after, names = 0, set[str]()
    with moved.Lists(dest) as lists:
        while True:
            async with db.reading() as conn:
                found = await store.accounts_after(conn, after, _ACCOUNTS)
                views, homes = await accounts.look(conn, found), await store.homes(conn, found)
            if not found:
                break
            after = found[-1]
            for account_id in found:
                home = homes.get(account_id, "")
                await _account(db, dest, stones, views[account_id], home, made)
                names.add(views[account_id].public.username)
                if home:
                    lists.add(views[account_id].public.username, home)
                    made.moved += 1
                progress(made.accounts + made.posts, max(total, made.accounts + made.posts))
    await asyncio.to_thread(_sweep_accounts, dest, names)
    await asyncio.to_thread(_write, dest, _front(stones))
    return made


def _too_early(end: instance.End | None) -> str:
    if end is None:
        return "No end was announced. Announce it first: palabre wind-down --on DATE"
    return f"People can still write until {end.at:%Y-%m-%d %H:%M} UTC. Write the tombstones after that."


def _claim(dest: Path) -> None:
    """The folder is ours if it is empty, new, or from an earlier run."""
    if dest.is_file():
        raise Refused(f"{dest} is a file. Name a folder to write to.")
    if dest.is_dir() and any(dest.iterdir()) and not (dest / _MARK).exists():
        raise Refused(f"{dest} holds other things. Name an empty folder, or one that isn't there yet.")
    dest.mkdir(parents=True, exist_ok=True)
    (dest / _MARK).touch()


async def _account(db: Database, dest: Path, stones: Stones, view: AccountView, home: str, made: Tombstones) -> None:
    who = _Who(view, home)
    await asyncio.to_thread(_write, dest, who.files(stones))
    made.accounts += 1
    below, found = ids.LARGEST, set[str]()
    while True:
        async with db.reading() as conn:
            rows = await store.public_posts(conn, view.id, below, _POSTS)
        if not rows:
            return await asyncio.to_thread(_sweep_posts, dest, view.public.username, found)
        await asyncio.to_thread(_write, dest, who.posts(stones, rows))
        made.posts += len(rows)
        found |= {str(row["id"]) for row in rows}
        below = rows[-1]["id"]


class _Who:
    """One account: its stones, and those of its posts."""

    def __init__(self, view: AccountView, home: str) -> None:
        public = view.public
        self._since = ids.made_at(view.id)
        self._name = public.username
        self._said = {
            "name": public.display_name or public.username,
            "handle": f"@{public.username}@{current().name}",
            "home": home,
        }
        self._uri = f"{current().origin}/users/{public.username}"

    def files(self, stones: Stones) -> Iterator[_File]:
        page = stones.page("account.html", **self._said, since=self._since, up="../")
        yield f"@{self._name}/index.html", page
        yield (
            f"users/{self._name}/index.html",
            stones.page("account.html", **self._said, since=self._since, up="../../"),
        )
        yield f"users/{self._name}.json", stones.tombstone(self._uri, "Person", self._since)

    def posts(self, stones: Stones, rows: Sequence[Row]) -> Iterator[_File]:
        for row in rows:
            page = stones.page("post.html", **self._said, written=row["created_at"], up="../../")
            uri = f"{self._uri}/statuses/{row['id']}"
            yield f"@{self._name}/{row['id']}/index.html", page
            yield f"users/{self._name}/statuses/{row['id']}.json", stones.tombstone(uri, "Note", row["created_at"])


def _sweep_posts(dest: Path, name: str, found: set[str]) -> None:
    """Those of this account that an earlier run found, and this one didn't."""
    for page in list((dest / f"@{name}").glob("*/")):
        if page.name not in found:
            shutil.rmtree(page)
    for stone in list((dest / "users" / name / "statuses").glob("*.json")):
        if stone.stem not in found:
            stone.unlink()


def _sweep_accounts(dest: Path, names: set[str]) -> None:
    """The same for accounts."""
    for folder in (*dest.glob("@*/"), *(dest / "users").glob("*/")):
        if folder.name.removeprefix("@") not in names:
            shutil.rmtree(folder)
    for stone in list((dest / "users").glob("*.json")):
        if stone.stem not in names:
            stone.unlink()


def _front(stones: Stones) -> Iterator[_File]:
    """Last, so that whoever serves the folder sees that it is whole."""
    servers = Path(__file__).parent / "servers"
    for name in ("Caddyfile", "nginx.conf"):
        yield name, (servers / name).read_text().replace("{{ domain }}", current().name.partition(":")[0]).encode()
    yield ".nojekyll", b""
    gone = stones.page("gone.html")
    yield "gone.html", gone
    yield "404.html", gone
    yield "index.html", stones.page("farewell.html")


def _write(dest: Path, files: Iterator[_File]) -> None:
    for path, content in files:
        target = dest / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
