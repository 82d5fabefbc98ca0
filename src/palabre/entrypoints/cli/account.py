"""account create, token, role, reset-password, sign-out-everybody, list: members from the command line."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from palabre.base.db import Conn, Database
from palabre.base.errors import Refused
from palabre.entrypoints.cli.database import DataFolder, with_database
from palabre.features import accounts
from palabre.features.accounts import Member, SignUp, oauth
from palabre.settings import current

app = typer.Typer(
    name="account", help="Members: make, list, give a role, a token or a new password.", no_args_is_help=True
)
_Name = Annotated[str, typer.Argument(metavar="NAME", help="Username.")]
_Stdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
_Role = Annotated[str, typer.Option("--role", help="member, moderator or owner.")]


@app.command()
def create(
    name: _Name,
    email: Annotated[str, typer.Option("--email", help="E-mail address, used to sign in.")],
    password_stdin: _Stdin = False,
    role: _Role = "member",
    data: DataFolder = None,
) -> None:
    """Make a member, confirmed and approved."""
    password = _password(password_stdin)

    async def go(db: Database) -> int:
        return await accounts.add_member(db, SignUp(name, email, password), role)

    account_id = with_database(data, go)
    typer.echo(f"{name} is now {role}: {current().link_origin}/@{name} (id {account_id})")


@app.command()
def token(
    name: _Name,
    scopes: Annotated[str, typer.Option("--scopes", help="Parted by spaces.")] = "read write follow push",
    data: DataFolder = None,
) -> None:
    """Print a token for the client API that acts for a member."""

    async def go(db: Database) -> str:
        async with db.transaction() as conn:
            account_id = await _account(conn, name)
            app, _ = await oauth.register(conn, "palabre account token", [oauth.OUT_OF_BAND], [scopes])
            return (await oauth.issue(conn, account_id, app.scopes, app.client_id)).access_token

    typer.echo(with_database(data, go))


@app.command()
def role(name: _Name, role: Annotated[str, typer.Argument(metavar="ROLE")], data: DataFolder = None) -> None:
    """Make somebody member, moderator or owner."""

    async def go(db: Database) -> None:
        async with db.transaction() as conn:
            await accounts.set_role(conn, await _account(conn, name), role)

    with_database(data, go)
    typer.echo(f"{name} is now {role}")


@app.command("reset-password")
def reset_password(name: _Name, password_stdin: _Stdin = False, data: DataFolder = None) -> None:
    """Print a link by which a member chooses a new password, or set the one given on standard input."""
    password = _password(True) if password_stdin else None

    async def go(db: Database) -> str:
        async with db.transaction() as conn:
            account_id = await _account(conn, name)
            if password is None:
                return f"{current().link_origin}/reset/{await accounts.reset_link(conn, account_id)}"
        await accounts.set_password(db, account_id, password)
        return f"{name} has a new password and is signed out everywhere"

    typer.echo(with_database(data, go))


@app.command("two-factor-off")
def two_factor_off(name: _Name, data: DataFolder = None) -> None:
    """Let a member who lost phone and recovery codes sign in with the password alone; be sure it is her."""

    async def go(db: Database) -> bool:
        async with db.transaction() as conn:
            return await accounts.two_factor.turn_off(conn, await _account(conn, name))

    on = with_database(data, go)
    typer.echo(f"{name} signs in in one step again" if on else f"{name} did not sign in in two steps")


@app.command("sign-out-everybody")
def sign_out_everybody(data: DataFolder = None) -> None:
    """End all sessions of browsers and applications, as when they may have shown their tokens to somebody else."""

    async def go(db: Database) -> int:
        async with db.transaction() as conn:
            return await accounts.revoke_all(conn)

    typer.echo(f"{with_database(data, go)} sessions ended; passwords stay as they are")


@app.command("list")
def list_(
    role: Annotated[str | None, typer.Option("--role", help="Only those with this role.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    data: DataFolder = None,
) -> None:
    """Show the members, the first to join first."""

    async def go(db: Database) -> list[Member]:
        async with db.reading() as conn:
            return await accounts.members(conn, roles=(role,) if role else None, limit=100_000)

    found = with_database(data, go)
    if as_json:
        typer.echo(json.dumps([_described(member) for member in found], indent=2))
        return
    table = Table("Name", "E-mail", "Role", "State", "Joined", "Last seen")
    for member in found:
        described = _described(member)
        table.add_row(*(str(described[key]) for key in ("name", "email", "role", "state", "joined", "seen")))
    Console().print(table)


def _described(member: Member) -> dict[str, Any]:
    return {
        "id": str(member.account_id),
        "name": member.username,
        "email": member.email,
        "role": member.role,
        "state": _state(member),
        "joined": member.created_at.date().isoformat(),
        "seen": member.last_active_at.date().isoformat(),
    }


def _state(member: Member) -> str:
    if member.confirmed_at is None:
        return "unconfirmed"
    return "waiting for approval" if member.approved_at is None else member.standing


async def _account(conn: Conn, name: str) -> int:
    found = await accounts.by_handle(conn, name)
    if found is None:
        raise Refused(f"There is no member called {name}.")
    return found


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
