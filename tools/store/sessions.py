"""Transactions: one scope for writing, one for reading, and which database errors are the disk's.

Knows SQLAlchemy sessions and SQLite's error codes; must not know tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from tools.errors import StorageFailed

READ_ONLY = "samecast_read_only"

_DISK_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    }
)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn a full, locked, damaged or unreachable database into `StorageFailed`.

    Faulty statements and broken constraints are bugs and pass through.
    """
    try:
        yield
    except DBAPIError as error:
        if _is_storage_failure(error):
            raise StorageFailed(
                f"the database did not answer ({error.orig}); check free space, "
                "permissions and other programs that hold the file"
            ) from error
        raise


def _is_storage_failure(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is None:
        return isinstance(error, OperationalError)
    return (code & 0xFF) in _DISK_CODES


@contextmanager
def session_scope(engine: Engine, *, read_only: bool = False) -> Iterator[Session]:
    """Open one transaction: committed at the end, rolled back on any error.

    Rows stay readable after the commit. Keep write scopes short (no drawing, no network inside):
    on SQLite a write scope holds the only write lock from its first statement.

    Args:
        engine: From `tools.store.database.open_database`.
        read_only: Read a snapshot without the write lock; writing in it is an error.

    Raises:
        StorageFailed: disk full, or the database is locked, damaged or unreachable.
    """
    bound = engine.execution_options(**{READ_ONLY: True}) if read_only else engine
    with storage_errors(), Session(bound, expire_on_commit=False) as session:
        yield session
        if not read_only:
            session.commit()


def begin(connection: Connection) -> None:
    """Begin a SQLite transaction: with the write lock at once, or as a snapshot that cannot write.

    A transaction that reads first and asks for the lock later loses updates or fails midway.
    """
    if connection.get_execution_options().get(READ_ONLY):
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
