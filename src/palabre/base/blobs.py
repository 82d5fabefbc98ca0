"""Where the bytes of pictures, videos and archives live: a local folder, or any S3-compatible store, behind one door.

The database keeps keys, never addresses, so a store can be moved. It keeps the content type too: a folder cannot.
"""

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from anyio import to_thread

if TYPE_CHECKING:
    from obstore import GetOptions, GetResult
    from obstore.store import ObjectStore

CHUNK = 256 * 1024
KEY_LENGTH = 200
_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_KEY = re.compile(rf"{_SEGMENT}(/{_SEGMENT})*", re.ASCII)

_INCOMING = ".incoming"  # no key can name it
_ABANDONED_AFTER = 24 * 3600


class BlobError(Exception):
    """The store could not be reached or refused; worth trying again later."""


class BlobMissing(BlobError):
    """Nothing is kept under this key."""


class BlobRangeInvalid(BlobError):
    """The byte range lies outside the blob, which has `size` bytes."""

    def __init__(self, key: str, size: int) -> None:
        super().__init__(key)
        self.size = size


@dataclass(frozen=True)
class Blob:
    """A blob being read: `chunks` gives the bytes from `start` up to `end` (exclusive) of `size`."""

    chunks: AsyncIterator[bytes]
    size: int
    start: int
    end: int
    modified: datetime
    etag: str | None


@dataclass(frozen=True)
class BlobEntry:
    key: str
    size: int
    modified: datetime


def check_key(key: str) -> str:
    """The key itself, or ValueError: letters, digits, `.`, `_`, `-` and `/`, no segment starting with a dot.

    A key is never also the folder of another: `a` and `a/b` cannot both be kept in a folder.
    """
    if len(key) > KEY_LENGTH or not _KEY.fullmatch(key):
        raise ValueError(f"Not a key for a blob: {key[: KEY_LENGTH + 1]!r}")
    return key


def open_store(url_or_path: str, **options: Any) -> "Blobs":
    """A folder (`/srv/media`, `file:///srv/media`) or a bucket (`s3://bucket/prefix?endpoint=https://…&region=…`).

    Options (endpoint, region, access_key_id, secret_access_key, …) may also stand in the URL's query; S3 credentials
    not given are looked for in the usual AWS_* variables.
    """
    parts = urlsplit(url_or_path)
    if "://" not in url_or_path or parts.scheme == "file":
        return LocalBlobs(Path(url_or_path if "://" not in url_or_path else unquote(parts.path)))

    from obstore.store import from_url

    settings = {**dict(parse_qsl(parts.query)), **options}
    store = from_url(
        parts._replace(query="").geturl(),
        client_options={
            "allow_http": str(settings.get("endpoint", "")).startswith("http://"),
            "connect_timeout": "5s",
            "read_timeout": "30s",
            "timeout": "6h",  # of a whole transfer: a slow reader of a long video is no fault
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        **settings,
    )
    return Blobs(store)


@contextmanager
def _told_plainly(key: str, writing: bool = False) -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        if isinstance(error, FileNotFoundError) and not writing:
            raise BlobMissing(key) from error
        raise BlobError(f"{key}: {_in_words(str(error).partition(chr(10))[0])}") from error


def _in_words(error: str) -> str:
    """Who may not come in learns what to look at; listings tell by the status alone."""
    if refused := re.search(r"40[13] (Unauthorized|Forbidden)", error):
        return f"the store refuses ({refused[0]}): access key and secret are wrong, or may not do that"
    return error


class Blobs:
    """Blobs in an object store. Writing is atomic: a reader sees the whole blob or none."""

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store

    async def put(self, key: str, content: bytes | Path, content_type: str) -> None:
        """Keep `content` under `key`, replacing what was there; once this returns, it is safe."""
        import obstore

        with _told_plainly(check_key(key), writing=True):
            await obstore.put_async(
                self._store, key, content, attributes={"Content-Type": content_type}, max_concurrency=2
            )

    async def get(self, key: str, byte_range: tuple[int, int | None] | None = None) -> Blob:
        """Open a blob, or the bytes (start, end exclusive) of it; (start, None) is the rest, (-n, None) the last n."""
        import obstore

        options = _range_options(byte_range)
        try:
            with _told_plainly(check_key(key)):
                result = await obstore.get_async(self._store, key, options=options)
        except BlobMissing:
            raise
        except BlobError:
            if not byte_range:
                raise
            if byte_range[0] >= (size := await self.size(key)):
                raise BlobRangeInvalid(key, size) from None
            return _part(await self.get(key), byte_range)  # some stores give all of it or nothing
        start, end = result.range
        meta = result.meta
        return Blob(_chunks(result, key), meta["size"], start, end, meta["last_modified"], meta["e_tag"])

    async def read(self, key: str) -> bytes:
        """The whole blob in memory: for small ones."""
        return b"".join([chunk async for chunk in (await self.get(key)).chunks])

    async def exists(self, key: str) -> bool:
        try:
            await self.size(key)
        except BlobMissing:
            return False
        return True

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove blobs for good. Those already gone are no error, so it can be repeated."""
        import obstore

        wanted = [check_key(key) for key in keys]
        if not wanted:
            return
        with _told_plainly(wanted[0]):
            try:
                await obstore.delete_async(self._store, wanted)
            except FileNotFoundError:  # some stores stop at the first that is gone
                for key in wanted:
                    with suppress(FileNotFoundError):
                        await obstore.delete_async(self._store, key)

    async def list(self, prefix: str = "") -> AsyncIterator[BlobEntry]:
        """Every blob below `prefix`, a whole number of key segments (`media/ab`, not `media/a`)."""
        import obstore

        if prefix:
            check_key(prefix.rstrip("/"))
        with _told_plainly(prefix):
            async for batch in obstore.list(self._store, prefix or None, chunk_size=1000):
                for meta in batch:
                    if _KEY.fullmatch(meta["path"]):
                        yield BlobEntry(meta["path"], meta["size"], meta["last_modified"])

    async def size(self, key: str) -> int:
        import obstore

        with _told_plainly(check_key(key)):
            return (await obstore.head_async(self._store, key))["size"]


def _range_options(byte_range: tuple[int, int | None] | None) -> "GetOptions | None":
    match byte_range:
        case None:
            return None
        case (start, None) if start < 0:
            return {"range": {"suffix": -start}}
        case (start, None):
            return {"range": {"offset": start}}
        case (start, end) if 0 <= start < end:
            return {"range": (start, end)}
    raise ValueError(f"Not a byte range: {byte_range!r}")


async def _chunks(result: "GetResult", key: str) -> AsyncIterator[bytes]:
    with _told_plainly(key):
        async for chunk in result.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)


def _part(whole: Blob, byte_range: tuple[int, int | None]) -> Blob:
    """The same blob cut to a range, by reading past what isn't wanted."""
    first, last = byte_range
    start = first if first >= 0 else max(whole.size + first, 0)
    end = min(last or whole.size, whole.size)

    async def cut() -> AsyncIterator[bytes]:
        at = 0
        async for chunk in whole.chunks:
            if piece := chunk[max(start - at, 0) : end - at]:
                yield piece
            at += len(chunk)
            if at >= end:
                return

    return replace(whole, chunks=cut(), start=start, end=end)


class LocalBlobs(Blobs):
    """Blobs in a folder. Reading is the store library's; writing is ours, since it never calls fsync."""

    def __init__(self, root: Path) -> None:
        from obstore.store import LocalStore

        self.root = root.absolute()
        self._incoming = self.root / _INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):
            _flush(self.root.parent)
        super().__init__(LocalStore(self.root))
        self._sweep()

    async def put(self, key: str, content: bytes | Path, content_type: str) -> None:
        with _told_plainly(check_key(key), writing=True):
            await to_thread.run_sync(self._write, key, content)

    async def read(self, key: str) -> bytes:
        with _told_plainly(check_key(key)):  # many times as fast as by way of the store library
            return await to_thread.run_sync(self._read, self.root / key)

    async def delete(self, keys: Iterable[str]) -> None:
        wanted = [check_key(key) for key in keys]
        if wanted:
            with _told_plainly(wanted[0]):
                await to_thread.run_sync(self._remove, wanted)

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except (IsADirectoryError, NotADirectoryError) as error:  # of other keys
            raise FileNotFoundError(path) from error

    def _write(self, key: str, content: bytes | Path) -> None:
        """To a file aside, flushed to the disk, then moved into place, and the folders' entries flushed too."""
        aside = self._incoming / secrets.token_hex(12)
        try:
            if isinstance(content, Path):
                shutil.copyfile(content, aside)
            else:
                aside.write_bytes(content)
            _flush(aside)
            self._move(aside, self.root / key)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        self._flush_folders((self.root / key).parent)

    def _move(self, aside: Path, target: Path) -> None:
        for attempt in range(20):
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                aside.replace(target)
                return
            except (FileNotFoundError, FileExistsError):  # a delete next door took the emptied folder away: again
                if attempt == 19 or not aside.exists():
                    raise

    def _flush_folders(self, deepest: Path) -> None:
        for folder in (deepest, *deepest.parents):
            with suppress(FileNotFoundError):  # emptied and removed in the meantime
                _flush(folder)
            if folder == self.root:
                return

    def _remove(self, keys: list[str]) -> None:
        touched = set()
        for key in keys:
            path = self.root / key
            with suppress(NotADirectoryError):
                path.unlink(missing_ok=True)
            touched.add(self._prune(path.parent))
        for folder in touched:
            self._flush_folders(folder)

    def _prune(self, folder: Path) -> Path:
        """Remove folders left empty, upwards; the first that stays."""
        while folder != self.root:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError as error:
                if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                    return folder
                raise
            folder = folder.parent
        return folder

    def _sweep(self) -> None:
        """Throw away what writers killed half-way left behind."""
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - _ABANDONED_AFTER:
                    path.unlink()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_current: Blobs | None = None


def use(blobs: Blobs) -> None:
    """Set this process's store."""
    global _current
    _current = blobs


def current() -> Blobs:
    """This process's store, set as it starts."""
    assert _current is not None, "no blob store: the process was not started through palabre.process.running"
    return _current
