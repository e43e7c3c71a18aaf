"""Cuts a long prompt into pieces that a text encoder's window takes, the closing anchor kept whole.

Knows text and a way to count tokens; must not know encoders (DESIGN section 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_PHRASE_END = re.compile(r"(?<=[,;.])\s+")

TokenCount = Callable[[str], int]


@dataclass(frozen=True)
class Chunks:
    """A prompt in pieces, in order."""

    texts: tuple[str, ...]
    anchor: int
    """Index of the piece in which the anchor begins: its pooled vector stands for the prompt."""


def cut_prompt(prompt: str, anchor_start: int, count: TokenCount, room: int) -> Chunks:
    """Cut a prompt into pieces of at most `room` tokens.

    The anchor shares the last piece with as many of the scene's closing phrases as fit, so that its
    pooled vector says something of the scene too. Cuts fall between phrases; a phrase longer than a
    piece is cut between words, a word longer than a piece between letters. An anchor longer than a
    piece is cut the same way, and loses nothing.

    Args:
        prompt: the whole prompt.
        anchor_start: where its closing anchor begins; its length when there is none.
        count: tokens of a text, without start and end marks; adds up over words.
        room: tokens that fit between the marks.
    """
    scene, anchor = prompt[:anchor_start].strip(), prompt[anchor_start:].strip()
    phrases = _units(scene, count, room)
    if count(anchor) > room:
        before = _packed_from_end(phrases, count, room)
        after = _packed_from_start(_units(anchor, count, room), count, room)
        return Chunks(texts=(*before, *after), anchor=len(before))
    pieces = _packed_from_end([*phrases, anchor] if anchor else phrases, count, room)
    return Chunks(texts=tuple(pieces) or ("",), anchor=max(0, len(pieces) - 1) if anchor else 0)


def _packed_from_start(units: Sequence[str], count: TokenCount, room: int) -> list[str]:
    pieces: list[str] = []
    for unit in units:
        if pieces and count(pieces[-1]) + count(unit) <= room:
            pieces[-1] = f"{pieces[-1]} {unit}"
        else:
            pieces.append(unit)
    return pieces


def _packed_from_end(units: Sequence[str], count: TokenCount, room: int) -> list[str]:
    pieces: list[str] = []
    for unit in reversed(units):
        if pieces and count(pieces[0]) + count(unit) <= room:
            pieces[0] = f"{unit} {pieces[0]}"
        else:
            pieces.insert(0, unit)
    return pieces


def _units(text: str, count: TokenCount, room: int) -> list[str]:
    """Phrases of a text, the too long ones cut into words, and those into halves until they fit."""
    units: list[str] = []
    for phrase in filter(None, _PHRASE_END.split(text)):
        if count(phrase) <= room:
            units.append(phrase)
        else:
            for word in phrase.split():
                units.extend(_halves(word, count, room))
    return units


def _halves(word: str, count: TokenCount, room: int) -> list[str]:
    if count(word) <= room or len(word) == 1:
        return [word]
    middle = len(word) // 2
    return [*_halves(word[:middle], count, room), *_halves(word[middle:], count, room)]
