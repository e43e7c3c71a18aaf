from __future__ import annotations

import pytest

from tests.support.served_page import PASSWORD, Clock
from tools.store.database import Database
from tools.store.user import find_user
from ui.auth.accounts import change_password
from ui.auth.browsers import KnownBrowsers
from ui.auth.logins import DoorShut, Logins, SignedIn, WrongLogin
from ui.auth.passwords import Passwords

WRONG = "harbour by day"
pytestmark = pytest.mark.usefixtures("people")


def signed_in(logins: Logins, name: str = "Ida", browser: str | None = None) -> SignedIn:
    tried = logins.sign_in(name, PASSWORD, browser)
    assert isinstance(tried, SignedIn), tried
    return tried


def besiege(logins: Logins, clock: Clock, minutes: int = 60) -> None:
    """A stranger who knows a name and tries it every time the door opens."""
    for _ in range(minutes):
        logins.sign_in("Ida", WRONG)
        clock.wait(60)
    for number in range(40):
        logins.sign_in(f"Guest {number}", WRONG)


def test_a_stranger_cannot_lock_a_person_out_of_that_persons_own_browser(
    logins: Logins, clock: Clock
) -> None:
    browser = signed_in(logins).browser

    besiege(logins, clock)

    assert isinstance(logins.sign_in("Ida", PASSWORD), DoorShut)
    assert isinstance(logins.sign_in("Ida", PASSWORD, browser), SignedIn)
    assert isinstance(logins.sign_in("Ida", PASSWORD), DoorShut), "the strangers' door stays shut"


def test_wrong_tries_in_a_known_browser_shut_its_own_door(logins: Logins, clock: Clock) -> None:
    browser = signed_in(logins).browser

    tried = [logins.sign_in("Ida", WRONG, browser) for _ in range(5)]

    assert tried[:4] == [WrongLogin()] * 4
    assert isinstance(tried[4], DoorShut)
    assert isinstance(logins.sign_in("Ida", PASSWORD, browser), DoorShut)
    assert isinstance(logins.sign_in("Ida", PASSWORD), SignedIn), "other browsers are not shut"
    clock.wait(2)
    signed_in(logins, browser=browser)
    assert logins.sign_in("Ida", WRONG, browser) == WrongLogin(), "a right one is a new start"


@pytest.mark.parametrize("forged", ["", ".", "x", "{number}.", "{number}.{wrong}", "é.ü"])
def test_a_forged_mark_is_as_good_as_none(logins: Logins, clock: Clock, forged: str) -> None:
    number = signed_in(logins).browser.partition(".")[0]
    besiege(logins, clock, minutes=6)

    mark = forged.format(number=number, wrong="0" * 64)

    assert isinstance(logins.sign_in("Ida", PASSWORD, mark), DoorShut)


def test_a_mark_is_one_accounts_and_ends_with_its_password(
    logins: Logins, clock: Clock, database: Database, passwords: Passwords
) -> None:
    rosas, idas = signed_in(logins, "Rosa").browser, signed_in(logins).browser
    change_password(database, passwords, "Ida", "another harbour")
    besiege(logins, clock, minutes=6)

    for mark in (rosas, idas):
        assert isinstance(logins.sign_in("Ida", "another harbour", mark), DoorShut)


def test_a_mark_opens_nothing_and_is_of_one_studio(logins: Logins, database: Database) -> None:
    browser = signed_in(logins).browser
    with database.reading() as session:
        ida = find_user(session=session, name="Ida")
    assert ida is not None

    assert logins.holder(browser) is None
    assert KnownBrowsers(b"one").number(KnownBrowsers(b"one").mark(ida), ida) is not None
    assert KnownBrowsers(b"one").number(KnownBrowsers(b"two").mark(ida), ida) is None
