"""Open the studio's database: engine, settings of every connection, migrations.

Knows SQLite's and PostgreSQL's ways; must not know what the tables mean.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlmodel import Session

from tools.errors import BadInput, StorageFailed
from tools.store.migrate import upgrade
from tools.store.sessions import begin, session_scope

BUSY_TIMEOUT_MS = 15_000
FILE_NAME = "samecast.db"


@dataclass(frozen=True)
class Database:
    """An open database whose tables are up to date."""

    engine: Engine

    def session(self) -> AbstractContextManager[Session]:
        """Open a write transaction; see `tools.store.sessions.session_scope`."""
        return session_scope(self.engine)

    def reading(self) -> AbstractContextManager[Session]:
        """Open a snapshot that cannot write and waits for nobody."""
        return session_scope(self.engine, read_only=True)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def database_in(home: Path) -> URL:
    """The address of a home's own database, whatever letters its path has: no text is parsed."""
    return URL.create("sqlite", database=str(home.absolute() / FILE_NAME))


def open_database(url: str | URL) -> Database:
    """Open a database, make its folder and bring its tables up to date.

    Args:
        url: SQLAlchemy URL, `sqlite:///path/to/file.db` or `postgresql+psycopg://...`; a home's own
            comes from `database_in`.

    Raises:
        BadInput: not a URL of a database that can be used.
        StorageFailed: the file or server cannot be used, or is newer than this program.
    """
    address = _parse(url)
    if address.get_backend_name() == "sqlite":
        _make_folder(Path(str(address.database)))
    _migrate(address)
    return Database(_engine(address))


def _parse(url: str | URL) -> URL:
    try:
        address = make_url(url)
        address.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadInput(f"{url!r} is no database URL; expected sqlite:///path/to/file.db") from error
    except ModuleNotFoundError as error:
        raise BadInput(f"the driver {error.name} of this database URL is not installed") from error
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise BadInput("a database in memory cannot be shared; expected sqlite:///path/to/file.db")
    return address


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(f"cannot make the folder {file.parent}: {error.strerror}") from error


def _migrate(address: URL) -> None:
    """Migrate on a connection of its own.

    A batch migration rebuilds tables, and dropping the old one must not cascade through foreign
    keys, which SQLite can only switch off outside a transaction.
    """
    engine = create_engine(address, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_connection)
        event.listen(engine, "begin", begin)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def _engine(address: URL) -> Engine:
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    engine = create_engine(address)
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "connect", _enforce_foreign_keys)
    event.listen(engine, "begin", begin)
    return engine


def _set_up_connection(connection: SqliteConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _enforce_foreign_keys(connection: SqliteConnection, _record: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
