"""Who a brief is about: the name in the text, or a working name made from it.

Knows how people introduce a name; must not know what else the brief says.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from tools.language.briefs.lexicon import CharacterLexicon

_PART = r"[A-Z][\w'-]*"
_FULL = rf"{_PART}(?: {_PART}){{0,2}}"
_ONSETS = ["B", "D", "F", "G", "K", "L", "M", "N", "R", "S", "T", "V", "Z", "Br", "Dr", "Sh", "Th"]
_RHYMES = ["a", "e", "i", "o", "an", "el", "or", "is", "en", "ar"]
_MAX_LENGTH = 40


def find_name(text: str, lexicon: CharacterLexicon) -> str | None:
    """Find the name that a text introduces; None when it introduces nobody.

    A capitalised word that the lexicon knows (`Waitress`, `Old`) is not a name.
    """
    for pattern in _patterns(lexicon):
        for match in pattern.finditer(text):
            name = match.group("name")
            if _could_be_name(name, lexicon):
                return name
    return None


def _patterns(lexicon: CharacterLexicon) -> tuple[re.Pattern[str], ...]:
    titles = "|".join(sorted(lexicon.titles))
    capital = "|".join(title.capitalize() for title in sorted(lexicon.titles))
    return (
        re.compile(
            r"\b(?:I'm|I am|(?:[Mm]y|[Hh]er|[Hh]is|[Tt]heir) name is|[Tt]his is|[Mm]eet"
            r"|[Nn]amed|[Cc]alled|[Rr]ole of"
            rf"|(?:[Nn]ame|[Cc]all) (?:him|her|them)) (?P<name>{_FULL})\b"
        ),
        re.compile(rf"\A\W*(?P<name>{_FULL})(?=:|, | \(| - | is | was | has | wears )"),
        re.compile(rf"\b(?P<name>(?:(?:{capital})\.?|(?:{titles})) {_PART}(?: {_PART})?)\b"),
        re.compile(rf"(?<=[.:;])\s(?P<name>{_FULL})(?=, (?:an?|the) | is an? | was an? )"),
    )


def _could_be_name(name: str, lexicon: CharacterLexicon) -> bool:
    words = [word.lower().rstrip(".") for word in name.split()]
    if words[0] in lexicon.titles and len(words) > 1:
        return True
    return not any(lexicon.knows(word) or lexicon.suffix_slot(word) for word in words)


def tidy_name(name: str) -> str:
    """Write a name in plain letters as a `Name` allows, capitals only in front; may be empty."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9 _'-]+", " ", folded).strip(" -'_")
    kept = " ".join(kept.split())[:_MAX_LENGTH].strip()
    kept = kept[:1].upper() + kept[1:]
    return kept.title() if kept.isupper() and len(kept) > 2 else kept


def working_name(text: str) -> str:
    """Make a name of two syllables from a text; the same text gives the same name.

    A rare word is a good trigger: the base has no picture of its own for it.
    """
    digest = hashlib.sha256(" ".join(text.split()).encode()).digest()
    first = _ONSETS[digest[0] % len(_ONSETS)] + _RHYMES[digest[1] % 4]
    return first + _ONSETS[digest[2] % len(_ONSETS)].lower() + _RHYMES[digest[3] % len(_RHYMES)]


def person_of_title(name: str, lexicon: CharacterLexicon) -> str | None:
    """Return `woman` or `man` when the name's title says so."""
    kind = lexicon.titles.get(name.split()[0].lower().rstrip("."))
    return kind if kind in ("woman", "man") else None
