"""Checking the seals against each other, against the cases they name, and against those kept elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from palabre.base import signing
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.features.moderation.log import store
from palabre.features.moderation.log.faults import Fault
from palabre.features.moderation.log.seals import Head, Seal, hash_of, read_heads, seals, signed_part

_BATCH = 100


class KeptSeal(msgspec.Struct, frozen=True):
    """What somebody outside noted of a seal."""

    seq: int
    hash: str


async def verify_seals(
    conn: Conn, case_id: int | None, kept: Sequence[KeptSeal], tell: Callable[[str, int, int], None]
) -> list[Fault]:
    """`case_id`: of what the seals name, check this case alone; the chain of seals is checked in any case."""
    faults: list[Fault] = []
    keys = {key.id: key.raw for key in await signing.keys(conn)}
    outside = {one.seq: one.hash for one in kept}
    furthest: dict[int, int] = {}
    total, done = await store.count_seals(conn), 0
    last: Seal | None = None
    while batch := await seals(conn, last.seq if last else 0, _BATCH):
        for seal in batch:
            faults += _check_seal(seal, last, keys)
            if outside.pop(seal.seq, seal.hash.hex()) != seal.hash.hex():
                faults.append(Fault(None, None, "is not the one that was kept outside: it was rewritten", seal.seq))
            heads = [head for head in _heads(seal) if case_id in (None, head.case_id)]
            faults += await _check_heads(conn, seal, heads)
            furthest |= {head.case_id: head.entries for head in heads}
            last, done = seal, done + 1
        tell("seals", done, max(total, done))
    end = last.seq if last else 0
    faults += [
        Fault(None, None, f"was kept outside but is missing here: the seals end at {end}", seq)
        for seq in sorted(outside)
    ]
    beyond = await store.sealed_beyond(conn, list(furthest), list(furthest.values()))
    faults += [
        Fault(found, None, "had more entries sealed than the seals say: seals are missing at the end")
        for found in beyond
        if case_id in (None, found)
    ]
    return faults


def read_kept(text: str) -> list[KeptSeal]:
    """Seals noted outside: JSON (one, a list, one a line, or the answer of the API) or lines of `number hash`."""
    found = list(_kept(text))
    if not found:
        raise Refused("No seals were found in the file: expected JSON, or lines of a number and a hash")
    return found


def _kept(text: str) -> Iterator[KeptSeal]:
    try:
        whole = msgspec.json.decode(text)
    except msgspec.DecodeError:
        for line in text.splitlines():
            words = line.replace(":", " ").split()
            if line.lstrip().startswith("{"):
                yield from _kept(line)
            elif len(words) == 2 and words[0].isdecimal() and len(words[1]) == 64:
                yield KeptSeal(int(words[0]), words[1].lower())
        return
    for one in _listed(whole):
        try:
            yield msgspec.convert(one, KeptSeal)
        except msgspec.ValidationError as error:
            raise Refused(f"A seal in the file can't be read: {error}") from error


def _listed(whole: Any) -> list[Any]:
    if isinstance(whole, dict):
        return list(whole["seals"]) if isinstance(whole.get("seals"), list) else [whole.get("seal", whole)]
    return whole if isinstance(whole, list) else []


def _check_seal(seal: Seal, last: Seal | None, keys: dict[str, bytes]) -> Iterator[Fault]:
    expected = last.seq + 1 if last else 1
    if seal.seq != expected:
        yield Fault(None, None, "is missing", expected)
    elif seal.previous != (last.hash if last else b""):
        yield Fault(None, None, "does not follow from the seal before", seal.seq)
    if hash_of(seal.seq, seal.at, seal.heads, seal.previous) != seal.hash:
        yield Fault(None, None, "was changed", seal.seq)
    if seal.key not in keys or not signing.fits(keys[seal.key], signed_part(seal.hash), seal.signature):
        yield Fault(None, None, "its signature is not one of this network's", seal.seq)


def _heads(seal: Seal) -> list[Head]:
    try:
        return read_heads(seal.heads)
    except (ValueError, msgspec.DecodeError):
        return []  # then its hash doesn't fit either


async def _check_heads(conn: Conn, seal: Seal, heads: list[Head]) -> list[Fault]:
    hashes = {(head.case_id, head.entries): head.hash for head in heads}
    faults = []
    for row in await store.found_at(conn, [head.case_id for head in heads], [head.entries for head in heads]):
        case_id, entry = row["case_id"], row["seq"]
        if not row["there"] and row["hash"] is None:
            faults.append(Fault(case_id, None, f"the whole case has vanished, with {entry} entries or more", seal.seq))
        elif row["hash"] is None:
            faults.append(Fault(case_id, entry, "the sealed entry is missing", seal.seq))
        elif row["hash"].hex() != hashes[(case_id, entry)]:
            faults.append(Fault(case_id, entry, "the log was rewritten after it was sealed", seal.seq))
        elif not row["there"]:
            faults.append(Fault(case_id, None, "the case is gone, its log is still there", seal.seq))
    return faults
