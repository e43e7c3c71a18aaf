"""What all tables share: metadata with named constraints, ids, UTC times, portable column types.

Knows SQLModel and how values are kept in both SQLite and PostgreSQL; must not know any noun.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from uuid import uuid4

from pydantic import BaseModel
from sqlalchemy import Enum as EnumColumn
from sqlalchemy import MetaData, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, SQLModel

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class StoreModel(SQLModel):
    """Base of every table and of the models that validate what goes into one."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)


def now() -> datetime:
    """The present moment in UTC, with its time zone."""
    return datetime.now(UTC)


def new_id() -> str:
    """A fresh random id: 32 hexadecimal digits."""
    return uuid4().hex


def enum_type(kind: type[Enum]) -> EnumColumn:
    """A column type that keeps the enum's *values* as plain strings in every database."""
    return EnumColumn(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


def canonical_json(value: BaseModel | Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def insert_or_ignore(session: Session, table: type[SQLModel], values: Mapping[str, object]) -> bool:
    """Insert one row unless a row with the same unique key exists; say whether it was inserted."""
    target: Table = table.__table__  # type: ignore[attr-defined]
    if session.get_bind().dialect.name == "postgresql":
        inserted = session.connection().execute(
            postgresql_insert(target).values(**values).on_conflict_do_nothing()
        )
    else:
        inserted = session.connection().execute(
            sqlite_insert(target).values(**values).on_conflict_do_nothing()
        )
    return inserted.rowcount == 1
