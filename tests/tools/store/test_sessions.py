from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

from tools.errors import StorageFailed
from tools.store.database import Database, open_database
from tools.store.model import new_id
from tools.store.production import Production, find_production


def add_production_row(session: Session, name: str, style: str = "{}") -> Production:
    row = Production(name=name, style=style)
    session.add(row)
    session.flush()
    return row


def test_a_scope_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError, match="UNIQUE"), database.session() as session:
        session.add_all([Production(name="Harbour", style="{}") for _ in range(2)])
    with database.reading() as session:
        assert find_production(session=session, name="Harbour") is None


def test_a_reading_scope_cannot_write_and_does_not_spoil_its_connection(
    database: Database,
) -> None:
    with pytest.raises(StorageFailed, match="readonly"), database.reading() as session:
        add_production_row(session, "Harbour")
    with database.session() as session:
        add_production_row(session, "Harbour")


def test_reading_does_not_wait_for_a_writer(database: Database) -> None:
    with database.session() as writing, database.reading() as reading:
        add_production_row(writing, "Harbour")
        assert find_production(session=reading, name="Harbour") is None


def test_a_faulty_statement_stays_a_bug(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.session() as session:
        session.connection().execute(text(f"SELECT * FROM t{new_id()}"))


FILL = """
import resource, sys
from tools.errors import StorageFailed
from tools.store.database import open_database
from tools.store.production import Production
database = open_database(sys.argv[1])
with database.session() as session:
    session.add(Production(name="before", style="{}"))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    with database.session() as session:
        session.add(Production(name="too much", style="x" * 1_000_000))
except StorageFailed as error:
    print("StorageFailed", error)
"""


def test_a_full_disk_is_storage_failed_and_keeps_what_was_stored(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    done = subprocess.run(
        [sys.executable, "-c", FILL, url], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("StorageFailed the database did not answer")
    with open_database(url).reading() as session:
        assert [row.name for row in session.exec(select(Production))] == ["before"]
