from __future__ import annotations

import pytest

from tests.support.served_page import PASSWORD, Clock
from tools.store.database import Database
from tools.store.user import Role, disable_user
from ui.auth.accounts import add_account, change_password
from ui.auth.logins import DoorShut, Logins, SignedIn, WrongLogin
from ui.auth.passwords import Passwords

WRONG = "harbour by day"


def signed_in(logins: Logins, name: str = "Ida", password: str = PASSWORD) -> str:
    tried = logins.sign_in(name, password)
    assert isinstance(tried, SignedIn), tried
    return tried.token


@pytest.mark.usefixtures("people")
def test_the_right_password_signs_in_and_the_token_finds_its_holder(logins: Logins) -> None:
    director = logins.holder(signed_in(logins))
    assert director is not None
    assert (director.name, director.is_director, director.productions) == ("Ida", True, None)
    reviewer = logins.holder(signed_in(logins, "Rosa"))
    assert reviewer is not None
    assert not reviewer.is_director
    assert reviewer.productions is not None
    assert len(reviewer.productions) == 1


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("name", "password"),
    [("Ida", WRONG), ("ida", PASSWORD), ("Nobody", PASSWORD), ("", ""), ("*", PASSWORD)],
)
def test_a_wrong_name_or_password_says_the_same(logins: Logins, name: str, password: str) -> None:
    assert logins.sign_in(name, password) == WrongLogin()


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("token", [None, "", "x", "x" * 5000])
def test_a_made_up_token_holds_nobody(logins: Logins, token: str | None) -> None:
    assert logins.holder(token) is None


@pytest.mark.usefixtures("people")
def test_signing_out_ends_one_login_only(logins: Logins) -> None:
    one, two = signed_in(logins), signed_in(logins)
    logins.sign_out(one)
    assert logins.holder(one) is None
    assert logins.holder(two) is not None


@pytest.mark.usefixtures("people")
def test_a_login_ends_with_its_time_its_account_and_its_password(
    logins: Logins, database: Database, passwords: Passwords, clock: Clock
) -> None:
    token = signed_in(logins)
    clock.wait(15 * 24 * 3600)
    assert logins.holder(token) is None

    token = signed_in(logins)
    change_password(database, passwords, "Ida", "another password")
    assert logins.holder(token) is None
    assert logins.sign_in("Ida", PASSWORD) == WrongLogin()

    token = signed_in(logins, "Ida", "another password")
    with database.session() as session:
        disable_user(session=session, name="Ida")
    assert logins.holder(token) is None
    assert logins.named("Ida") is None
    assert logins.sign_in("Ida", "another password") == WrongLogin()


@pytest.mark.usefixtures("people")
def test_wrong_tries_shut_the_door_longer_each_time_even_for_the_right_password(
    logins: Logins, clock: Clock
) -> None:
    for _ in range(4):
        assert logins.sign_in("Ida", WRONG) == WrongLogin()
    waits = []
    for _ in range(5):
        shut = logins.sign_in("Ida", PASSWORD)
        assert isinstance(shut, DoorShut)
        waits.append((shut.until - clock.at).total_seconds())
        clock.wait(waits[-1])
        assert logins.sign_in("Ida", WRONG) == WrongLogin()
    assert waits == [2, 4, 8, 16, 32]
    assert isinstance(logins.sign_in("Rosa", PASSWORD), SignedIn), "other names are not shut out"
    clock.wait(900)
    assert isinstance(logins.sign_in("Ida", PASSWORD), SignedIn)
    assert logins.sign_in("Ida", WRONG) == WrongLogin(), "a right one begins the count anew"


@pytest.mark.usefixtures("people")
def test_wrong_tries_of_many_names_slow_everybody_for_a_minute_at_most(
    logins: Logins, clock: Clock
) -> None:
    for number in range(21):
        assert logins.sign_in(f"Nobody {number}", WRONG) == WrongLogin()
    shut = logins.sign_in("Ida", PASSWORD)
    assert isinstance(shut, DoorShut)
    clock.wait(60)
    assert isinstance(logins.sign_in("Ida", PASSWORD), SignedIn)


def test_without_accounts_the_person_at_this_computer_directs(
    logins: Logins, database: Database, passwords: Passwords
) -> None:
    assert logins.is_open()
    local = logins.holder(None)
    assert local is not None
    assert (local.name, local.user_id, local.role) == ("director", None, Role.DIRECTOR)
    assert logins.named("director") == local

    add_account(database, passwords, "Ida", Role.DIRECTOR, None, PASSWORD)
    assert not logins.is_open()
    assert logins.holder(None) is None
    assert logins.named("director") is None
    with database.session() as session:
        disable_user(session=session, name="Ida")
    assert logins.holder(None) is None, "to disable the last account must not open the house"


def test_a_page_that_others_reach_lets_nobody_in_without_an_account(
    database: Database, passwords: Passwords
) -> None:
    logins = Logins(database, passwords, accounts_only=True)
    assert not logins.is_open()
    assert logins.holder(None) is None
    assert logins.named("director") is None


@pytest.mark.usefixtures("people")
def test_a_login_is_found_by_another_process(
    logins: Logins, database: Database, passwords: Passwords, clock: Clock
) -> None:
    token = signed_in(logins)
    again = Logins(database, passwords, clock=clock)
    assert again.holder(token) == logins.holder(token) is not None
