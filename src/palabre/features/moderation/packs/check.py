"""Checking a pack or dossier without any database: does it fit its signature, its hashes, its seals?"""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from palabre.base import signing
from palabre.features.moderation.log.seals import hash_of, read_heads, signed_part

_MOST = 200 * 1024**2  # unpacked: a pack is text
_OPEN, _CLOSE = b"\n<!-- palabre-signature ", b" -->\n"


class Unreadable(Exception):
    """It is no pack at all."""


def check(data: bytes, pem: str | None = None) -> list[str]:
    """What doesn't fit, in plain words; empty: all does. `pem`: the network's published key; without it, the key inside
    the file is believed, and only its being whole is shown.
    """
    try:
        trusted = signing.read_pem(pem) if pem else None
    except ValueError:
        return ["the key given is no Ed25519 public key in PEM"]
    try:
        return list(_check_pack(_files(data), trusted) if data[:2] == b"PK" else _check_page(data, trusted))
    except Unreadable as problem:
        return [str(problem)]


def _files(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MOST:
                raise Unreadable("the file is far too large for a pack")
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise Unreadable("a name is in the file twice")
            return {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise Unreadable(f"the file is broken: {error}") from error


def _check_pack(files: dict[str, bytes], trusted: bytes | None) -> Iterator[str]:
    if missing := [name for name in ("manifest.json", "signature.json") if name not in files]:
        raise Unreadable(f"{' and '.join(missing)} missing: this is no pack of Palabre's")
    manifest = _read(files, "manifest.json")
    key, faults = _signed(_read(files, "signature.json"), files["manifest.json"], trusted)
    yield from faults
    noted = manifest.get("files")
    if not isinstance(noted, dict):
        raise Unreadable("the manifest names no files")
    for name in sorted(noted.keys() | (files.keys() - {"manifest.json", "signature.json"})):
        if name not in files:
            yield f"{name} is missing"
        elif name not in noted:
            yield f"{name} was added afterwards"
        elif hashlib.sha256(files[name]).hexdigest() != noted[name]:
            yield f"{name} was changed"
    yield from _check_seals(files, key)


def _signed(given: Any, content: bytes, trusted: bytes | None) -> tuple[bytes | None, list[str]]:
    """The key to go by, and what is wrong with the signature."""
    try:
        inside = signing.read_pem(str(given["public_key"]))
        signature = bytes.fromhex(given["signature"])
    except (KeyError, TypeError, ValueError):
        return trusted, ["the signature can't be read"]
    faults = []
    if trusted and inside != trusted:
        faults.append("the key in the file is not the one the network publishes")
    if not signing.fits(trusted or inside, content, signature):
        faults.append("the signature does not fit: what is signed was changed, or signed by somebody else")
    return trusted or inside, faults


def _check_seals(files: dict[str, bytes], key: bytes | None) -> Iterator[str]:
    """Each case's log must go at least as far as the seals attest, with the hashes they attest."""
    try:
        logs = {
            name[6:-5]: {one["seq"]: one["hash"] for one in _read(files, name)["log"]}
            for name in files
            if name.startswith("cases/") and name.endswith(".json")
        }
        seals = _read(files, "seals.json") if "seals.json" in files else []
        for seal in seals:
            at, hash_ = datetime.fromisoformat(seal["at"]), bytes.fromhex(seal["hash"])
            if hash_of(seal["seq"], at, seal["heads"], bytes.fromhex(seal["previous"])) != hash_:
                yield f"seal {seal['seq']} was changed"
            elif key and not signing.fits(key, signed_part(hash_), bytes.fromhex(seal["signature"])):
                yield f"seal {seal['seq']} is signed with another key (before the key was replaced: check it by hand)"
            for head in read_heads(seal["heads"]):
                entries = logs.get(str(head.case_id))
                if entries is not None and entries.get(head.entries) != head.hash:
                    yield f"case {head.case_id}: entry {head.entries} is not the one that seal {seal['seq']} attests"
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"the cases or seals can't be read: {error}") from error


def _check_page(data: bytes, trusted: bytes | None) -> Iterator[str]:
    content, found, rest = data.rpartition(_OPEN)
    if not found or not rest.endswith(_CLOSE):
        raise Unreadable("this is neither a pack (.zip) nor a signed page of Palabre's")
    try:
        given = msgspec.json.decode(rest.removesuffix(_CLOSE))
    except msgspec.DecodeError as error:
        raise Unreadable("the signature can't be read") from error
    yield from _signed(given, content, trusted)[1]


def sign_page(html: bytes, signer: signing.Signer) -> bytes:
    """A page with its signature as a comment at its end."""
    given = {"key": signer.public.id, "signature": signer.sign(html).hex(), "public_key": signer.public.pem}
    return html + _OPEN + msgspec.json.encode(given).replace(b"--", b"\\u002d\\u002d") + _CLOSE


def _read(files: dict[str, bytes], name: str) -> Any:
    try:
        return msgspec.json.decode(files[name])
    except msgspec.DecodeError as error:
        raise Unreadable(f"{name} can't be read: {error}") from error
