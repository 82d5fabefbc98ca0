"""What the link lets through, and to whom: to the database, replication as the role that can do nothing else."""

import asyncio
import struct
from pathlib import Path

import pytest

from palabre.base.link import Peer
from palabre.hosting import invite, state
from palabre.hosting.names import FIRST
from palabre.hosting.problems import HostProblem
from palabre.hosting.services import Services, _startup
from palabre.settings import Settings


def packet(version: int = 3 << 16, **words: str) -> bytes:
    body = b"".join(f"{key}\0{value}\0".encode() for key, value in words.items()) + b"\0"
    return struct.pack("!II", len(body) + 8, version) + body


async def passed_on(given: bytes, name: str = "paris") -> bytes:
    reader = asyncio.StreamReader()
    reader.feed_data(given)
    reader.feed_eof()
    return await _startup(reader, name)


async def test_replication_is_let_through_under_the_standbys_own_name() -> None:
    asked = packet(user="palabre_standby", replication="true", application_name="london", options="-c role=palabre")
    told = await passed_on(asked)
    assert b"application_name\0paris\0" in told and b"london" not in told and b"options" not in told
    assert struct.unpack("!I", told[:4])[0] == len(told)


async def test_a_base_backup_is_nobody_to_wait_for() -> None:
    asked = packet(user="palabre_standby", replication="true", application_name="pg_basebackup")
    assert b"application_name\0pg_basebackup\0" in await passed_on(asked)


@pytest.mark.parametrize(
    "asked",
    [
        packet(user="palabre", replication="true"),
        packet(user="palabre_standby"),
        packet(user="palabre_standby", replication="database", database="palabre"),
        packet(user="palabre_standby", replication="false"),
        packet(1234 << 16 | 5679, user="palabre_standby", replication="true"),
        struct.pack("!II", 16, 80877102) + b"\0" * 8,
        struct.pack("!II", 1 << 30, 3 << 16),
        struct.pack("!II", 8, 3 << 16),
    ],
    ids=["another role", "no replication", "a database", "no", "TLS", "cancelling", "endless", "empty"],
)
async def test_anything_else_is_cut_off(asked: bytes) -> None:
    with pytest.raises((ValueError, asyncio.IncompleteReadError)):
        await passed_on(asked)


class Heard:
    """The other end of a call: what it is answered."""

    def __init__(self) -> None:
        self.said = b""

    def write(self, data: bytes) -> None:
        self.said += data

    async def drain(self) -> None: ...


@pytest.mark.parametrize("service", ["hello", "follow", "postgres", "fence", "blobs", "blob", "mirrored"])
async def test_the_old_host_neither_reads_nor_stops_the_new_one(tmp_path: Path, service: str) -> None:
    """It may have been seized since: its secret is for handing requests on."""
    state.update(tmp_path, term=2, peers={FIRST: state.Peer(digest="", address="palabre://old")})
    offered, heard = Services(Settings(data=tmp_path)).all(), Heard()
    args = {"term": 99, "url": "https://evil.example", "facts": {}, "address": ""}
    await offered[service](Peer(FIRST, "192.0.2.1"), args, asyncio.StreamReader(), heard)  # type: ignore[arg-type]
    assert b"ask there for an invitation" in heard.said
    assert state.load(tmp_path).role == "serving"


def test_the_old_host_can_be_forgotten_by_the_new_one(tmp_path: Path) -> None:
    peer = state.Peer(digest="")
    state.update(tmp_path, role="standby", peers={FIRST: peer})
    with pytest.raises(HostProblem, match="no standby named"):
        invite.forget(tmp_path, FIRST)
    state.update(tmp_path, role="serving")
    invite.forget(tmp_path, FIRST)
    assert state.load(tmp_path).peers == {}
