from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from tests.support.micro_studio import CliRun, run_cli
from tools.store.database import open_database
from tools.workflows.people.characters import ensure_production


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A studio with one production."""
    database = open_database(f"sqlite:///{tmp_path / 'samecast.db'}")
    with database.session() as session:
        ensure_production(session, "Harbour")
    database.close()
    return tmp_path


def user(home: Path, *words: str, typed: str = "harbour at night\n") -> CliRun:
    from io import StringIO

    with patch("sys.stdin", StringIO(typed)):
        return run_cli("user", *words, home=home)


def test_accounts_are_made_listed_changed_and_closed(home: Path) -> None:
    made = user(home, "add", "Ida", "--role", "director", "--password-stdin")
    assert (made.code, made.out) == (0, "Ida can sign in as director\n")
    reviewer = ("--role", "reviewer", "--production", "Harbour", "--password-stdin")
    assert user(home, "add", "Rosa", *reviewer).code == 0
    assert user(home, "password", "Ida", "--password-stdin", typed="another password").code == 0
    assert user(home, "disable", "Rosa").out == "Rosa cannot sign in any more\n"
    assert user(home, "list", "--json").json == [
        {"name": "Ida", "role": "director", "production": "all", "state": ""},
        {"name": "Rosa", "role": "reviewer", "production": "Harbour", "state": "disabled"},
    ]
    assert b"another password" not in (home / "samecast.db").read_bytes()


def test_a_password_is_never_an_argument(home: Path) -> None:
    run = user(home, "add", "Ida", "--role", "director")
    assert (run.code, run.error) == (
        2,
        "nobody is here to type a password; give --password-stdin and one line",
    )


@pytest.mark.parametrize(
    ("words", "typed", "message"),
    [
        (("add", "Ida", "--role", "director"), "short\n", "a password needs 10 to 128 characters"),
        (("add", "Rosa", "--role", "reviewer"), "harbour at night\n", "needs the one production"),
        (("password", "Nobody"), "harbour at night\n", "no user named 'Nobody'"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    home: Path, words: tuple[str, ...], typed: str, message: str
) -> None:
    run = user(home, *words, "--password-stdin", typed=typed)
    assert run.code == 2
    assert message in run.error
