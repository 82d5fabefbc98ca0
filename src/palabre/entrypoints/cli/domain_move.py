"""domain-move prepare, status, cancel: the network moves to another name, and tells its followers elsewhere."""

import json
from typing import Annotated

import msgspec
import typer

from palabre.base import signing
from palabre.base.db import Database
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, fail, with_database
from palabre.features import instance
from palabre.features.instance import NotUs
from palabre.features.portability import domain_moves
from palabre.features.portability.domain_moves import Plan
from palabre.names import origin_of
from palabre.settings import current

app = typer.Typer(name="domain-move", help="Move to another name for good.", no_args_is_help=True)
_Json = Annotated[bool, typer.Option("--json", help="For machines.")]
_NOT_SENT = (
    "Nothing has been sent: Palabre does not talk with other servers yet. Sending comes with federation, and works this "
    "ledger off. Accounts have no keys of their own yet either; the network's signing key stays the same."
)


@app.command()
def prepare(
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="The new name: one of `domains`, and reachable.")],
    data: DataFolder = None,
) -> None:
    """Plan the move: each account's new id, and a ledger of all followers elsewhere. Run it again to bring it up to date;
    broken off, it goes on where it was. Nothing is sent.
    """

    async def go(db: Database) -> Plan:
        origin = await _checked(db, to)
        with Bars() as bars:
            return await domain_moves.prepare(db, origin, bars)

    _tell(with_database(data, go))


@app.command()
def status(as_json: _Json = False, data: DataFolder = None) -> None:
    """Show what is planned, and how far it is."""

    async def go(db: Database) -> Plan | None:
        async with db.reading() as conn:
            return await domain_moves.look(conn)

    found = with_database(data, go)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), indent=2))
    elif found is None:
        typer.echo("No move is planned. `palabre domain-move prepare --to NAME` plans one.")
    else:
        _tell(found)


@app.command()
def cancel(data: DataFolder = None) -> None:
    """Forget the plan and its ledger."""
    if not with_database(data, domain_moves.cancel):
        fail("No move is planned.")
    typer.echo("The plan is forgotten. Nothing had been sent.")


async def _checked(db: Database, name: str) -> str:
    """The origin of a name that is one of ours and leads here."""
    name = name.strip().lower()
    if name not in current().domains:
        ours = ", ".join(current().domains) or "there are none"
        fail(
            f"{name} is not among `domains` ({ours}): add it to palabre.toml, restart Palabre, and see `palabre doctor`."
        )
    async with db.transaction() as conn:
        key = (await signing.signer(conn)).public
    origin = origin_of(name)
    try:
        await instance.prove(origin, key)
    except NotUs as why:
        fail(f"{name} does not lead here: {why}. `palabre doctor` says what to do.")
    return origin


def _tell(plan: Plan) -> None:
    typer.echo(f"From {plan.old_origin} to {plan.new_origin}: {_STATES[plan.state]}")
    typer.echo(f"{plan.accounts} accounts have a new id in the plan")
    states = ", ".join(
        f"{plan.followers.get(state, 0)} {state}" for state in ("waiting", "sent", "confirmed", "failed")
    )
    typer.echo(f"Followers elsewhere who are to hear of it: {states}")
    typer.echo(_NOT_SENT)


_STATES = {
    "preparing": "still being planned; `palabre domain-move prepare` goes on with it",
    "ready": "planned",
}
