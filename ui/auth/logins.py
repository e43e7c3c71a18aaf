"""Sign in, sign out, and say who holds a cookie.

Knows accounts, passwords and the back-off; must not know HTTP. Every answer is read from the
database, so that a disabled account or another password ends a login at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes

from sqlmodel import Session

from tools.store.database import Database
from tools.store.login import (
    admit_login,
    clear_failures,
    close_session,
    find_session,
    open_session,
)
from tools.store.model import now
from tools.store.user import Role, User, find_user, list_users
from ui.auth.browsers import KnownBrowsers
from ui.auth.passwords import Passwords
from ui.viewer import LOCAL_DIRECTOR, Viewer, local_director

LONGEST_NAME = 40


@dataclass(frozen=True)
class SignedIn:
    """A login that worked."""

    token: str
    """For the browser's cookie; kept nowhere else."""
    browser: str
    """For another cookie, which stays when this login is over; see `ui.auth.browsers`."""


@dataclass(frozen=True)
class WrongLogin:
    """Name or password is wrong, or the account is disabled; which one is not said."""


@dataclass(frozen=True)
class DoorShut:
    """Too many wrong logins; the password was not looked at."""

    until: datetime


class Logins:
    """The logins of one studio."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        *,
        clock: Callable[[], datetime] = now,
        accounts_only: bool = False,
        browsers: KnownBrowsers | None = None,
    ) -> None:
        """Use a studio's accounts.

        Args:
            database: where they are.
            passwords: how they are hashed.
            clock: the present moment in UTC.
            accounts_only: whether nobody is let in without an account even while there are none
                (a page that others can reach).
            browsers: None knows browsers for the life of the process.
        """
        self._database = database
        self._passwords = passwords
        self._clock = clock
        self._accounts_only = accounts_only
        self._browsers = browsers or KnownBrowsers(token_bytes(32))

    def sign_in(
        self, name: str, password: str, browser: str | None = None
    ) -> SignedIn | WrongLogin | DoorShut:
        """Try a name and a password; a wrong one shuts the door for longer each time.

        Args:
            name: as it was typed.
            password: as it was typed.
            browser: what an earlier login left in this browser.
        """
        # No account has a longer name, and what was typed is not kept at any length.
        name = name.strip()[: LONGEST_NAME + 1]
        with self._database.session() as session:
            user = find_user(session=session, name=name)
            known = self._browsers.number(browser, user)
            shut = admit_login(session=session, name=name, at=self._clock(), browser=known)
        if shut is not None:
            return DoorShut(shut)
        # Hashing takes a while and must not hold the database's write lock.
        fits = self._passwords.fits(user.password_hash if user else None, password)
        if not fits or user is None:
            return WrongLogin()
        return self._let_in(user, known)

    def sign_out(self, token: str) -> None:
        """End a login."""
        with self._database.session() as session:
            close_session(session=session, token=token)

    def is_open(self) -> bool:
        """Say whether the person at this computer needs no account, because there is none."""
        if self._accounts_only:
            return False
        with self._database.reading() as session:
            return _no_accounts(session)

    def holder(self, token: str | None) -> Viewer | None:
        """Return who holds a cookie's token; without accounts, everybody is the local director."""
        with self._database.reading() as session:
            user = None
            if token:
                user = find_session(session=session, token=token, at=self._clock())
            if user is not None:
                return viewer_of(user)
            open_house = not self._accounts_only and _no_accounts(session)
            return local_director() if open_house else None

    def named(self, name: str) -> Viewer | None:
        """Return the viewer of this name as the database knows him now."""
        with self._database.reading() as session:
            user = find_user(session=session, name=name)
            if user is not None:
                return None if user.disabled else viewer_of(user)
            local = name == LOCAL_DIRECTOR and not self._accounts_only and _no_accounts(session)
            return local_director() if local else None

    def _let_in(self, user: User, known: str | None) -> SignedIn | WrongLogin:
        with self._database.session() as session:
            current = find_user(session=session, name=user.name)
            changed = current is None or current.password_version != user.password_version
            if current is None or changed or current.disabled:
                return WrongLogin()
            clear_failures(session=session, name=user.name, browser=known)
            token = open_session(session=session, user=current, at=self._clock())
            return SignedIn(token, self._browsers.mark(current))


def viewer_of(user: User) -> Viewer:
    """Return an account as handlers see it; a reviewer sees one production, a director all."""
    own = frozenset({user.production_id}) if user.production_id else frozenset[str]()
    return Viewer(
        user_id=user.id,
        name=user.name,
        role=user.role,
        productions=None if user.role is Role.DIRECTOR else own,
    )


def _no_accounts(session: Session) -> bool:
    """Disabled accounts count: to disable the last one must not open the house."""
    return not list_users(session=session)
