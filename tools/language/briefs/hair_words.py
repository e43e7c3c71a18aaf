"""Hair that is changed in part: `red` said of `long black hair` is long red hair.

Knows families of hair words (colour, length, texture); must not know looks or briefs.
"""

from __future__ import annotations

from tools.language.briefs.change_words import change_words
from tools.language.words import words_of

_NOUN = "hair"
_SMALL = frozenset(
    {"is", "are", "to", "now", "the", "his", "her", "their", "and", "a", "an", "in", "very"}
)


def partly_changed(before: str | None, said: str) -> str | None:
    """Return the hair with a part of it changed; None when more is said than a part.

    Words of a family take the place of the family's words before; strands of another colour are
    added.
    """
    words = [word.lower for word in words_of(said) if not word.is_mark]
    words = [word for word in words if word not in _SMALL and word != _NOUN]
    if not before or not words:
        return None
    if change_words().hair_strands.intersection(words):
        return f"{before} with {' '.join(words)}"
    if all(any(word in family for family in change_words().hair_families) for word in words):
        return _replaced(before, words)
    return None


def changed_hair(before: str | None, said: str) -> str:
    """Return the hair after a change; a cut that is said without a colour keeps the colour."""
    return partly_changed(before, said) or _coloured(before or "", said)


def names_colour(hair: str) -> bool:
    """Say whether a phrase says the hair's colour, so that nothing has to be added to it."""
    return not change_words().hair_families[0].isdisjoint(hair.lower().replace(",", " ").split())


def _replaced(before: str, words: list[str]) -> str:
    kept = before.split()
    for family in change_words().hair_families:
        new = [word for word in words if word in family]
        if not new:
            continue
        places = [at for at, word in enumerate(kept) if word.lower().strip(",") in family]
        first = places[0] if places else _before_noun(kept)
        kept = [word for at, word in enumerate(kept) if at not in places]
        kept[first:first] = new
    return " ".join(kept)


def _before_noun(words: list[str]) -> int:
    return words.index(_NOUN) if _NOUN in words else 0


def _coloured(before: str, said: str) -> str:
    colours = change_words().hair_families[0]
    new = [word.lower for word in words_of(said)]
    old = [word.lower for word in words_of(before) if word.lower in colours]
    if not old or colours.intersection(new) or "bald" in new or "shaved" in new:
        return said
    return f"{' '.join(old)} {said}"
