"""People of a sentence who are not in the cast: named, brought in with capitals, or called by a noun.

Knows names and nouns for people; must not know what is filmed. People who are only spoken of (behind
`about`, in a possessive, in quotation marks) are not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import Pattern

from tools.language.lexicon import character_lexicon
from tools.language.names import trigger_of
from tools.language.picture.setting import verb_words
from tools.language.scene.rules import coverage_rules
from tools.language.text import Word, words_of

_QUOTED = re.compile(r'"[^"]*"?')
_VERB_LIKE = re.compile(r"[a-z]+(?:s|ed)$|^(?:and|sat|ran|stood|is|was|comes|in|at|with)$")
_REACH = 3


@dataclass(frozen=True)
class StrangerMention:
    """Somebody who is not in the cast, and where the sentence says it."""

    label: str
    start: int
    end: int


def strangers_in(sentence: str, known: Sequence[str]) -> list[StrangerMention]:
    """Find the people of a sentence who are not known, in reading order.

    Args:
        sentence: one sentence; what is in double quotes does not count.
        known: names of the cast.
    """
    masked = _QUOTED.sub(lambda match: " " * len(match[0]), sentence)
    forms = [form.lower() for name in known for form in (name, trigger_of(name))]
    names = {part for form in forms for part in (form, *form.split())}
    words = words_of(masked)
    found = [*_named(words, names), *_called(words, names)]
    kept: list[StrangerMention] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def label_of(name: str) -> str:
    """Write a stranger's name with capitals in front, whatever the script did."""
    return " ".join(word.capitalize() if word.isupper() else word for word in name.split())


def same_person(one: str, other: str) -> bool:
    """Say whether two labels may mean one person: `Hale` and `Inspector Hale`."""
    first, second = set(one.lower().split()), set(other.lower().split())
    return first <= second or second <= first


@lru_cache(maxsize=256)
def name_pattern(name: str) -> Pattern[str]:
    """Return a pattern for a name as it is written, in capitals, or without its accents."""
    forms = dict.fromkeys(
        form for each in (name, trigger_of(name)) for form in (each, each.upper())
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])")


def _named(words: Sequence[Word], names: set[str]) -> Iterator[StrangerMention]:
    index = 0
    while index < len(words):
        last = index
        while last < len(words) and _is_capitalised(words[last], names):
            last += 1
        while index < last and _is_no_name(words[index], index):
            index += 1
        if index < last and _is_person(words, index, last):
            run = words[index:last]
            label = label_of(" ".join(word.text.removesuffix("'s") for word in run))
            yield StrangerMention(label, run[0].start, run[-1].end)
        index = max(last, index + 1)


def _is_capitalised(word: Word, names: set[str]) -> bool:
    bare = word.text.removesuffix("'s")
    return bare[0].isupper() and len(bare) > 1 and bare.isalpha() and bare.lower() not in names


def _is_no_name(word: Word, index: int) -> bool:
    lexicon, low = character_lexicon(), word.lower
    if low in lexicon.titles or low in lexicon.roles:
        return False
    return (
        low in coverage_rules().things
        or lexicon.knows(low)
        or (index == 0 and (low in coverage_rules().persons or low.endswith(("ing", "ly"))))
    )


def _is_person(words: Sequence[Word], first: int, last: int) -> bool:
    run = words[first:last]
    before = words[first - 1].lower if first else ""
    following = words[last] if last < len(words) else None
    if (
        run[-1].text.endswith("'s")
        or before in coverage_rules().leads_of_places
        or _is_spoken_of(words, first)
    ):
        return False
    if before in coverage_rules().determiners or all(
        word.lower in coverage_rules().persons for word in run
    ):
        return False
    needs_verb = first == 0 or all(word.text.isupper() for word in run)
    return not needs_verb or (following is not None and _opens_a_clause(following))


def _opens_a_clause(word: Word) -> bool:
    return word.text in "(,:" or bool(_VERB_LIKE.search(word.text))


def _called(words: Sequence[Word], names: set[str]) -> Iterator[StrangerMention]:
    people = coverage_rules().persons
    for index, word in enumerate(words):
        if word.lower not in people or word.lower in names or _is_of_a_thing(words, index):
            continue
        first = _noun_phrase(words, index)
        if first is not None and not _is_spoken_of(words, first):
            adjectives = [each.lower for each in words[first + 1 : index]]
            yield StrangerMention(" ".join([*adjectives, word.lower]), words[first].start, word.end)


def _is_of_a_thing(words: Sequence[Word], index: int) -> bool:
    return index + 1 < len(words) and words[index + 1].lower in coverage_rules().belonging


def _noun_phrase(words: Sequence[Word], noun: int) -> int | None:
    """Return where the determiner of a noun stands; a plural needs none."""
    for index in range(noun - 1, max(-1, noun - 1 - _REACH), -1):
        if words[index].is_mark or words[index].lower in verb_words().verbs:
            break
        if words[index].lower in coverage_rules().determiners:
            return None if index and words[index - 1].lower in coverage_rules().copulas else index
    return None


def _is_spoken_of(words: Sequence[Word], index: int) -> bool:
    before = words[index - 1].lower if index else ""
    return before in coverage_rules().absent_leads
