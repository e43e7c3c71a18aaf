from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.served_page import PASSWORD
from tools.errors import Refused, UnknownName
from tools.store.database import Database
from tools.store.production import get_production
from tools.store.user import Role, disable_user
from ui.auth.accounts import add_account
from ui.auth.guard import ALLOWED, Action, Guard
from ui.auth.logins import Logins
from ui.auth.passwords import Passwords
from ui.viewer import Viewer, local_director

REVIEWERS_MAY = {Action.SEE, Action.VOTE, Action.COMMENT}


@pytest.fixture
def guard(database: Database, logins: Logins) -> Guard:
    return Guard(database, logins)


@pytest.fixture
def harbour(database: Database) -> str:
    with database.reading() as session:
        return get_production(session=session, name="Harbour").id


@pytest.fixture
def desert(database: Database) -> str:
    with database.reading() as session:
        return get_production(session=session, name="Desert").id


def viewer(logins: Logins, name: str) -> Viewer:
    found = logins.named(name)
    assert found is not None
    return found


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("action", list(Action))
def test_a_director_may_do_everything_everywhere(
    guard: Guard, logins: Logins, harbour: str, desert: str, action: Action
) -> None:
    ida = viewer(logins, "Ida")
    assert guard.require(ida, action, harbour) == ida
    assert guard.require(ida, action, desert) == ida
    assert guard.may(ida, action)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("action", list(Action))
def test_a_reviewer_sees_votes_and_comments_in_one_production_and_nothing_else(
    guard: Guard, logins: Logins, harbour: str, desert: str, action: Action
) -> None:
    rosa = viewer(logins, "Rosa")
    assert guard.may(rosa, action, harbour) == (action in REVIEWERS_MAY)
    assert not guard.may(rosa, action, desert)
    assert not guard.may(rosa, action)
    if action in REVIEWERS_MAY:
        with pytest.raises(UnknownName, match="no such production here"):
            guard.require(rosa, action, desert)
        with pytest.raises(Refused, match="reaches beyond your production"):
            guard.require(rosa, action)
    else:
        with pytest.raises(Refused, match=f"a reviewer may not {action}; ask a director"):
            guard.require(rosa, action, harbour)


def test_every_role_has_its_row() -> None:
    assert set(ALLOWED) == set(Role)


@pytest.mark.usefixtures("people")
def test_what_a_viewer_claims_to_be_is_not_believed(
    guard: Guard, logins: Logins, desert: str
) -> None:
    forged = replace(viewer(logins, "Rosa"), role=Role.DIRECTOR, productions=None)
    assert not guard.may(forged, Action.PICK, desert)
    assert not guard.may(forged, Action.SEE, desert)
    stolen = replace(forged, name="Ida")
    with pytest.raises(Refused, match="this account is closed"):
        guard.require(stolen, Action.SEE, desert)


@pytest.mark.usefixtures("people")
def test_a_disabled_account_may_nothing_from_now_on(
    guard: Guard, logins: Logins, database: Database, harbour: str
) -> None:
    ida = viewer(logins, "Ida")
    with database.session() as session:
        disable_user(session=session, name="Ida")
    with pytest.raises(Refused, match="this account is closed; sign in again"):
        guard.require(ida, Action.SEE, harbour)


@pytest.mark.usefixtures("people")
def test_a_production_that_does_not_exist_looks_like_one_that_may_not_be_seen(
    guard: Guard, logins: Logins, desert: str
) -> None:
    said = []
    for name, production_id in (("Ida", "0" * 32), ("Rosa", desert)):
        with pytest.raises(UnknownName) as caught:
            guard.require(viewer(logins, name), Action.SEE, production_id)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_the_local_director_ends_with_the_first_account(
    guard: Guard, database: Database, passwords: Passwords, harbour: str
) -> None:
    assert guard.may(local_director(), Action.PICK, harbour)
    add_account(database, passwords, "Ida", Role.DIRECTOR, None, PASSWORD)
    assert not guard.may(local_director(), Action.SEE, harbour)
