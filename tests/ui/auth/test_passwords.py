from __future__ import annotations

from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from tests.support.served_page import PASSWORD
from tools.errors import BadInput
from ui.auth.passwords import LONGEST, SHORTEST, Passwords


def test_a_password_fits_its_own_hash_and_no_other(passwords: Passwords) -> None:
    stored = passwords.hash(PASSWORD)
    assert PASSWORD not in stored
    assert passwords.fits(stored, PASSWORD)
    assert not passwords.fits(stored, PASSWORD + " ")
    assert passwords.hash(PASSWORD) != stored, "each hash has a salt of its own"


def test_the_hash_is_argon2id_with_the_parameters_of_rfc_9106() -> None:
    kind = extract_parameters(Passwords().hash(PASSWORD))
    assert (kind.type, kind.memory_cost, kind.time_cost) == (Type.ID, 65536, 3)


@pytest.mark.parametrize("length", [0, SHORTEST - 1, LONGEST + 1])
def test_a_password_of_a_bad_length_is_refused(passwords: Passwords, length: int) -> None:
    with pytest.raises(BadInput, match=f"10 to 128 characters; this one has {length}"):
        passwords.hash("x" * length)


class Counting(PasswordHasher):
    """Counts the passwords that it looked at."""

    checked = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.checked += 1
        return super().verify(hash, password)


def test_an_unknown_name_costs_a_check_too_and_never_fits() -> None:
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    passwords = Passwords(hasher)
    assert not passwords.fits(None, "nobody has this password")
    assert hasher.checked == 1


def test_a_password_that_is_too_long_is_not_hashed() -> None:
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    assert not Passwords(hasher).fits("$argon2id$", "x" * (LONGEST + 1))
    assert hasher.checked == 0


def test_a_damaged_hash_fits_nothing(passwords: Passwords) -> None:
    assert not passwords.fits("scrypt$1", PASSWORD)
