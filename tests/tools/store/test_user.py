from __future__ import annotations

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from tools.errors import BadInput, UnknownName
from tools.store.production import Production
from tools.store.user import (
    Role,
    User,
    UserCreate,
    add_user,
    disable_user,
    find_user,
    get_user,
    list_users,
    set_password,
)


def create(name: str, role: Role = Role.DIRECTOR, production: str | None = None) -> UserCreate:
    return UserCreate(name=name, role=role, password_hash="scrypt$1", production_id=production)


def test_a_name_is_given_once(session: Session, director: User) -> None:
    with pytest.raises(BadInput, match="a user named 'Ida' exists"):
        add_user(session=session, user=create("Ida"))
    assert find_user(session=session, name="Ida") == director
    assert find_user(session=session, name="Otto") is None
    with pytest.raises(UnknownName, match="no user named 'Otto'; there are: Ida"):
        get_user(session=session, name="Otto")


def test_a_reviewer_has_one_production_and_a_director_none(
    session: Session, production: Production, director: User
) -> None:
    with pytest.raises(BadInput, match="'Otto' needs the one production"):
        add_user(session=session, user=create("Otto", Role.REVIEWER))
    with pytest.raises(BadInput, match="'Otto' is a director"):
        add_user(session=session, user=create("Otto", Role.DIRECTOR, production.id))
    otto = add_user(session=session, user=create("Otto", Role.REVIEWER, production.id))
    assert otto.production_id == production.id
    assert list_users(session=session) == [director, otto]


@pytest.mark.parametrize("name", ["", "*", "?", "x" * 41, "<b>", "../etc"])
def test_other_text_is_no_name(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        create(name)


def test_a_password_is_replaced(session: Session, director: User) -> None:
    set_password(session=session, name="Ida", password_hash="scrypt$2")
    assert (director.password_hash, director.password_version) == ("scrypt$2", 2)
    with pytest.raises(UnknownName, match="no user named 'Otto'"):
        set_password(session=session, name="Otto", password_hash="scrypt$2")


def test_a_disabled_user_keeps_the_name(session: Session, director: User) -> None:
    disable_user(session=session, name="Ida")
    assert list_users(session=session) == [director]
    assert director.disabled
    with pytest.raises(BadInput, match="'Ida' exists"):
        add_user(session=session, user=create("Ida"))
