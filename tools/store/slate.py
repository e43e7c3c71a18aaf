"""Slate names: scene 12, setup A, take 3 = `12A T3`.

Knows the letters (I and O are skipped) and their order; must not know the database.
"""

from __future__ import annotations

import re

from tools.errors import BadInput

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
LAST_SETUP = len(LETTERS) + len(LETTERS) ** 2
LAST_SCENE = 9999

_SETUP = rf"(?P<scene>[1-9][0-9]{{0,3}})(?P<setup>[{LETTERS}]{{0,2}})"
_SLATE = re.compile(_SETUP)
_TAKE = re.compile(rf"{_SETUP} *T(?P<take>[1-9][0-9]{{0,3}})")


def setup_letters(ordinal: int) -> str:
    """Return the letters of a setup: 0 is the master (no letter), 1 is A, 24 is Z, 25 is AA.

    Raises:
        BadInput: the scene has no letters left.
    """
    if not 0 <= ordinal <= LAST_SETUP:
        raise BadInput(f"a scene holds {LAST_SETUP} setups (A to ZZ); open another scene")
    if ordinal == 0:
        return ""
    high, low = divmod(ordinal - 1, len(LETTERS))
    return (LETTERS[high - 1] if high else "") + LETTERS[low]


def setup_ordinal(letters: str) -> int:
    """Return the ordinal of setup letters; the inverse of `setup_letters`.

    Raises:
        BadInput: not up to two letters, or I or O among them.
    """
    if len(letters) > 2 or any(letter not in LETTERS for letter in letters):
        raise BadInput(f"{letters!r} is no setup; expected A to ZZ without I and O, or nothing")
    ordinal = 0
    for letter in letters:
        ordinal = ordinal * len(LETTERS) + LETTERS.index(letter) + 1
    return ordinal


def slate_name(scene: int, ordinal: int, take: int | None = None) -> str:
    """Write a slate: `12A`, or `12A T3` with a take."""
    slate = f"{scene}{setup_letters(ordinal)}"
    return slate if take is None else f"{slate} T{take}"


def parse_slate(text: str) -> tuple[int, int]:
    """Read a slate without a take into scene number and setup ordinal.

    Raises:
        BadInput: not of the form `12A`.
    """
    match = _SLATE.fullmatch(text.strip().upper())
    if match is None:
        raise BadInput(f"{text!r} is no slate; expected a scene number and setup letters, as 12A")
    return int(match["scene"]), setup_ordinal(match["setup"])


def parse_take(text: str) -> tuple[int, int, int]:
    """Read a take's slate into scene number, setup ordinal and take number.

    Raises:
        BadInput: not of the form `12A T3`.
    """
    match = _TAKE.fullmatch(text.strip().upper())
    if match is None:
        raise BadInput(f"{text!r} is no take; expected a slate and a take number, as 12A T3")
    return int(match["scene"]), setup_ordinal(match["setup"]), int(match["take"])
