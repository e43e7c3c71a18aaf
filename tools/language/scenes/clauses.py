"""A sentence cut into clauses: at a new subject, or at a further verb of the same one.

Knows verbs and where a clause may begin; must not know who is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.language.scenes.camera_words import expressions_in
from tools.language.scenes.coverage_rules import coverage_rules
from tools.language.scenes.unknown_people import name_pattern, strangers_in
from tools.language.text import words_of

_JOINT = re.compile(
    r"\s*[,;:]?\s+(?:and then|but then|then|and|but|while|when|as|until|before)\s+|\s*[,;:]\s+"
)
_MASKED = re.compile(r'"[^"]*"?|\([^()]*\)')
_PRONOUN = re.compile(r"(?:she|he|they)\b", re.IGNORECASE)
_ADVERB = re.compile(r"^(?:[a-z]+ly|then|now|just|still|again|slowly|once more)\s+", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|never|nothing|no longer)\b|n't\b", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"^(?:and |but |then )?(?:when|as|while|before|after|once|until|because|since)\s+"
    r"(?:she|he|they|[A-Z]\w+)\b[^,;]*?"
    r"\s(?P<second>(?:she|he|they)\s[a-z]+)",
    re.IGNORECASE,
)
_THING = re.compile(r"(?:the|a)\s+\w+\s+(?:is|are|opens|falls|rings|goes)\b")
_NAMES_ONLY = re.compile(r"\W*(?:(?:and|with)\W+)?$")
_POSSESSIVE = re.compile(r"^(?:her|his|their|[A-Z][\w-]*'s)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """A piece of a sentence with one subject."""

    start: int
    end: int
    text: str
    elided: bool
    """The subject is that of the clause before."""


def clauses_of(sentence: str, known: Sequence[str]) -> list[Clause]:
    """Cut a sentence at new subjects and further verbs; the pieces keep their own words."""
    masked = _MASKED.sub(lambda match: "_" * len(match[0]), sentence)
    cuts = [(0, 0, False)]
    for joint in _JOINT.finditer(masked):
        rest = masked[joint.end() :]
        if _is_compound(masked[cuts[-1][1] : joint.start()], known):
            continue
        if _begins_with_subject(rest, known):
            cuts.append((joint.start(), joint.end(), False))
        elif _begins_with_verb(rest):
            cuts.append((joint.start(), joint.end(), True))
    cuts = [piece for cut in _with_ends(cuts, len(sentence)) for piece in _main_clause(masked, cut)]
    ends = [start for start, _, _ in cuts[1:]] + [len(sentence)]
    pieces = [
        Clause(begin, end, sentence[begin:end].strip(), elided)
        for (_, begin, elided), end in zip(cuts, ends, strict=True)
    ]
    return [piece for piece in pieces if any(letter.isalnum() for letter in piece.text)]


def is_reaction(clause: str, predicate: str) -> bool:
    """Say whether a clause is a look, an expression or a part of the face or the hands."""
    rules = coverage_rules()
    possessive = _POSSESSIVE.match(clause)
    if possessive:
        opening = [word.lower for word in words_of(clause[possessive.end() :])[:2]]
        return bool(rules.parts & set(opening))
    while adverb := _ADVERB.match(predicate):
        predicate = predicate[adverb.end() :]
    words = [word.lower for word in words_of(predicate) if not word.is_mark]
    if not words:
        return False
    if words[0] in rules.looks:
        return True
    return words[0] in rules.states and any(said.start < 40 for said in expressions_in(predicate))


def is_denied(clause: str) -> bool:
    """Say whether a clause tells what does not happen."""
    return bool(_DENIED.search(_MASKED.sub(" ", clause)))


def _with_ends(
    cuts: Sequence[tuple[int, int, bool]], length: int
) -> list[tuple[int, int, bool, int]]:
    ends = [start for start, _, _ in cuts[1:]] + [length]
    return [(*cut, end) for cut, end in zip(cuts, ends, strict=True)]


def _main_clause(text: str, cut: tuple[int, int, bool, int]) -> list[tuple[int, int, bool]]:
    """Cut `when she gets to the top she screams` where its main clause begins."""
    start, begin, elided, end = cut
    match = _SUBORDINATE.match(text[begin:end])
    if match is None:
        return [(start, begin, elided)]
    at = begin + match.start("second")
    return [(start, begin, elided), (at, at, False)]


def _is_compound(before: str, known: Sequence[str]) -> bool:
    """Say whether only names stand before a joint: `Mara and Jonah walk` has one subject."""
    rest = before
    for name in known:
        rest = name_pattern(name).sub("", rest)
    return rest != before and bool(_NAMES_ONLY.fullmatch(rest))


def _begins_with_subject(rest: str, known: Sequence[str]) -> bool:
    if _PRONOUN.match(rest):
        return True
    if any(rest.startswith((name, name.upper())) for name in known):
        return True
    strangers = strangers_in(rest, known)
    return bool(strangers and strangers[0].start == 0) or bool(_THING.match(rest))


def _begins_with_verb(rest: str) -> bool:
    rules = coverage_rules()
    plain = _ADVERB.sub("", rest)
    word = re.match(r"[a-z]+", plain)
    return word is not None and word[0] in rules.verbs | rules.looks
