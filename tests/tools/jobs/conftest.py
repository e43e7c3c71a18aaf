from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.store.database import Database, open_database


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
