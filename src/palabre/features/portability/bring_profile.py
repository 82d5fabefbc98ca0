"""The profile out of an archive, as far as it fits here."""

import asyncio

from palabre.base.chars import excerpt, graphemes
from palabre.base.errors import Refused
from palabre.features import accounts
from palabre.features.accounts.profile import LONGEST_FIELD, LONGEST_NAME, LONGEST_NOTE, MOST_FIELDS, PictureKind
from palabre.features.portability.imports import ArchiveError, Profile, Skipped, Why
from palabre.features.portability.report import Report, Run
from palabre.settings import current


async def take_profile(run: Run) -> None:
    profile = await asyncio.to_thread(run.archive.profile)
    if profile is None:
        return
    news = Report()
    pictures = [
        picture
        for kind, path in (("avatar", profile.avatar), ("header", profile.header))
        if path and (picture := await _picture(run, kind, path, news))  # type: ignore[arg-type]
    ]
    changes = accounts.Profile(
        display_name=_fitting(profile.display_name, LONGEST_NAME, "display name", news),
        note=_fitting(profile.bio, LONGEST_NOTE, "bio", news),
        fields=_fields(profile, news),
        locked=profile.locked,
        bot=profile.bot,
        discoverable=profile.discoverable,
        indexable=profile.indexable,
        pictures=pictures,
    )
    async with run.db.transaction() as conn:
        await accounts.edit_profile(conn, run.account_id, changes)
        news.taken["profile"] = 1 - run.report.taken["profile"]
        await run.keep(conn, news, 0)
    run.progress("profile", 1, 1)


def _fields(profile: Profile, news: Report) -> list[tuple[str, str]]:
    news.skipped += [Skipped(f"field {field.name}", Why.TOO_MANY) for field in profile.fields[MOST_FIELDS:]]
    return [
        (
            _fitting(field.name or "–", LONGEST_FIELD, f"field {field.name}", news),
            _fitting(field.value, LONGEST_FIELD, f"field {field.name}", news),
        )
        for field in profile.fields[:MOST_FIELDS]
    ]


def _fitting(written: str, most: int, what: str, news: Report) -> str:
    if graphemes(written) <= most:
        return written
    news.skipped.append(Skipped(what, Why.SHORTENED))
    return excerpt(written, most)


async def _picture(run: Run, kind: PictureKind, path: str, news: Report) -> accounts.Picture | None:
    try:
        data = await asyncio.to_thread(run.archive.read_media, path, current().image_bytes)
        return await accounts.prepare_picture(run.account_id, kind, data)
    except (Refused, ArchiveError):
        news.skipped.append(Skipped(path, Why.BAD_PICTURE))
        return None
