from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.tools.store.store_rows import StoredRows, add_rows
from tools.contracts.model import Contract
from tools.store.character import (
    Character,
    CharacterCreate,
    Look,
    LookCreate,
    add_character,
    add_look,
)
from tools.store.conversation import Conversation, start_conversation
from tools.store.database import Database, open_database
from tools.store.production import Production, ProductionCreate, add_production
from tools.store.user import Role, User, UserCreate, add_user


class Words(Contract):
    """A typed value small enough for every JSON column."""

    words: str


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: migrating one for every test would cost most of the time."""
    file = tmp_path_factory.mktemp("empty") / "studio.db"
    open_database(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "studio.db"
    shutil.copyfile(empty_database, file)
    opened = open_database(f"sqlite:///{file}")
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as opened:
        yield opened


@pytest.fixture
def production(session: Session) -> Production:
    create = ProductionCreate.of(name="Harbour", style=Words(words="grainy"))
    return add_production(session=session, production=create)


@pytest.fixture
def character(session: Session, production: Production) -> Character:
    create = CharacterCreate.of(
        production_id=production.id, name="Mara", brief=Words(words="a welder")
    )
    return add_character(session=session, character=create)


@pytest.fixture
def look(session: Session, character: Character) -> Look:
    return add_look(session=session, look=LookCreate(character_id=character.id))


@pytest.fixture
def conversation(session: Session, production: Production) -> Conversation:
    return start_conversation(session=session, production_id=production.id, title="First day")


@pytest.fixture
def director(session: Session) -> User:
    create = UserCreate(name="Ida", role=Role.DIRECTOR, password_hash="scrypt$1")
    return add_user(session=session, user=create)


@pytest.fixture
def stored(database: Database) -> StoredRows:
    """Committed rows, for tests that write from several threads."""
    with database.session() as session:
        return add_rows(session)
