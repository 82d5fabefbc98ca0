"""Making a pack: one ZIP, whose manifest names every file by its hash and is signed."""

import hashlib
from collections.abc import Sequence

import msgspec

from palabre.base import signing
from palabre.base.clock import iso
from palabre.base.db import Conn
from palabre.features.moderation.packs.gather import Evidence, gather
from palabre.features.moderation.packs.of_notice import notice_part
from palabre.features.moderation.packs.render import render
from palabre.features.moderation.transparency.zipped import zipped

FORMAT = "palabre-evidence/1"


async def evidence(
    conn: Conn, case_ids: Sequence[int] = (), *, notice_id: int | None = None, lang: str = "en"
) -> bytes:
    """The pack of these cases, or of a notice with all its lines and the cases they led to: to be sent, and checked by
    whoever gets it. Raises NotFound.
    """
    found, signer = await _gather(conn, case_ids, notice_id, lang), await signing.signer(conn)
    files = {
        "report.html": render("pack.html", lang, pack=found, key=signer.public.id),
        **({"notice.json": _json(found.notice)} if found.notice else {}),
        **{f"cases/{case.id}.json": _json(case) for case in found.cases},
        "seals.json": _json(found.seals),
    }
    manifest = _json(_manifest(found, files, signer.public.id))
    signature = {
        "key": signer.public.id,
        "algorithm": signing.ALGORITHM,
        "signature": signer.sign(manifest).hex(),
        "public_key": signer.public.pem,
    }
    return zipped({"manifest.json": manifest, "signature.json": _json(signature), **files})


async def page(conn: Conn, case_ids: Sequence[int], lang: str, *, notice_id: int | None = None) -> bytes:
    """The readable page of a pack. Raises NotFound."""
    found = await _gather(conn, case_ids, notice_id, lang)
    return render("pack.html", lang, pack=found, key=(await signing.signer(conn)).public.id)


async def _gather(conn: Conn, case_ids: Sequence[int], notice_id: int | None, lang: str) -> Evidence:
    return await gather(conn, case_ids, await notice_part(conn, notice_id, lang) if notice_id else None)


def _manifest(found: Evidence, files: dict[str, bytes], key: str) -> dict[str, object]:
    return {
        "format": FORMAT,
        "network": found.network,
        "origin": found.origin,
        "made_at": iso(found.made_at),
        "notice": found.notice.id if found.notice else None,
        "cases": [case.id for case in found.cases],
        "key": key,
        "newest_seal": {name: found.newest_seal[name] for name in ("seq", "hash")} if found.newest_seal else None,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
