"""The linter's table: terms, their reasons, and the contexts that keep an ambiguous one.

Knows the data file and how a lemma becomes a pattern; must not know how a text is mended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import Match, Pattern

from pydantic import Field

from tools.contracts.model import Contract
from tools.language.lexicon import word_file
from tools.language.picture.phrases import either

_COMPOUNDS = (
    "style|styled|quality|look|looking|level|grade|inspired|based|heavy|ready|aesthetic|resolution"
)
_SUFFIX = rf"(?:[\s-](?:{_COMPOUNDS}|hq|hd))?"
_SENTENCE = re.compile(r"[^.;!?\n]*")


class TermRow(Contract):
    """A term that needs more than its lemma."""

    lemma: str
    forms: tuple[str, ...] = ()
    joined: bool = True
    pattern: str | None = None
    """A whole pattern in place of the lemma, for machine syntax."""
    goes: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    unless_before: str | None = None
    unless_after: str | None = None
    unless_near: tuple[str, ...] = ()
    only_before: str | None = None
    only_after: str | None = None
    only_near: tuple[str, ...] = ()


class TermGroup(Contract):
    """Terms that go for one reason."""

    reason: str
    worn: bool = False
    led_by: str = ""
    terms: tuple[TermRow | str, ...] = Field(min_length=1)


class TermTable(Contract):
    """The whole data file."""

    wearables: str
    groups: tuple[TermGroup, ...]

    def rows(self) -> list[tuple[TermGroup, TermRow]]:
        """Return every term with its group; a bare lemma becomes a row."""
        return [
            (group, TermRow(lemma=term) if isinstance(term, str) else term)
            for group in self.groups
            for term in group.terms
        ]


@dataclass(frozen=True)
class LintTerm:
    """A term ready to be looked for."""

    row: TermRow
    reason: str
    pattern: Pattern[str]
    before: tuple[Pattern[str] | None, Pattern[str] | None]
    """What must not, and what must, stand right before."""
    after: tuple[Pattern[str] | None, Pattern[str] | None]
    near: tuple[Pattern[str] | None, Pattern[str] | None]
    """What must not, and what may, stand in the same sentence."""

    def goes_at(self, text: str, match: Match[str]) -> bool:
        """Say whether the context lets the term go."""
        start = match.start("term")
        unless_before, only_before = self.before
        unless_after, only_after = self.after
        unless_near, only_near = self.near
        sentence = _sentence_around(text, start, match.end())
        stays = (
            (unless_before and unless_before.search(text, 0, start))
            or (unless_after and unless_after.match(text, match.end()))
            or (unless_near and unless_near.search(sentence))
        )
        if stays:
            return False
        if only_near and only_near.search(sentence):
            return True
        rules = (
            (only_before, only_before and only_before.search(text, 0, start)),
            (only_after, only_after and only_after.match(text, match.end())),
        )
        asked = [found for rule, found in rules if rule]
        return all(asked) and (bool(asked) or only_near is None)


@lru_cache(maxsize=1)
def term_table() -> TermTable:
    """Read `prompts/lint_terms.yaml` once."""
    return word_file(TermTable, "lint_terms.yaml")


@dataclass(frozen=True)
class Terms:
    """Every term in the order in which a text is searched, longer lemmas first."""

    syntax: tuple[LintTerm, ...]
    beside_others: tuple[LintTerm, ...]
    """Those that go beside another term, so that they are looked for while all still stand."""
    plain: tuple[LintTerm, ...]


@lru_cache(maxsize=1)
def terms() -> Terms:
    """Compile the table once."""
    table = term_table()
    wearables = "|".join(re.escape(word) for word in table.wearables.split())
    made = [_term(group, row, wearables) for group, row in table.rows()]
    made.sort(key=lambda term: (-len(term.row.lemma), term.row.lemma))
    words = [term for term in made if term.row.pattern is None]
    return Terms(
        syntax=tuple(term for term in made if term.row.pattern is not None),
        beside_others=tuple(term for term in words if term.row.only_near),
        plain=tuple(term for term in words if not term.row.only_near),
    )


def _term(group: TermGroup, row: TermRow, wearables: str) -> LintTerm:
    worn = rf"\s(?:\w+\s)?(?:{wearables})s?\b" if group.worn else None
    unless_after = "|".join(rule for rule in (row.unless_after, worn) if rule) or None
    return LintTerm(
        row=row,
        reason=group.reason,
        pattern=_pattern(group, row),
        before=(_at_end(row.unless_before), _at_end(row.only_before)),
        after=(_compiled(unless_after), _compiled(row.only_after)),
        near=(_near(row.unless_near), _near(row.only_near)),
    )


def _pattern(group: TermGroup, row: TermRow) -> Pattern[str]:
    if row.pattern is not None:
        return re.compile(rf"(?P<term>{row.pattern})", re.IGNORECASE)
    version = r"(?:\.(?:com|net|org|art)|\s?v?\d+(?:\.\d+)*)?" if group.led_by else ""
    forms = "|".join(_form(form, joined=row.joined) for form in (row.lemma, *row.forms))
    return re.compile(
        rf"(?<![\w-])(?<!\d[.,])(?<![$£€'])(?:{group.led_by})(?P<term>[#@]?(?:{forms}))"
        rf"(?:'s|s|es)?{version}{_SUFFIX}(?!\w|-\w)",
        re.IGNORECASE,
    )


def _form(form: str, *, joined: bool) -> str:
    between = r"[\s\-_]*" if joined else r"[\s\-]+"
    parts = (re.escape(part) for part in re.split(r"[\s\-]+", form))
    return re.sub(r"^(\d+)k$", r"\1[\\s-]?k", between.join(parts))


def _compiled(rule: str | None) -> Pattern[str] | None:
    return re.compile(rule, re.IGNORECASE) if rule else None


def _at_end(rule: str | None) -> Pattern[str] | None:
    """Patterns on what comes before end in `$`, which stands for the place of the term."""
    return (
        re.compile(rule if rule.endswith("$") else f"(?:{rule})$", re.IGNORECASE) if rule else None
    )


def _near(words: Sequence[str]) -> Pattern[str] | None:
    return re.compile(rf"(?i)(?<!\w){either(words)}(?!\w)") if words else None


def _sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence of a term without the term."""
    first = max(text.rfind(mark, 0, start) for mark in ".;!?\n") + 1
    rest = _SENTENCE.match(text, end)
    return f"{text[first:start]} {rest.group() if rest else ''}"
