"""restore: a whole network out of an archive."""

import asyncio
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from palabre.base.errors import Refused
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import fail
from palabre.features.portability.archive.sealing import Opener, read_identities
from palabre.features.portability.restore import Options, Restored, Target
from palabre.features.portability.restore import check as check_archive
from palabre.features.portability.restore import restore as bring_back

_AGAIN = "Broken off. Nothing is lost: give the same command again and it goes on from there."
_STORE_OPTION = "KEY=VALUE for {}: endpoint, region, access_key_id, …"


def restore(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A folder, a .tar file, - for standard input, or s3://…, gs://…")
    ],
    data: Annotated[
        Path, typer.Option("--data", help="The new data folder: empty, or not there yet.", envvar="PALABRE_DATA")
    ] = Path("palabre-data"),
    archive: Annotated[
        str | None, typer.Option("--archive", metavar="ID", help="Which archive. Default: the newest that is complete.")
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option("--key", metavar="FILE", help="File with your private key (age or ssh). Several may be given."),
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", help=_STORE_OPTION.format("the place of the archives"))
    ] = None,
    database_url: Annotated[
        str,
        typer.Option(
            "--database-url",
            help="An empty PostgreSQL database, 15 or newer, instead of one in the data folder.",
            envvar=["PALABRE_DATABASE_URL", "DATABASE_URL"],
            show_envvar=True,
        ),
    ] = "",
    media_store: Annotated[
        str, typer.Option("--media-store", help="Where media go, such as s3://bucket/prefix. Default: the data folder.")
    ] = "",
    media_option: Annotated[
        list[str] | None, typer.Option("--media-option", help=_STORE_OPTION.format("the media store"))
    ] = None,
    keep_media: Annotated[
        bool, typer.Option("--keep-media", help="The media store may hold media already: this network's own.")
    ] = False,
    without_damaged: Annotated[
        bool, typer.Option("--without-damaged", help="Go on without media that are damaged in the archive.")
    ] = False,
    start_over: Annotated[
        bool, typer.Option("--start-over", help="Throw away what a restore that was broken off has prepared.")
    ] = False,
    index_now: Annotated[
        bool,
        typer.Option(
            "--index-now", help="Make a large search index now too, instead of by the worker while the network serves."
        ),
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only verify the archive: no key is needed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The result for machines.")] = False,
) -> None:
    """Bring a whole network back from an archive into an empty folder. Broken off, the same command goes on."""
    with _in_words():
        options = Options(
            archive_id=archive,
            source_options=store_options(option or [], "--option"),
            lenient=without_damaged,
            start_over=start_over,
            index_now=index_now,
            sealed=bool(key),
        )
        if check:
            return _check(source, options, as_json)
        media_options = store_options(media_option or [], "--media-option")
        target = Target(data, database_url, media_store, media_options, keep_media)
        with Bars() as shown:
            restored = asyncio.run(
                bring_back(source, target, opener=opener_of(key or []), progress=shown, options=options)
            )
    if as_json:
        typer.echo(json.dumps(asdict(restored)))
    else:
        _tell(restored)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        fail(refused.message, refused)
    except KeyboardInterrupt:
        Console(stderr=True).print(f"\n{_AGAIN}", style="yellow")
        raise typer.Exit(130) from None


def store_options(given: list[str], name: str) -> dict[str, str]:
    """Raises Refused."""
    found = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals:
            raise Refused(f"{name} must be KEY=VALUE, not {each}.")
        found[key] = value
    return found


def opener_of(files: list[Path]) -> Opener:
    """Of all private keys in these files. Raises Refused."""
    try:
        texts = [file.read_text() for file in files]
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The key can't be read: {error}.") from error
    return Opener([identity for text in texts for identity in read_identities(text)])


def _check(source: str, options: Options, as_json: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="palabre-check-") as scratch, Bars() as shown:
        archive, verified = asyncio.run(
            check_archive(source, opener=Opener([]), progress=shown, options=options, scratch=Path(scratch))
        )
    bad = verified.bad_media
    if as_json:
        found = {"archive": archive.id, "files": verified.files, "bytes": verified.bytes, "damaged": sorted(bad)}
        typer.echo(json.dumps(found))
    elif not bad:
        typer.echo(
            f"Archive {archive.id} of {archive.index.network}, taken {archive.index.taken_at:%Y-%m-%d %H:%M} UTC, is whole: "
            f"{verified.files:,} files, {verified.bytes / 1e6:,.1f} MB, each as it was written."
        )
    if bad and not as_json:
        fail(f"Media of archive {archive.id} are damaged or missing ({len(bad)}): {', '.join(sorted(bad)[:5])}")
    if bad:
        raise typer.Exit(1)


def _tell(restored: Restored) -> None:
    console = Console(stderr=True, highlight=False)

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style, soft_wrap=True, markup=False)

    at = datetime.fromisoformat(restored.taken_at)
    say(
        f"{restored.network} is back, as it was on {at:%Y-%m-%d at %H:%M} UTC: {restored.rows:,} rows in "
        f"{restored.tables} tables and {restored.media:,} media ({restored.media_bytes / 1e6:,.1f} MB), each verified against "
        f"archive {restored.archive}, in {restored.seconds:.0f} s.",
        "bold green",
    )
    if restored.lost_media:
        say(f"Damaged in the archive, and so missing now: {len(restored.lost_media)} of the media.", "yellow")
    if restored.gone:
        say(f"{restored.gone} media had been erased while the archive was being taken.")
    if restored.migrated:
        say(f"It was taken by an older version; applied: {', '.join(restored.migrated)}.")
    if restored.search_later:
        say("The worker makes the search index while it serves, the newest posts first; until then search finds less.")
    for name in restored.differing:
        say(f"palabre.toml has its own value for {name}, which was kept; the archive had another.", "yellow")
    say(
        "Members, their passwords and sessions, waiting duties and deliveries came along, and go on once it serves. So make "
        "sure that the old one serves nowhere any more: two at once would answer and deliver twice.",
        "bold yellow",
    )
    where = os.path.relpath(restored.data) if Path(restored.data).is_relative_to(Path.cwd()) else restored.data
    say(f"Start it:  palabre serve --data {where}")
