"""Names of people: found in a text, tidied, made up, and written in the letters that a base can read.

Knows how people introduce a name; must not know what else a text says of them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from re import Pattern

from tools.contracts.limits import LONGEST_NAME
from tools.language.lexicon import character_lexicon

_PART = r"[^\W\d_a-z][\w'-]*"
_FULL = rf"{_PART}(?: {_PART}){{0,2}}"
_INTRODUCED = (
    r"\b(?:I'm|I am|(?:[Mm]y|[Hh]er|[Hh]is|[Tt]heir) name is|[Tt]his is|[Mm]eet|[Nn]amed|[Cc]alled"
    r"|[Ii]magine|[Rr]ole of|(?:[Nn]ame|[Cc]all) (?:him|her|them))"
)
_ONSETS = ["B", "D", "F", "G", "K", "L", "M", "N", "R", "S", "T", "V", "Z", "Br", "Dr", "Sh", "Th"]
_RHYMES = ["a", "e", "i", "o", "an", "el", "or", "is", "en", "ar"]
_LATIN = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ß": "ss", "æ": "ae",
    "œ": "oe", "þ": "th", "ŋ": "ng", "ĸ": "k", "ſ": "s", "ʼ": "'", "’": "'",
}  # fmt: skip
"""Letters that are no accented ASCII letter; capitals follow."""


def find_name(text: str) -> str | None:
    """Find the name that a text introduces; None when it introduces nobody.

    A capitalised word that the lexicon knows (`Waitress`, `Old`) is not a name.
    """
    for pattern in _patterns():
        for match in pattern.finditer(text):
            name = match.group("name")
            if not name.split()[-1][0].islower() and _could_be_name(name):
                return name
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[Pattern[str], ...]:
    titles = "|".join(sorted(character_lexicon().titles))
    nouns = "|".join(sorted(character_lexicon().person))
    capital = "|".join(title.capitalize() for title in sorted(character_lexicon().titles))
    sources = (
        rf"{_INTRODUCED} (?P<name>{_FULL})\b",
        rf"\A\W*(?P<name>{_FULL})(?=:|, | \(| - | is | was | has | had | wears )",
        rf"\b(?P<name>(?:(?:{capital})\.?|(?:{titles})) {_PART}(?: {_PART})?)\b",
        rf"(?:(?<=[.:;])\s|(?<=\n))(?P<name>{_FULL})(?=, (?:an?|the) | is an? | was an? )",
        rf"\b(?P<name>{_FULL})(?=, (?:[Ss]?he|they)(?:['’]?s| is| has| are| have)\b)",
        rf"(?:\A\W*|\.\s)(?P<name>{_FULL})(?=\.\s(?i:(?:an? )?(?:[\w-]+ ){{0,2}}(?:{nouns})\b))",
        rf"\b(?i:{nouns}), (?P<name>{_FULL})(?=, )",
    )
    return tuple(re.compile(source) for source in sources)


def _could_be_name(name: str) -> bool:
    lexicon = character_lexicon()
    words = [word.lower().rstrip(".") for word in name.split()]
    if words[0] in lexicon.titles and len(words) > 1:
        return True
    return not any(lexicon.knows(word) or lexicon.suffix_slot(word) for word in words)


def tidy_name(name: str) -> str:
    """Write a name as a `Name` allows it, in its own letters, capitals only in front; may be empty."""
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(each if _is_of_name(each) else " " for each in composed)
    while kept and unicodedata.category(kept[0])[0] not in "LN":
        kept = kept[1:]
    kept = " ".join(kept.split())[:LONGEST_NAME].strip(" -'_.")
    kept = kept[:1].upper() + kept[1:]
    return kept.title() if kept.isupper() and len(kept) > 2 else kept


def _is_of_name(letter: str) -> bool:
    return letter in " -'._" or unicodedata.category(letter)[0] in "LMN"


def working_name(text: str) -> str:
    """Make a name of two syllables from a text; the same text gives the same name.

    A rare word is a good trigger: the base has no picture of its own for it.
    """
    digest = hashlib.sha256(" ".join(text.split()).encode()).digest()
    first = _ONSETS[digest[0] % len(_ONSETS)] + _RHYMES[digest[1] % 4]
    return first + _ONSETS[digest[2] % len(_ONSETS)].lower() + _RHYMES[digest[3] % len(_RHYMES)]


def trigger_of(name: str) -> str:
    """Return the word that stands for a person in prompts and captions, in ASCII letters.

    An ASCII name is its own trigger, byte for byte. Accents are dropped and Latin letters written
    out (`Łukasz` is `Lukasz`, `Strauß` is `Strauss`); a name with letters of another script gets a
    made-up word, always the same for the same name.
    """
    return _latin_of(name) or working_name(unicodedata.normalize("NFC", name))


def _latin_of(name: str) -> str:
    """Write a name in ASCII letters; empty where it has letters of another script."""
    if name.isascii():
        return name
    latin = "".join(_as_latin(letter) for letter in unicodedata.normalize("NFC", name))
    return latin if latin.isascii() else ""


def with_triggers(text: str, names: Sequence[str]) -> str:
    """Return words for a base, with the triggers of people in place of their names."""
    for name in sorted(names, key=len, reverse=True):
        if not name.isascii():
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", trigger_of(name), text)
    return text


def file_name_of(name: str, *, default: str, hyphens: bool = False) -> str:
    """Write a name so that every file system takes it: ASCII letters, figures and underscores.

    Args:
        name: of a person or a production, in any script.
        default: what stands for a name that has nothing to write, or none of our letters.
        hyphens: whether a hyphen stays one.
    """
    wrong = r"[^A-Za-z0-9-]+" if hyphens else r"[^A-Za-z0-9]+"
    plain = re.sub(wrong, "_", _latin_of(name)).strip("_")
    return plain[:LONGEST_NAME].strip("_") or default


def bare_letters(text: str) -> str:
    """Write a text without accents, letter for letter: as long as it was."""
    if text.isascii():
        return text
    bare = (_as_latin(letter) for letter in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(bare, text, strict=True))


@lru_cache(maxsize=1024)
def _as_latin(letter: str) -> str:
    if letter.isascii():
        return letter
    known = _LATIN.get(letter.lower())
    if known:
        return known.capitalize() if letter.isupper() else known
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


def aliases_of(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pair what people may be called with their names, the longest first.

    That is the name in full, as the trigger says it, or one word of it that is only theirs and
    means nothing else.
    """
    pairs = [(alias, name) for name in names for alias in dict.fromkeys((name, trigger_of(name)))]
    for name in names:
        for word in name.split() if " " in name else ():
            owners = [other for other in names if word in other.split()]
            if len(owners) == 1 and len(word) > 2 and not _means_more(word):
                pairs.append((word, name))
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def person_of_title(name: str) -> str | None:
    """Return `woman` or `man` when the name's title says so."""
    kind = character_lexicon().titles.get(name.split()[0].lower().rstrip("."))
    return kind if kind in ("woman", "man") else None


def _means_more(word: str) -> bool:
    lexicon = character_lexicon()
    return lexicon.knows(word.lower()) or word.lower().rstrip(".") in lexicon.titles
