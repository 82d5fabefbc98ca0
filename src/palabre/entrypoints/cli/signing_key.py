"""signing-key show, rotate: the key by which outsiders know that a record is this network's."""

import typer

from palabre.base import signing
from palabre.base.db import Database
from palabre.entrypoints.cli.database import DataFolder, with_database

app = typer.Typer(name="signing-key", help="The key that signs packs, reports and seals.", no_args_is_help=True)


@app.command()
def show(data: DataFolder = None) -> None:
    """Print the public key in use, as a PEM file."""

    async def go(db: Database) -> signing.PublicKey:
        async with db.transaction() as conn:
            return (await signing.signer(conn)).public

    key = with_database(data, go)
    typer.echo(f"Key {key.id}, in use since {key.since:%Y-%m-%d}", err=True)
    typer.echo(key.pem.strip())


@app.command()
def rotate(data: DataFolder = None) -> None:
    """Make a new key, endorsed by the old one, whose private half is forgotten. What it signed can still be checked."""

    async def go(db: Database) -> signing.PublicKey:
        async with db.transaction() as conn:
            return await signing.rotate(conn)

    typer.echo(f"The key is now {with_database(data, go).id}")
