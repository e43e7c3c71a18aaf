from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.served_page import CHEAP, PASSWORD, Clock
from tools.store.database import Database, open_database
from tools.store.user import Role
from tools.workflows.people.characters import ensure_production
from ui.auth.accounts import add_account
from ui.auth.logins import Logins
from ui.auth.passwords import Passwords


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Productions Harbour and Desert, no accounts."""
    opened = open_database(f"sqlite:///{tmp_path / 'studio.db'}")
    with opened.session() as session:
        for name in ("Harbour", "Desert"):
            ensure_production(session, name)
    yield opened
    opened.close()


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(CHEAP)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logins(database: Database, passwords: Passwords, clock: Clock) -> Logins:
    return Logins(database, passwords, clock=clock)


@pytest.fixture
def people(database: Database, passwords: Passwords) -> None:
    """Ida directs, Rosa reviews Harbour."""
    add_account(database, passwords, "Ida", Role.DIRECTOR, None, PASSWORD)
    add_account(database, passwords, "Rosa", Role.REVIEWER, "Harbour", PASSWORD)
