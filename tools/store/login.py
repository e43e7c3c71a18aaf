"""Who is signed in, and how long wrong passwords shut the door.

Knows two tables and the back-off rule; must not know passwords, cookies or addresses. The table of
logins holds a digest, so that one who reads the database cannot sign in with what it says.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete
from sqlmodel import Field, Session, col, select

from tools.contracts.model import Name
from tools.store.model import StoreModel, insert_or_ignore
from tools.store.user import User

LIFETIME = timedelta(days=14)
EVERYBODY = "*"
"""The row that counts wrong logins of all names together; no account can have this name."""
NO_NAME = "?"
BROWSER = "@"
"""Begins the row of a browser that an account has used before; no account can have this name."""

FREE_FAILURES = 3
LONGEST_LOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)

EVERYBODY_FREE_FAILURES = 20
EVERYBODY_LONGEST_LOCK = timedelta(minutes=1)
"""Short: a stranger may slow the others down, never lock them out."""
EVERYBODY_FORGOTTEN_AFTER = timedelta(minutes=15)


class LoginSession(StoreModel, table=True):
    """One signed-in browser."""

    __tablename__ = "login_session"

    token_digest: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the token in the browser's cookie."""
    user_id: str = Field(foreign_key="user.id", index=True)
    password_version: int
    """The account's when it signed in."""
    created_at: datetime
    expires_at: datetime


class LoginFailure(StoreModel, table=True):
    """Wrong logins of a name within its window."""

    __tablename__ = "login_failure"

    name: str = Field(primary_key=True, max_length=40)
    failures: int = Field(default=0, ge=0)
    since: datetime
    """When the window began; the count starts anew after it."""
    locked_until: datetime | None = None


def open_session(*, session: Session, user: User, at: datetime) -> str:
    """Sign an account in for 14 days and return the token, which is kept nowhere else."""
    token = token_urlsafe(32)
    session.exec(delete(LoginSession).where(col(LoginSession.expires_at) <= at))
    session.add(
        LoginSession(
            token_digest=_digest(token),
            user_id=user.id,
            password_version=user.password_version,
            created_at=at,
            expires_at=at + LIFETIME,
        )
    )
    session.flush()
    return token


def find_session(*, session: Session, token: str, at: datetime) -> User | None:
    """Return who holds this token; None when it is unknown, over, or the account is disabled."""
    return session.exec(
        select(User)
        .join(LoginSession, col(LoginSession.user_id) == User.id)
        .where(
            LoginSession.token_digest == _digest(token),
            col(LoginSession.expires_at) > at,
            LoginSession.password_version == User.password_version,
            col(User.disabled).is_(False),
        )
    ).first()


def close_session(*, session: Session, token: str) -> None:
    """Sign out; an unknown token is nothing to sign out."""
    session.exec(delete(LoginSession).where(col(LoginSession.token_digest) == _digest(token)))


def admit_login(
    *, session: Session, name: str, at: datetime, browser: str | None = None
) -> datetime | None:
    """Count a try as wrong before its password is looked at, unless the door is shut.

    Passwords are slow to check: tries that are counted only afterwards would all be let in at once.
    A right password gives the try back by `clear_failures`.

    Args:
        session: a write transaction.
        name: as it was typed.
        at: the present moment.
        browser: number of a browser in which this account has signed in before. Its tries are counted
            by themselves, as a name's are: those of others neither shut its door nor are shut by it.

    Returns:
        None when the password may be looked at, else when the next try may come.
    """
    if browser is not None:
        return _admit_browser(session, browser, at)
    _lock_row(session=session, name=EVERYBODY, at=at)
    shut = locked_until(session=session, name=name, at=at)
    if shut is None:
        note_failure(session=session, name=name, at=at)
    return shut


def note_failure(*, session: Session, name: str, at: datetime) -> None:
    """Count a wrong login for its name and for everybody.

    A name's first 3 are free, then each shuts its door for 2, 4, 8 ... seconds, at most 15 minutes,
    until it is right or a day is over. Everybody's first 20 in 15 minutes are free, then each shuts
    all doors for 2, 4, 8 ... seconds, at most a minute. Needs a write transaction.
    """
    everybody = _lock_row(session=session, name=EVERYBODY, at=at)
    _count(
        everybody, at, EVERYBODY_FORGOTTEN_AFTER, EVERYBODY_FREE_FAILURES, EVERYBODY_LONGEST_LOCK
    )
    session.add(everybody)
    own = _lock_row(session=session, name=_bounded(name), at=at)
    _count(own, at, FORGOTTEN_AFTER, FREE_FAILURES, LONGEST_LOCK)
    session.add(own)
    session.flush()


def clear_failures(*, session: Session, name: str, browser: str | None = None) -> None:
    """Forget a name's wrong logins after a right one; everybody's count gives one back.

    After one from a known browser only its own are forgotten.
    """
    if browser is not None:
        known = session.get(LoginFailure, BROWSER + browser, with_for_update=True)
        if known is not None:
            session.delete(known)
        return
    everybody = session.get(LoginFailure, EVERYBODY, with_for_update=True)
    if everybody is not None:
        everybody.failures = max(0, everybody.failures - 1)
        session.add(everybody)
    own = session.get(LoginFailure, _bounded(name), with_for_update=True)
    if own is not None:
        session.delete(own)
    session.flush()


def locked_until(*, session: Session, name: str, at: datetime) -> datetime | None:
    """Return when the next try of this name may come; None when it may come now."""
    ends = session.exec(
        select(LoginFailure.locked_until).where(
            col(LoginFailure.name).in_((EVERYBODY, _bounded(name))),
            col(LoginFailure.locked_until) > at,
        )
    )
    return max((end for end in ends if end is not None), default=None)


def _admit_browser(session: Session, browser: str, at: datetime) -> datetime | None:
    row = _lock_row(session=session, name=BROWSER + browser, at=at)
    if row.locked_until is not None and row.locked_until > at:
        return row.locked_until
    _count(row, at, FORGOTTEN_AFTER, FREE_FAILURES, LONGEST_LOCK)
    session.add(row)
    session.flush()
    return None


def _count(
    row: LoginFailure, at: datetime, window: timedelta, free: int, longest: timedelta
) -> None:
    if at - row.since >= window:
        row.since, row.failures = at, 0
    row.failures += 1
    beyond = row.failures - free
    if beyond > 0:
        # 2**20 seconds are past every longest lock, and a larger power would not fit a timedelta.
        row.locked_until = at + min(timedelta(seconds=2 ** min(beyond, 20)), longest)


def _lock_row(*, session: Session, name: str, at: datetime) -> LoginFailure:
    insert_or_ignore(session, LoginFailure, {"name": name, "failures": 0, "since": at})
    return session.get_one(LoginFailure, name, with_for_update=True)


def _bounded(name: str) -> str:
    """Names that no account can have count in one row; else a stranger chooses what rows we keep."""
    try:
        return TypeAdapter(Name).validate_python(name)
    except ValidationError:
        return NO_NAME


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
