"""What the studio's words mean: `prompts/agent/offline/glossary.yaml`.

Must not know a production; a question about this production's own things is no question about a word.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from re import Pattern

import yaml
from pydantic import Field

from tools.contracts.model import Contract


class Term(Contract):
    """A word of the studio."""

    asked: str = Field(min_length=1)
    """Pattern of the word as it is asked for, articles included."""
    says: str = Field(min_length=1, max_length=600)
    """What it means, in plain sentences."""


class Glossary(Contract):
    """The file as it is written."""

    questions: tuple[str, ...] = Field(min_length=1)
    """Patterns of questions; `{term}` is where the word stands."""
    terms: dict[str, Term] = Field(min_length=1)


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """Read the file once."""
    text = (
        files("prompts").joinpath("agent", "offline", "glossary.yaml").read_text(encoding="utf-8")
    )
    return Glossary.model_validate(yaml.safe_load(text))


def meaning_asked(low: str) -> str | None:
    """Return what a word means when a clause, in small letters, asks for just that; else None."""
    words = low.rstrip(" ?!.")
    return next((says for question, says in _questions() if question.search(words)), None)


@lru_cache(maxsize=1)
def _questions() -> tuple[tuple[Pattern[str], str], ...]:
    words = glossary()
    return tuple(
        (re.compile(question.replace("{term}", f"[\"']?(?:{term.asked})[\"']?")), term.says)
        for question in words.questions
        for term in words.terms.values()
    )
