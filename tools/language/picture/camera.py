"""Size, side, height, lens and expression as a camera department names them, found with their places.

Knows `prompts/picture/camera.yaml`; must not know what is asked for with the words it finds. All text
comes in small letters, as `Text.small` has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from re import Match, Pattern

from tools.contracts.model import Contract
from tools.contracts.photography import Expression, Framing, View
from tools.language.lexicon import Words, character_lexicon, word_file
from tools.language.picture.phrases import either, pattern_of
from tools.language.text import NAME_MARK, QUOTE_MARK, TAKEN

Phrases = tuple[str, ...]
_MARKS = f",;:.!?()\n{TAKEN}"
_REACH = 24
"""Letters before a phrase in which a denial is looked for, beside the words that link it."""


class CameraWords(Contract):
    """The lists of the file: a meaning and the phrases for it."""

    framings: dict[Framing, Phrases]
    bare: Words
    bare_before: Words
    implied: dict[str, Framing]
    counts: Phrases
    details: Phrases
    views: dict[View, Phrases]
    angles: dict[str, Phrases]
    angle_degrees: Words
    angle_leads: Words
    angle_tails: Words
    shoulder: Phrases
    lenses: Phrases
    lenses_led: Phrases
    lens_kinds: Words
    lens_leads: Words
    lengths: tuple[int, ...]
    length_leads: Words
    lengths_not_before: Words
    expressions: dict[Expression, Phrases]
    expression_leads: Words
    expression_nouns: Words
    expression_faces: Words
    expression_tails: Words
    not_before: dict[str, Phrases]
    not_after: dict[str, Phrases]
    denials: Words
    denial_links: Words


@dataclass(frozen=True)
class MeantPhrase:
    """A phrase of a text with what it means; the span holds what belongs to it, too."""

    meaning: str
    words: str
    start: int
    end: int
    denied: bool = False
    """Said with `no`, `not`, `less`, `too`."""


@lru_cache(maxsize=1)
def camera_words() -> CameraWords:
    """Read the file once."""
    return word_file(CameraWords, "picture", "camera.yaml")


def framings_in(small: str) -> list[MeantPhrase]:
    """Find sizes in reading order."""
    return [*_found("framings", small)]


def views_in(small: str) -> list[MeantPhrase]:
    """Find sides from which the head is seen."""
    return [*_found("views", small)]


def counts_in(small: str) -> list[MeantPhrase]:
    """Find words that say how many are in frame, and no size: `two-shot`."""
    pattern = _compiled().counts
    return [said_at(match.group(), match, small) for match in pattern.finditer(small)]


def expressions_in(small: str) -> list[MeantPhrase]:
    """Find expressions, with whether they are denied; adjectives of a thing are none: `the sad song`."""
    return [said for said in _found("expressions", small) if not _describes_thing(said, small)]


def angles_in(small: str) -> list[MeantPhrase]:
    """Find camera heights; the words are as said, without what leads to them."""
    return [_widened(said, small) for said in _found("angles", small) if _is_height(said, small)]


def is_detail(framing: MeantPhrase) -> bool:
    """Say whether a size is that of a thing seen from very near: `insert`, `detail of`."""
    return framing.words.startswith(camera_words().details)


def implied_in(small: str) -> list[MeantPhrase]:
    """Find phrases that name no size and bring one with them, which is their meaning: `two-shot`."""
    words = camera_words().implied
    found = pattern_of(words, plural=False).finditer(small)
    return [said_at(words[match.group().replace(" ", "-")], match, small) for match in found]


def implied_framing(small: str) -> Framing | None:
    """Return the size that words without one bring with them."""
    found = implied_in(small)
    return Framing(found[0].meaning) if found else None


def expression_of(small: str) -> Expression | None:
    """Return the first expression that words name and do not deny."""
    found = next((said for said in expressions_in(small) if not said.denied), None)
    return Expression(found.meaning) if found else None


@dataclass(frozen=True)
class _Compiled:
    tables: Mapping[str, tuple[tuple[str, Pattern[str]], ...]]
    counts: Pattern[str]
    leads: Mapping[str, Pattern[str]]
    tails: Mapping[str, Pattern[str]]
    degrees: Pattern[str]
    denied: Pattern[str]


@lru_cache(maxsize=1)
def _compiled() -> _Compiled:
    words = camera_words()
    tables: dict[str, Mapping[str, Phrases]] = {
        "framings": {str(key): value for key, value in words.framings.items()},
        "views": {str(key): value for key, value in words.views.items()},
        "expressions": {str(key): value for key, value in words.expressions.items()},
        "angles": {
            **words.angles,
            "over the shoulder": words.angles["over the shoulder"] + words.shoulder,
        },
    }
    denials, links = either(words.denials), either(words.denial_links)
    return _Compiled(
        tables={
            name: tuple((meaning, pattern_of(phrases)) for meaning, phrases in rows.items())
            for name, rows in tables.items()
        },
        counts=pattern_of(words.counts),
        leads={
            "angles": re.compile(rf"(?:\b{either(words.angle_leads)} )+$"),
            "expressions": re.compile(rf"(?:(?<![\w'-]){either(words.expression_leads)} )+$"),
        },
        tails={
            "angles": re.compile(rf" {either(words.angle_tails)}\b"),
            "expressions": re.compile(
                rf" (?:{either(words.expression_tails)}\b(?: on (?:her|his) face)?|[a-z]+ly\b)"
            ),
        },
        degrees=re.compile(rf"(?:\b{either(words.angle_degrees)} )+$"),
        denied=re.compile(rf"(?:(?<![\w'-]){denials}|n't)(?: {links})* $"),
    )


def _found(table: str, small: str) -> Iterator[MeantPhrase]:
    """Find the phrases of a table, earlier ones first, of two at one place the longer."""
    matches = [
        said_at(meaning, match, small)
        for meaning, pattern in _compiled().tables[table]
        for match in pattern.finditer(small)
    ]
    end = 0
    for said in sorted(matches, key=lambda said: (said.start, -said.end)):
        if said.start >= end and not is_guarded(said, small):
            end = said.end
            yield said


def said_at(meaning: str, match: Match[str], small: str) -> MeantPhrase:
    denied = _compiled().denied.search(small[: match.start()]) is not None
    return MeantPhrase(meaning, match.group(), match.start(), match.end(), denied)


def is_guarded(said: MeantPhrase, small: str) -> bool:
    """Say whether the words around a phrase take its meaning away."""
    words, key = camera_words(), " ".join(said.words.replace("-", " ").split())
    following = small[said.end :]
    following = following if following.startswith(" - ") else following.lstrip(" -")
    if key in words.bare and not _stands_alone(following):
        return True
    if any(_begins(following, phrase) for phrase in words.not_before.get(key, ())):
        return True
    piece = _words_before(said, small)
    return any(word in piece for word in words.not_after.get(key, ()))


def _words_before(said: MeantPhrase, small: str) -> list[str]:
    """Return the words of the same piece before a phrase."""
    return re.split(rf"[{_MARKS}]", small[: said.start])[-1].split()


def _first_word(following: str) -> str:
    return re.split(r"[^\w']", following, maxsplit=1)[0]


def _stands_alone(following: str) -> bool:
    """Say whether no noun follows that the words before could describe."""
    first = following.lstrip(" ")[:1]
    if not first or not first.isalpha() or first in (NAME_MARK, QUOTE_MARK):
        return True
    return _first_word(following).partition("'")[0] in camera_words().bare_before


def _begins(following: str, phrase: str) -> bool:
    return following.startswith(phrase) and not following[len(phrase) :][:1].isalpha()


def _describes_thing(said: MeantPhrase, small: str) -> bool:
    """Say whether an adjective stands between an article and a thing: `an angry sea`."""
    words = camera_words()
    before, following = small[: said.start].split(), small[said.end :]
    if not before or before[-1] not in ("a", "an", "the") or small[: said.start][-1:] != " ":
        return False
    if said.words in words.expression_nouns or not following[:1].isspace() or len(following) < 2:
        return False
    noun = _first_word(following[1:])
    return noun.isascii() and noun.isalpha() and not _is_somebody(noun)


def _is_somebody(noun: str) -> bool:
    lexicon, words = character_lexicon(), camera_words()
    kinds = (lexicon.person, lexicon.roles, lexicon.stop, words.expression_faces, words.bare_before)
    return any(noun in each for each in kinds)


def _widened(said: MeantPhrase, small: str) -> MeantPhrase:
    """Take in what belongs to a height: `very` before it, `seen from a` before that, `shot` behind."""
    degrees = _compiled().degrees.search(small[: said.start])
    start = degrees.start() if degrees else said.start
    lead = _compiled().leads["angles"].search(small[:start])
    tail = _compiled().tails["angles"].match(small, said.end)
    end = tail.end() if tail else said.end
    return MeantPhrase(
        said.meaning, small[start : said.end], lead.start() if lead else start, end, said.denied
    )


def _is_height(said: MeantPhrase, small: str) -> bool:
    """Say whether `over her shoulder` is where the camera is, not where somebody looks."""
    if said.meaning != "over the shoulder":
        return True
    piece = _words_before(said, small)
    return not any(word in piece for word in camera_words().not_after["over the shoulder"])


def with_leads(said: MeantPhrase, small: str) -> MeantPhrase:
    """Take in the words around an expression that belong to it: `she looks very sad`."""
    lead = _compiled().leads["expressions"].search(small[: said.start])
    tail = _compiled().tails["expressions"].match(small, said.end)
    start = lead.start() if lead else said.start
    if lead is None and said.words in camera_words().expression_nouns:
        start = _adjective_before(said.start, small)
    end = tail.end() if tail else said.end
    return MeantPhrase(said.meaning, said.words, start, end, said.denied)


def _adjective_before(start: int, small: str) -> int:
    """Return where `with a crooked` begins before `smile`."""
    match = re.search(r"(?:(?:with|and) )?(?:an?|the|her|his) (?:[a-z]+ )?$", small[:start])
    return match.start() if match else start
