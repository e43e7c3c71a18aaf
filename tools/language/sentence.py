"""What one sentence says about a person.

Knows the order in which words are given away: name, age, person, then phrases; must not know how
sentences add up to a brief.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.language.chunks import Chunk, SentenceReader
from tools.language.lexicon import character_lexicon
from tools.language.numbers import Age, find_ages, years_of
from tools.language.text import words_of

_REACH_OF_AGE_WORD = 5
_REACH_OF_COMPARISON = 3
_WORN = frozenset({"wardrobe", "headwear", "marks"})


@dataclass(frozen=True)
class SentenceReading:
    """Everything that one sentence gave."""

    chunks: tuple[Chunk, ...]
    recurring: tuple[str, ...]
    without: tuple[str, ...]
    ages: tuple[Age, ...]
    nouns: tuple[tuple[str, str], ...]
    """Person nouns as said, with `woman`, `man`, `girl` or `boy`."""
    pronouns: tuple[str, ...]
    free: tuple[str, ...]


def read_sentence(text: str, name: str | None) -> SentenceReading:
    """Give every word of a sentence to a slot or to the free words."""
    reader = SentenceReader(words_of(text), character_lexicon())
    _take_name(reader, name)
    ages = [*_take_ages(reader, text)]
    nouns = [*_take_persons(reader)]
    skin = [*_take_skin_before_person(reader)]
    without = _without_at(reader)
    recurring_at = None if without is not None else _recurring_at(reader)
    chunks = [*skin, *reader.chunks()]
    recurring = _after(chunks, recurring_at)
    left_off = _after(chunks, without)
    kept = [chunk for chunk in chunks if chunk not in (*recurring, *left_off)]
    return SentenceReading(
        chunks=tuple(kept),
        recurring=tuple(chunk.phrase for chunk in recurring),
        without=tuple(chunk.phrase for chunk in left_off),
        ages=tuple(ages),
        nouns=tuple(nouns),
        pronouns=tuple(_pronouns(reader)),
        free=tuple(reader.free_runs()),
    )


def _take_name(reader: SentenceReader, name: str | None) -> None:
    parts = (name or "").lower().split()
    size = len(parts)
    for index in range(len(reader.words) - size + 1 if parts else 0):
        said = [word.lower.removesuffix("'s") for word in reader.words[index : index + size]]
        if said == parts:
            reader.take(index, index + size)


def _take_ages(reader: SentenceReader, text: str) -> Iterator[Age]:
    for age in find_ages(text):
        inside = [
            index
            for index, word in enumerate(reader.words)
            if word.start < age.end and age.start < word.end and not reader.taken[index]
        ]
        if inside:
            reader.take(inside[0], inside[-1] + 1)
            yield age
    for index, word in enumerate(reader.words):
        if (
            word.lower in ("young", "old")
            and not reader.taken[index]
            and _speaks_of_person(reader, index)
        ):
            low, high = years_of(word.lower) or (0, 0)
            reader.take(index, index + 1)
            yield Age(word.text, word.start, word.end, low, high)


def _speaks_of_person(reader: SentenceReader, index: int) -> bool:
    """`old` speaks of a person when a person comes before a thing, or nothing comes at all."""
    lexicon = reader.lexicon
    for word in reader.words[index + 1 : index + 1 + _REACH_OF_AGE_WORD]:
        if word.lower in lexicon.person or word.lower in lexicon.roles:
            return True
        if word.is_mark or (word.lower,) in lexicon.head_slot:
            return word.is_mark
    return True


def _take_persons(reader: SentenceReader) -> Iterator[tuple[str, str]]:
    for index, word in enumerate(reader.words):
        kind = reader.lexicon.person.get(word.lower)
        if kind is None or reader.taken[index] or _is_somebody_else(reader, index):
            continue
        if word.lower not in reader.lexicon.kept_persons:
            reader.take(index, index + 1)
        yield word.text, kind


def _is_somebody_else(reader: SentenceReader, index: int) -> bool:
    """`her mother` and `like an old man` speak of others; a mark ends what is compared."""
    lexicon = reader.lexicon
    before = [word.lower for word in reader.words[max(0, index - _REACH_OF_COMPARISON) : index]]
    marks = [at for at, word in enumerate(before) if not word[0].isalnum()]
    before = before[marks[-1] + 1 :] if marks else before
    return bool(before) and (
        before[-1] in lexicon.owners or bool(lexicon.comparisons & set(before))
    )


def _take_skin_before_person(reader: SentenceReader) -> Iterator[Chunk]:
    for index, word in enumerate(reader.words[:-1]):
        following = reader.words[index + 1]
        is_person = following.lower in reader.lexicon.person
        if word.lower in reader.lexicon.skin_of_persons and is_person and not reader.taken[index]:
            yield Chunk("skin", reader.take(index, index + 1), index, index + 1)


def _recurring_at(reader: SentenceReader) -> int | None:
    """Find where the sentence says that something is worn in every scene."""
    lowers = [word.lower for word in reader.words]
    for index, lower in enumerate(lowers):
        if lower in reader.lexicon.recurring and _something_is_worn(reader):
            reader.take(index, index + 1)
            return index
    if "never" in lowers and "without" in lowers[lowers.index("never") :]:
        never, without = lowers.index("never"), lowers.index("without", lowers.index("never"))
        reader.take(never, never + 1)
        reader.take(without, without + 1)
        return without
    return None


def _something_is_worn(reader: SentenceReader) -> bool:
    slots = (reader.lexicon.head_slot.get((word.lower,)) for word in reader.words)
    return any(slot in _WORN for slot in slots)


def _without_at(reader: SentenceReader) -> int | None:
    lowers = [word.lower for word in reader.words]
    if "without" not in lowers or "never" in lowers:
        return None
    index = lowers.index("without")
    reader.take(index, index + 1)
    return index


def _after(chunks: list[Chunk], index: int | None) -> list[Chunk]:
    """Return the worn things after a word, or the last one before it when none follows."""
    if index is None:
        return []
    worn = [chunk for chunk in chunks if chunk.slot in _WORN]
    following = [chunk for chunk in worn if chunk.first > index]
    return following or worn[-1:]


def _pronouns(reader: SentenceReader) -> Iterator[str]:
    for word in reader.words:
        kind = reader.lexicon.pronouns.get(word.lower.partition("'")[0])
        if kind is not None:
            yield kind
