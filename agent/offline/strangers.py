"""Names of people who are not in the cast: capitalised words that no list of the trade knows.

Must not know tools, nor who is in the cast beyond the marks that a clause has for their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.offline.clause import NAME_MARK, Text
from agent.offline.shot_words import shot_patterns
from tools.language.briefs.lexicon import character_lexicon

_CAPITALISED = re.compile(r"(?<![./~\w-])(?:[A-Z][a-z]{2,}|[A-Z]{4,})\b(?!-)")
_AFTER_VERB = re.compile(r"^\w+ (?P<name>[A-Z][a-z]{2,})\b")
_STARTS = re.compile(r"(?:^|[.!?:\n]\s*[\"'(]?)$")
_THING = re.compile(r"\b(?:an?|the|his|her|their|my|our|its|some|this|that|of the)\s+(?:\w+\s+)?$")
"""An article before a capitalised word: `a Leica`, `the old Bible` are things."""
_ALONE = re.compile(r"\s*(?:,|$|(?:at|in|on|by|from|under|behind|with|is)\b)")
"""What may follow the first word of a picture in which nobody else is named, so that it is a name."""
_TIED = re.compile(rf"(?:'s)?\s+(?:and|with)\s+{NAME_MARK}")
_DESCRIBES = re.compile(r"(?:ed|ing|ly|less|ful)$")
_BESIDE = re.compile(
    r"\b(?:behind|beside|next to|close to|against|between|facing|opposite|towards?|past)\s+$"
)
_TIE = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|or|plus|with)\s+|\s*&\s*)"
_TRADE = frozenset(
    (
        *("Lora", "Scene", "Take", "Version", "Portra", "Kodak", "Sdxl", "Flux", "Sheet", "SDXL"),
        *(
            "CSFD",
            "LoRA",
            "SAME",
            "Fuji",
            "Leica",
            "Cooke",
            "Zeiss",
            "Arri",
            "Panavision",
            "Rembrandt",
        ),
        *(
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
            "Christmas",
        ),
        *("Easter", "English", "French", "German", "Polaroid", "Slate", "Setup", "Shot", "Number"),
    )
)


def stranger_in(clause: Text) -> str | None:
    """Return a capitalised word that is nobody of the cast and no word of the trade."""
    match = _AFTER_VERB.match(clause.text)
    first = [match.group("name")] if match and _may_be_name(match, clause, "name") else []
    later = (each.group() for each in _capitalised(clause) if not _starts_sentence(each, clause))
    return next(iter(first), None) or next(later, None)


def strangers_among(clause: Text, left: str, place: str, *, opens: bool) -> tuple[str, ...]:
    """Return the strangers of a picture's words.

    Args:
        clause: all the words.
        left: those that no slot took; a stranger's name is one of them.
        opens: whether nobody was named or pointed at before the words or in them.
        place: where it is; a place may be named ("in Paris"), but nobody stands behind a town.
    """
    found: list[str] = []
    for match in _capitalised(clause):
        name = match.group()
        if _starts_sentence(match, clause) and not _acts(match, clause, opens):
            continue
        before = clause.small[: match.start()]
        acts = _holds(left, name) and not _THING.search(before)
        if acts or (_holds(place, name) and _BESIDE.search(before)):
            found.append(name)
    return tuple(dict.fromkeys(found))


def strangers_beside_cast(clause: Text) -> tuple[str, ...]:
    """Return the strangers that are listed with somebody of the cast: `Lirien and Mara`."""
    cast = rf"{NAME_MARK}+"
    after, before = re.compile(rf"{cast}{_TIE}$"), re.compile(rf"{_TIE}{cast}")
    matches = [
        match
        for match in _capitalised(clause)
        if after.search(clause.small[: match.start()]) or before.match(clause.small, match.end())
    ]
    return tuple(dict.fromkeys(match.group() for match in matches))


def without_strangers(words: str, strangers: tuple[str, ...]) -> str:
    """Return words less some names and what tied these to them."""
    for name in strangers:
        words = re.sub(rf"(?:\b(?:and|with)\s+)?\b{re.escape(name)}\b(?:'s)?", " ", words)
    return " ".join(words.split()).strip(" ,;:&-")


def _capitalised(clause: Text) -> Iterator[re.Match[str]]:
    shouted = clause.text.isupper()
    for match in _CAPITALISED.finditer(clause.text):
        if not shouted and _may_be_name(match, clause):
            yield match


def _starts_sentence(match: re.Match[str], clause: Text) -> bool:
    return _STARTS.search(clause.text[: match.start()]) is not None


def _acts(match: re.Match[str], clause: Text, opens: bool) -> bool:
    """Say whether the first word of a sentence is somebody, not a verb or a noun: `Petra waits`."""
    word = match.group().lower()
    words = shot_patterns()
    nouns = (words.verb, words.known_place, words.light)
    if _DESCRIBES.search(word) or any(each.fullmatch(word) for each in nouns):
        return False
    after = clause.small[match.end() :]
    if words.verb.match(after.lstrip()) or _TIED.match(after):
        return True
    return opens and match.start() == 0 and _ALONE.match(after) is not None


def _may_be_name(match: re.Match[str], clause: Text, group: str | int = 0) -> bool:
    word, at = match.group(group), match.start(group)
    if clause.small[at : at + 1] != clause.text[at : at + 1].lower():
        return False
    return not character_lexicon().knows(word.lower()) and word not in _TRADE


def _holds(words: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", words) is not None
