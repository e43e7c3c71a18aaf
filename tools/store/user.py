"""Accounts: who may sign in, in which role, and the one production that a reviewer sees.

Knows the table and its queries; must not know how a password is hashed nor what a role may do.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, select

from tools.contracts.model import Name
from tools.errors import BadInput, UnknownName
from tools.store.model import StoreModel, enum_type, new_id, now


class Role(StrEnum):
    """What an account is for."""

    DIRECTOR = "director"
    REVIEWER = "reviewer"


class UserBase(StoreModel):
    """What an account is made with."""

    name: Name = Field(unique=True)
    role: Role = Field(sa_type=enum_type(Role), nullable=False)
    password_hash: str = Field(min_length=1, max_length=400)
    """With its salt and parameters; never the password."""
    production_id: str | None = Field(default=None, foreign_key="production.id", index=True)
    """The one production of a reviewer; None for directors."""


class UserCreate(UserBase):
    """A checked account that is not stored yet."""


class User(UserBase, table=True):
    """A stored account."""

    __tablename__ = "user"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    password_version: int = Field(default=1, ge=1)
    """Goes up with every new password; a login made before it is over."""
    disabled: bool = False
    created_at: datetime = Field(default_factory=now)


def add_user(*, session: Session, user: UserCreate) -> User:
    """Store a new account.

    Raises:
        BadInput: the name is taken, a reviewer has no production, or a director has one.
    """
    if find_user(session=session, name=user.name) is not None:
        raise BadInput(f"a user named {user.name!r} exists; choose another name")
    if user.role is Role.REVIEWER and user.production_id is None:
        raise BadInput(f"the reviewer {user.name!r} needs the one production to review")
    if user.role is Role.DIRECTOR and user.production_id is not None:
        raise BadInput(f"{user.name!r} is a director, who sees all productions; name none")
    row = User.model_validate(user)
    session.add(row)
    session.flush()
    return row


def find_user(*, session: Session, name: str) -> User | None:
    """Return the account of this name, disabled or not, if any."""
    return session.exec(select(User).where(User.name == name)).first()


def get_user(*, session: Session, name: str) -> User:
    """Return the account of this name, for one who may know the others' names.

    Raises:
        UnknownName: there is none; the message lists those that exist.
    """
    user = find_user(session=session, name=name)
    if user is None:
        known = ", ".join(row.name for row in list_users(session=session)) or "none yet"
        raise UnknownName(f"no user named {name!r}; there are: {known}")
    return user


def list_users(*, session: Session) -> list[User]:
    """Return all accounts by name, the disabled ones too."""
    return list(session.exec(select(User).order_by(User.name)))


def set_password(*, session: Session, name: str, password_hash: str) -> User:
    """Store another password; every open login of the account is over.

    Raises:
        UnknownName: there is no such account.
    """
    user = get_user(session=session, name=name)
    user.password_hash = password_hash
    user.password_version += 1
    session.add(user)
    session.flush()
    return user


def disable_user(*, session: Session, name: str) -> User:
    """Close an account: its open logins find nobody; name, votes and comments stay.

    Raises:
        UnknownName: there is no such account.
    """
    user = get_user(session=session, name=name)
    user.disabled = True
    session.add(user)
    session.flush()
    return user
