"""Whether the phrases of a brief contradict each other.

Knows opposites of the lexicon, colours and ages; must not know how phrases were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from tools.errors import BadInput
from tools.language.lexicon import SlotName, character_lexicon
from tools.language.numbers import Age

_SINGLE_COLOUR_SLOTS: tuple[SlotName, ...] = ("hair", "eyes")


def refuse_contradictions(phrases: dict[SlotName, list[str]], ages: Sequence[Age]) -> None:
    """Refuse a brief that says two things that cannot both be seen.

    Raises:
        BadInput: names the two phrases and says to keep one.
    """
    for slot, said in phrases.items():
        for one, other in combinations(said, 2):
            if _opposed(slot, one, other) or _two_colours(slot, one, other):
                _refuse(one, other)
    for first, second in combinations(ages, 2):
        if first.low > second.high or second.low > first.high:
            _refuse(first.phrase, second.phrase)


def refuse_two_persons(nouns: Sequence[tuple[str, str]]) -> None:
    """Refuse a brief whose first nouns name a woman and a man.

    Args:
        nouns: pairs of the noun as said and `woman`, `man`, `girl` or `boy`.

    Raises:
        BadInput: names both nouns.
    """
    female = [said for said, kind in nouns if kind in ("woman", "girl")]
    male = [said for said, kind in nouns if kind in ("man", "boy")]
    if female and male:
        raise BadInput(
            f"the brief contradicts itself: '{female[0]}' and '{male[0]}'; "
            "describe one person in each brief"
        )


def _refuse(one: str, other: str) -> None:
    raise BadInput(f"the brief contradicts itself: '{one}' and '{other}'; keep one of them")


def _opposed(slot: SlotName, one: str, other: str) -> bool:
    rules = character_lexicon().slots[slot]
    if _is_mixed(one) or _is_mixed(other):
        return False
    return any(
        (_holds(one, first) and _holds(other, second))
        or (_holds(one, second) and _holds(other, first))
        for rows in (rules.opposites, rules.lengths)
        for first, second in combinations(rows, 2)
    )


def _two_colours(slot: SlotName, one: str, other: str) -> bool:
    if slot not in _SINGLE_COLOUR_SLOTS or _is_mixed(one) or _is_mixed(other):
        return False
    first, second = _colours(one), _colours(other)
    return bool(first) and bool(second) and not first & second


def _words(phrase: str) -> list[str]:
    return phrase.lower().replace(",", " ").split()


def _is_mixed(phrase: str) -> bool:
    words = {part for word in _words(phrase) for part in (word, *word.split("-"))}
    return not words.isdisjoint(character_lexicon().mixed) or phrase.lower().startswith("no ")


def _holds(phrase: str, row: Sequence[str]) -> bool:
    said = f" {' '.join(_words(phrase))} "
    return any(f" {words} " in said for words in row)


def _colours(phrase: str) -> set[str]:
    colours = character_lexicon().colours
    parts = [part for word in _words(phrase) for part in word.split("-")]
    return {colours[part] for part in parts if part in colours}
