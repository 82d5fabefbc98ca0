"""When two cases are about the same thing said again: MinHash over short pieces of the text, or the very same pictures."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from rensa import RMinHash

from palabre.base.fold import fold

PERMUTATIONS = 64
_SEED = 42
_ROWS = 4
_PIECE = 5
#: Shorter texts ("yes!") are alike by chance.
_SHORTEST = 20
_LONGEST = 20_000
LEAST = 0.7
_LINK = re.compile(r"https?://([^\s/?#]+)\S*", re.IGNORECASE)
_MENTION = re.compile(r"@[\w.-]+(@[\w.-]+)?")
_NUMBER = re.compile(r"\d+")
_NOT_WORDS = re.compile(r"[\W_]+")


class Print(msgspec.Struct, frozen=True):
    """`minhash` empty: too little text. `media`: a hash over all pictures; empty: none."""

    minhash: list[int]
    media: bytes

    @property
    def bands(self) -> list[int]:
        """Keys that texts as alike as LEAST nearly always share at least one of; one more for the pictures."""
        version = RMinHash.ALGORITHM_VERSION
        found = [
            _key("text", version, start, self.minhash[start : start + _ROWS])
            for start in range(0, len(self.minhash), _ROWS)
        ]
        return sorted([*found, _key("media", self.media.hex())] if self.media else found)

    def like(self, other: "Print") -> bool:
        if self.media and self.media == other.media:
            return True
        if not self.minhash or not other.minhash:
            return False
        return sum(map(int.__eq__, self.minhash, other.minhash)) >= LEAST * PERMUTATIONS


def print_of(texts: Sequence[str], files: Sequence[Mapping[str, Any]]) -> Print:
    return Print(_minhash("\n".join(texts)), _media(files))


def normal(text: str) -> str:
    """Without what campaigns vary: whom they address, numbers, the ends of addresses, letters' case, punctuation."""
    text = _LINK.sub(r" \1 ", text[:_LONGEST])
    text = _NUMBER.sub("0", _MENTION.sub(" ", text))
    return " ".join(_NOT_WORDS.sub(" ", fold(text)).split())


def _minhash(text: str) -> list[int]:
    text = normal(text)
    if len(text) < _SHORTEST:
        return []
    made = RMinHash(PERMUTATIONS, _SEED)
    made.update([text[start : start + _PIECE] for start in range(len(text) - _PIECE + 1)])
    return list(made.digest())


def _media(files: Sequence[Mapping[str, Any]]) -> bytes:
    """Pictures are made anew when uploaded, so the same one twice comes out with the same look, size and length."""
    if not files:
        return b""
    seen = sorted({(str(one["blurhash"]), int(one["width"]), int(one["height"]), int(one["bytes"])) for one in files})
    return hashlib.sha256(repr(seen).encode()).digest()


def _key(*parts: object) -> int:
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=8).digest(), "big", signed=True)
