"""Accounts as `samecast user` makes and changes them.

Knows names, roles and passwords; must not know the command line.
"""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from tools.contracts.model import Name
from tools.errors import BadInput
from tools.store.database import Database
from tools.store.production import get_production
from tools.store.user import Role, User, UserCreate, add_user, set_password
from ui.auth.passwords import Passwords
from ui.viewer import LOCAL_DIRECTOR


def add_account(
    database: Database,
    passwords: Passwords,
    name: str,
    role: Role,
    production: str | None,
    password: str,
) -> User:
    """Make an account.

    Args:
        database: the studio's.
        passwords: how they are hashed.
        name: letters, digits, spaces, - and ', up to 40.
        role: director or reviewer.
        production: name of a reviewer's one production; None for a director.
        password: 10 to 128 characters.

    Raises:
        BadInput: a name or password that cannot be used, or that the role and production do not fit.
        UnknownName: no such production.
    """
    _require_name(name)
    hashed = passwords.hash(password)
    with database.session() as session:
        found = production and get_production(session=session, name=production)
        create = UserCreate(
            name=name,
            role=role,
            password_hash=hashed,
            production_id=found.id if found else None,
        )
        return add_user(session=session, user=create)


def change_password(database: Database, passwords: Passwords, name: str, password: str) -> User:
    """Give an account another password; all its logins end.

    Raises:
        BadInput: the password is too short or too long.
        UnknownName: no such account.
    """
    hashed = passwords.hash(password)
    with database.session() as session:
        return set_password(session=session, name=name, password_hash=hashed)


def _require_name(name: str) -> None:
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        raise BadInput(
            f"{name!r} is no name for an account; up to 40 letters, digits, spaces, - and '"
        ) from error
    if name == LOCAL_DIRECTOR:
        raise BadInput(
            f"{name!r} stands for the person at this computer while there are no accounts; "
            "choose another name"
        )
