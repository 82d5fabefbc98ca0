"""The `palabre` command: one file per command."""

import sys

import typer
from pydantic import ValidationError

from palabre.entrypoints.cli import (
    account,
    archive,
    demo,
    doctor,
    domain_move,
    domains,
    drill,
    duties,
    export,
    import_,
    jury,
    log,
    move,
    notices,
    pack,
    relocate,
    restore,
    run,
    safekeeping,
    search,
    settings,
    signing_key,
    standby,
    static,
    transparency,
    wind_down,
)
from palabre.settings import Settings

app = typer.Typer(
    name="palabre",
    help="Palabre: a social network that keeps its house in order and cannot be switched off.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run.serve)
app.command()(demo.demo)
app.command()(run.web)
app.command()(run.worker)
app.command()(run.migrate)
app.command()(move.move)
app.command(hidden=True)(move.forward)
app.command()(standby.standby)
app.command()(standby.promote)
app.command(hidden=True)(standby.link)
app.add_typer(account.app)
app.add_typer(search.app)
app.command()(archive.archive)
app.command()(restore.restore)
app.add_typer(relocate.database)
app.add_typer(relocate.media)
app.command("import")(import_.import_)
app.command()(export.export)
app.command("wind-down")(wind_down.wind_down)
app.add_typer(domains.app)
app.add_typer(domain_move.app)
app.add_typer(duties.app)
app.add_typer(notices.app)
app.add_typer(log.app)
app.add_typer(pack.app)
app.command()(pack.dossier)
app.add_typer(signing_key.app)
app.add_typer(transparency.app)
app.add_typer(jury.app)
app.command()(settings.settings)
app.command()(safekeeping.safekeeping)
app.command()(drill.drill)
app.command(hidden=True)(drill.examine)
app.command()(static.static)
app.command()(doctor.doctor)


def main() -> None:
    """The command. A setting that can't be is said plainly, whatever the command was."""
    try:
        app()
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        for fault in error.errors():
            where, why = ".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, ")
            print(f"Setting {where}: {why}" if where else why, file=sys.stderr)
        print("`palabre settings --help` and docs/operators/settings.md tell what settings there are.", file=sys.stderr)
        sys.exit(1)
