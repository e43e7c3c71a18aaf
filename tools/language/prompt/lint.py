"""Strip what is not photography language from a text, with a reason for each removal.

Knows how to take a term out and mend the place; the terms are data (`prompts/lint_terms.yaml`).
Deterministic: the same rules whether a person, a model or a template wrote the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tools.contracts.model import Contract
from tools.contracts.shots import Removal
from tools.language.prompt.lint_terms import LintTerm, terms

_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”')
_ORPHAN_LEFT = re.compile(
    r"(?:(?<=\s)|^)(?:(?:in|with|of) (?:the )?(?:style|look|manner) of|"
    r"rendered (?:in|with)|made (?:in|with)|trending on|"
    r"featured on|in|on|by|with|as|of|and|for|via|using|from|an?|the|very|like)\s*$",
    re.IGNORECASE,
)
_ORPHAN_RIGHT = re.compile(r"^(?:of|and|style|with)\b\s*", re.IGNORECASE)
_ARTICLE_LEFT = re.compile(r"(?:(?<=\s)|^)(an?)\s*$", re.IGNORECASE)
_ENDS = ",;:.!?)"
_PAUSES = ",;:/|+&"
_PAIRS = frozenset({"()", "[]", "{}"})


class LintResult(Contract):
    """A cleaned text and what was taken out, in reading order."""

    text: str
    removed: tuple[Removal, ...]


def lint(text: str, *, keep: Sequence[str] = ()) -> LintResult:
    """Take out production and CGI words.

    A text without such words comes back byte for byte; a cleaned text comes back unchanged when it
    is cleaned again.

    Args:
        text: what a person, a model or a template wrote.
        keep: names, wardrobe or other phrases inside which nothing is touched; so is lettering in
            double quotes.
    """
    removed: list[Removal] = []
    before = None
    while before != text:
        before = text
        text, syntax = _without_all(text, terms().syntax, keep)
        text, together = _without_together(text, terms().beside_others, keep)
        text, plain = _without_all(text, terms().plain, keep)
        removed += [*syntax, *together, *plain]
    return LintResult(text=text, removed=tuple(removed))


def _without_together(
    text: str, table: Sequence[LintTerm], keep: Sequence[str]
) -> tuple[str, list[Removal]]:
    """Take out at once what goes because of its neighbours, which may go, too."""
    found = sorted(_going(table, text, keep), key=lambda each: each[:2])
    for start, end, _ in reversed(found):
        text = _mended(text[:start], text[end:])
    return text, [removal for _, _, removal in found]


def _without_all(
    text: str, table: Sequence[LintTerm], keep: Sequence[str]
) -> tuple[str, list[Removal]]:
    """Take out one term after the other: what is mended may show the next."""
    removed: list[Removal] = []
    while found := min(_going(table, text, keep), key=lambda each: each[0], default=None):
        start, end, removal = found
        text = _mended(text[:start], text[end:])
        removed.append(removal)
    return text, removed


def _going(
    table: Sequence[LintTerm], text: str, keep: Sequence[str]
) -> Iterator[tuple[int, int, Removal]]:
    """Find where terms go, none twice: of two that overlap the one with the longer lemma."""
    kept = [*_kept_spans(text, keep)]
    for term in table:
        for match in term.pattern.finditer(text):
            overlaps = any(start < match.end() and match.start() < end for start, end in kept)
            if not overlaps and term.goes_at(text, match):
                kept.append(match.span())
                removal = Removal(term=match.group().strip(), reason=term.reason)
                yield match.start(), match.end(), removal


def _kept_spans(text: str, keep: Sequence[str]) -> Iterator[tuple[int, int]]:
    for match in _QUOTED.finditer(text):
        yield match.span()
    for phrase in keep:
        if phrase.strip():
            for match in re.finditer(
                rf"(?<!\w){re.escape(phrase.strip())}(?!\w)", text, re.IGNORECASE
            ):
                yield match.span()


def _mended(left: str, right: str) -> str:
    """Join what stood on both sides of a removed term, without what led only to it."""
    line_break = "\n" if "\n" in _space_at_end(left) + _space_at_start(right) else " "
    left, right = left.rstrip(), right.lstrip()
    if _is_open(right):
        left, right = _without_orphans(left, right)
    while left[-1:] + right[:1] in _PAIRS:
        left, right = left[:-1].rstrip(), right[1:].lstrip()
    if not left or left[-1] in ".!?":
        right = right.lstrip(_PAUSES + ".!? ")
    elif left[-1] in _PAUSES + "([{":
        right = right.lstrip(_PAUSES + " ")
    if not right or right[0] in ".!?)]}":
        left = left.rstrip(_PAUSES + " ")
    return _joined(_with_agreeing_article(left, right), right, line_break)


def _space_at_end(text: str) -> str:
    return text[len(text.rstrip()) :]


def _space_at_start(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _is_open(right: str) -> bool:
    """Say whether nothing follows that a word before the term could still lead to."""
    return not right or right[0] in _ENDS or bool(_ORPHAN_RIGHT.match(right))


def _without_orphans(left: str, right: str) -> tuple[str, str]:
    match = _ORPHAN_LEFT.search(left)
    while match is not None:
        left = left[: match.start()].rstrip()
        match = _ORPHAN_LEFT.search(left)
    if not left or left[-1] in _ENDS:
        right = _ORPHAN_RIGHT.sub("", right)
    return left, right


def _with_agreeing_article(left: str, right: str) -> str:
    article = _ARTICLE_LEFT.search(left)
    if article is None or not right or not right[0].isalpha():
        return left
    said = article.group(1)
    fitting = "an" if right[0].lower() in "aeiou" else "a"
    return left[: article.start(1)] + (fitting.capitalize() if said[0].isupper() else fitting)


def _joined(left: str, right: str, between: str) -> str:
    if not left or not right or right[0] in _ENDS or left[-1] in "([{":
        return left + right
    return left + between + right
