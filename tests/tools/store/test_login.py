from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from tests.tools.store.store_rows import at_once
from tools.store.database import Database
from tools.store.login import (
    EVERYBODY,
    LoginFailure,
    LoginSession,
    admit_login,
    clear_failures,
    close_session,
    find_session,
    locked_until,
    note_failure,
    open_session,
)
from tools.store.user import Role, User, disable_user, set_password

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def after(**time: float) -> datetime:
    return NOON + timedelta(**time)


def shut_seconds(session: Session, name: str, at: datetime) -> float:
    until = locked_until(session=session, name=name, at=at)
    return 0 if until is None else (until - at).total_seconds()


def test_a_token_finds_its_user_for_fourteen_days(session: Session, director: User) -> None:
    token = open_session(session=session, user=director, at=NOON)
    other = open_session(session=session, user=director, at=NOON)
    assert token != other
    for at, found in ((NOON, director), (after(days=13.9), director), (after(days=14), None)):
        assert find_session(session=session, token=token, at=at) == found
    assert find_session(session=session, token=token + "x", at=NOON) is None
    close_session(session=session, token=token)
    assert find_session(session=session, token=token, at=NOON) is None
    assert find_session(session=session, token=other, at=NOON) == director


def test_the_table_does_not_hold_the_token(session: Session, director: User) -> None:
    token = open_session(session=session, user=director, at=NOON)
    row = session.connection().execute(text("SELECT * FROM login_session")).one()
    assert sha256(token.encode()).hexdigest() in row
    assert token not in str(row)


def test_a_disabled_users_sessions_find_nobody(session: Session, director: User) -> None:
    token = open_session(session=session, user=director, at=NOON)
    disable_user(session=session, name="Ida")
    assert find_session(session=session, token=token, at=NOON) is None


def test_a_new_password_ends_the_logins_before_it(session: Session, director: User) -> None:
    old = open_session(session=session, user=director, at=NOON)
    set_password(session=session, name="Ida", password_hash="scrypt$2")
    new = open_session(session=session, user=director, at=NOON)
    assert find_session(session=session, token=old, at=NOON) is None
    assert find_session(session=session, token=new, at=NOON) == director


def test_sessions_survive_a_restart_and_old_ones_are_swept(database: Database) -> None:
    with database.session() as session:
        user = User(name="Ida", role=Role.DIRECTOR, password_hash="scrypt$1")
        session.add(user)
        session.flush()
        open_session(session=session, user=user, at=NOON)
        token = open_session(session=session, user=user, at=after(days=10))
    database.close()
    with database.session() as session:
        found = find_session(session=session, token=token, at=after(days=15))
        assert found is not None
        open_session(session=session, user=found, at=after(days=15))
        assert len(session.exec(select(LoginSession)).all()) == 2


def test_three_are_free_and_then_the_time_doubles(session: Session) -> None:
    waits, at = [], NOON
    for _ in range(15):
        note_failure(session=session, name="Ida", at=at)
        waits.append(shut_seconds(session, "Ida", at))
        at += timedelta(minutes=16)
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert shut_seconds(session, "Otto", at) == 0


def test_a_lock_ends_by_itself_and_is_no_longer_than_said(session: Session) -> None:
    for _ in range(4):
        note_failure(session=session, name="Ida", at=NOON)
    assert shut_seconds(session, "Ida", after(seconds=1.5)) == 0.5
    assert locked_until(session=session, name="Ida", at=after(seconds=2)) is None


def test_a_right_login_and_a_quiet_day_start_anew(session: Session) -> None:
    for _ in range(4):
        note_failure(session=session, name="Ida", at=NOON)
    clear_failures(session=session, name="Ida")
    assert shut_seconds(session, "Ida", NOON) == 0
    clear_failures(session=session, name="nobody")
    for at in (NOON, NOON, NOON, after(days=1)):
        note_failure(session=session, name="Ida", at=at)
    assert shut_seconds(session, "Ida", after(days=1)) == 0


def test_failures_of_many_names_slow_everybody(session: Session) -> None:
    for index in range(20):
        note_failure(session=session, name=f"guess {index}" * (index % 2), at=NOON)
    assert shut_seconds(session, "Ida", NOON) == 0
    waits = []
    for index in range(7):
        note_failure(session=session, name=f"more {index}", at=NOON)
        waits.append(shut_seconds(session, "Ida", NOON))
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    note_failure(session=session, name="Ida", at=after(minutes=15))
    assert shut_seconds(session, "Ida", after(minutes=15)) == 0


@pytest.mark.parametrize("name", [EVERYBODY, "?", "", "x" * 500, "\ud800", "a\0b"])
def test_a_strange_name_shuts_nobody_elses_door(session: Session, name: str) -> None:
    for _ in range(12):
        note_failure(session=session, name=name, at=NOON)
    assert shut_seconds(session, name, NOON) == 512
    assert shut_seconds(session, "Ida", NOON) == 0
    assert {row.name for row in session.exec(select(LoginFailure))} == {EVERYBODY, "?"}


def test_a_try_is_counted_before_its_password_is_looked_at(session: Session) -> None:
    for _ in range(4):
        assert admit_login(session=session, name="Ida", at=NOON) is None
    assert admit_login(session=session, name="Ida", at=NOON) == after(seconds=2)
    assert admit_login(session=session, name="Ida", at=after(seconds=2)) is None
    assert admit_login(session=session, name="Ida", at=after(seconds=3)) == after(seconds=6)


def test_right_logins_never_shut_the_door(session: Session) -> None:
    for _ in range(50):
        assert admit_login(session=session, name="Ida", at=NOON) is None
        clear_failures(session=session, name="Ida")
    assert session.get_one(LoginFailure, EVERYBODY).failures == 0


def test_tries_at_once_do_not_share_a_free_one(database: Database) -> None:
    def attempt(_: int) -> bool:
        with database.session() as session:
            return admit_login(session=session, name="Ida", at=NOON) is None

    assert sum(at_once(attempt, 12)) == 4
