"""The `palabre` command: one file per command."""

import typer

from palabre.entrypoints.cli import (
    account,
    demo,
    doctor,
    domains,
    duties,
    export,
    import_,
    jury,
    log,
    notices,
    pack,
    run,
    search,
    settings,
    signing_key,
    transparency,
)

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
app.add_typer(account.app)
app.add_typer(search.app)
app.command("import")(import_.import_)
app.command()(export.export)
app.add_typer(domains.app)
app.add_typer(duties.app)
app.add_typer(notices.app)
app.add_typer(log.app)
app.add_typer(pack.app)
app.command()(pack.dossier)
app.add_typer(signing_key.app)
app.add_typer(transparency.app)
app.add_typer(jury.app)
app.command()(settings.settings)
app.command()(doctor.doctor)
