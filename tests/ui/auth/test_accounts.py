from __future__ import annotations

import pytest

from tests.support.served_page import PASSWORD
from tools.errors import BadInput, UnknownName
from tools.store.database import Database
from tools.store.user import Role, list_users
from ui.auth.accounts import add_account, change_password
from ui.auth.passwords import Passwords


@pytest.mark.parametrize(
    ("name", "role", "production", "password", "message"),
    [
        ("", Role.DIRECTOR, None, PASSWORD, "is no name for an account"),
        ("Ida<script>", Role.DIRECTOR, None, PASSWORD, "is no name for an account"),
        ("*", Role.DIRECTOR, None, PASSWORD, "is no name for an account"),
        ("director", Role.DIRECTOR, None, PASSWORD, "stands for the person at this computer"),
        ("Ida", Role.DIRECTOR, None, "short", "10 to 128 characters"),
        ("Ida", Role.DIRECTOR, "Harbour", PASSWORD, "who sees all productions; name none"),
        ("Rosa", Role.REVIEWER, None, PASSWORD, "needs the one production to review"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    database: Database,
    passwords: Passwords,
    name: str,
    role: Role,
    production: str | None,
    password: str,
    message: str,
) -> None:
    with pytest.raises(BadInput, match=message):
        add_account(database, passwords, name, role, production, password)
    with database.reading() as session:
        assert list_users(session=session) == []


def test_names_that_do_not_exist_are_told(database: Database, passwords: Passwords) -> None:
    with pytest.raises(UnknownName, match="there are: Desert, Harbour"):
        add_account(database, passwords, "Rosa", Role.REVIEWER, "Attic", PASSWORD)
    with pytest.raises(UnknownName, match="no user named 'Ida'; there are: none yet"):
        change_password(database, passwords, "Ida", PASSWORD)


@pytest.mark.usefixtures("people")
def test_a_name_is_taken_once(database: Database, passwords: Passwords) -> None:
    with pytest.raises(BadInput, match="a user named 'Ida' exists"):
        add_account(database, passwords, "Ida", Role.DIRECTOR, None, PASSWORD)
