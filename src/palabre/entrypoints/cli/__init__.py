"""The `palabre` command: one file per command."""

import typer

<<<<<<< HEAD
from palabre.entrypoints.cli import account, demo, doctor, import_, run, search, settings
=======
from palabre.entrypoints.cli import account, doctor, duties, run, search, settings
>>>>>>> docs

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
<<<<<<< HEAD
app.command("import")(import_.import_)
=======
app.add_typer(duties.app)
>>>>>>> docs
app.command()(settings.settings)
app.command()(doctor.doctor)
