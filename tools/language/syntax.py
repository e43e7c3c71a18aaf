"""Prompt syntax of other programs, taken out at the door: the words stay, the marks go with a reason.

Knows `prompts/lexicon/syntax.yaml`; must not know what the words mean. Called where words come in: briefs,
changes, styles, scenes, notes and messages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import Match, Pattern

from tools.contracts.model import Contract
from tools.contracts.shots import Removal
from tools.language.lexicon import word_file

_EMPTY = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}")
_GAPS = re.compile(r"[ \t]*,(?:[ \t]*,)*")
_MOST_ROUNDS = 8
_BLANKS = "blanks"
"""Stands in a row for: the same words with blanks between them."""


class SyntaxRow(Contract):
    """One form of syntax."""

    pattern: str
    keeps: str
    reason: str | None = None
    exact: bool = False
    """Whether capitals count."""


class _SyntaxFile(Contract):
    rows: tuple[SyntaxRow, ...]


class Cleaned(Contract):
    """A text without syntax, and what was taken out, in the order of the rows."""

    text: str
    removed: tuple[Removal, ...] = ()


def clean(text: str) -> Cleaned:
    """Take the syntax of other programs out of a text; one without any comes back byte for byte."""
    removed: list[Removal] = []
    before, cleaned = None, text
    for _ in range(_MOST_ROUNDS):
        if cleaned == before:
            break
        before = cleaned
        for row, pattern in _rows():
            found = [match.group() for match in pattern.finditer(cleaned)]
            if found:
                cleaned = pattern.sub(_blanks if row.keeps == _BLANKS else row.keeps, cleaned)
            if row.reason:
                removed += [Removal(term=term, reason=row.reason) for term in found if term in text]
    if cleaned != text:
        cleaned = _GAPS.sub(",", _EMPTY.sub(" ", cleaned))
    return Cleaned(text=cleaned, removed=tuple(dict.fromkeys(removed)))


def _blanks(match: Match[str]) -> str:
    return " ".join(part for part in match.group().split("_") if part)


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[SyntaxRow, Pattern[str]], ...]:
    rows = word_file(_SyntaxFile, "lexicon", "syntax.yaml").rows
    return tuple(
        (row, re.compile(row.pattern if row.exact else f"(?i){row.pattern}")) for row in rows
    )
