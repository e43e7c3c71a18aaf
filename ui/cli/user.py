"""`samecast user`: accounts of the page."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from tools.errors import BadInput
from ui.cli.output import AsJson, print_json, print_table, say
from ui.cli.studio import open_services


class AccountRole(StrEnum):
    """What an account is for; the store's own names, without its weight."""

    DIRECTOR = "director"
    REVIEWER = "reviewer"


AccountName = Annotated[str, typer.Argument(help="The name to sign in with.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password as one line of input.")
]


def build_app() -> typer.Typer:
    """Return the sub-commands."""
    app = typer.Typer(help="Accounts of the page: directors and reviewers.", no_args_is_help=True)
    app.command("add")(add)
    app.command("list")(list_accounts)
    app.command("disable")(disable)
    app.command("password")(password)
    return app


def add(
    name: AccountName,
    role: Annotated[AccountRole, typer.Option(help="Reviewers look, vote and comment.")],
    production: Annotated[
        str | None, typer.Option("--production", help="The one production of a reviewer.")
    ] = None,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Make an account; from then on everybody has to sign in."""
    from tools.store.user import Role
    from ui.auth.accounts import add_account
    from ui.auth.passwords import Passwords

    services = open_services()
    user = add_account(
        services.database,
        Passwords(),
        name,
        Role(role),
        production,
        _read_password(password_stdin),
    )
    if as_json:
        print_json({"name": user.name, "role": str(user.role), "production": production})
    else:
        say(f"{user.name} can sign in as {user.role}")


def list_accounts(as_json: AsJson = False) -> None:
    """List the accounts."""
    from tools.store.production import list_productions
    from tools.store.user import list_users

    with open_services().database.reading() as session:
        names = {row.id: row.name for row in list_productions(session=session)}
        rows = [
            (
                user.name,
                str(user.role),
                names.get(user.production_id or "", "all"),
                "disabled" if user.disabled else "",
            )
            for user in list_users(session=session)
        ]
    columns = ("name", "role", "production", "state")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table("accounts", list(columns), [list(row) for row in rows])


def disable(name: AccountName) -> None:
    """Close an account at once; what it said stays."""
    from tools.store.user import disable_user

    with open_services().database.session() as session:
        disable_user(session=session, name=name)
    say(f"{name} cannot sign in any more")


def password(name: AccountName, password_stdin: FromStdin = False) -> None:
    """Give an account another password; it has to sign in again everywhere."""
    from ui.auth.accounts import change_password
    from ui.auth.passwords import Passwords

    services = open_services()
    change_password(services.database, Passwords(), name, _read_password(password_stdin))
    say(f"{name} has another password")


def _read_password(from_stdin: bool) -> str:
    """Ask twice in a terminal, or take one line.

    Raises:
        BadInput: nobody can be asked.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise BadInput("nobody is here to type a password; give --password-stdin and one line")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
