"""What a director's sentence changes about a person: slots, what goes, torn clothes, injuries, age.

Knows words and slots; must not know whether a look or the identity is changed. What is not understood
is kept apart, so that it can be said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tools.contracts.briefs import CharacterBrief
from tools.language.briefs.ageing import aged, says_years
from tools.language.briefs.change_words import change_words
from tools.language.briefs.lexicon import SlotName, character_lexicon
from tools.language.briefs.sentences import read_sentence
from tools.language.words import join_words, plain_text, words_of

_PIECES = re.compile(r"\s*[,;:\n]\s*|\.\s+|\.$")
_AND = re.compile(r"\s+(?:and|or|nor|&)\s+|^(?:and|or|nor|then)\s+", re.IGNORECASE)
_INSTEAD = re.compile(r"\s*\b(?:instead of|rather than|not)\b[^,;:.\n]*", re.IGNORECASE)
_OCCASION = re.compile(r"(?:after|before|during|when|while|since|until|for|at)\b", re.IGNORECASE)
_POSSESSIVES = frozenset({"his", "her", "their", "the", "a", "an", "its"})
_COMPARED = frozenset({"older", "younger", "bit", "aged"})
"""Say nothing more where the age itself is said."""


@dataclass
class ChangeReading:
    """What was said, in the director's own words."""

    slots: dict[SlotName, list[str]] = field(default_factory=dict)
    off: list[str] = field(default_factory=list)
    """Items that go, without articles."""
    cloth: list[str] = field(default_factory=list)
    """States of the clothes, as `torn sleeve` or `muddy`."""
    injuries: list[str] = field(default_factory=list)
    recurring: list[str] = field(default_factory=list)
    age: str | None = None
    rest: list[str] = field(default_factory=list)
    """Not understood."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was understood."""
        lists = (self.slots, self.off, self.cloth, self.injuries, self.recurring)
        return not any(lists) and self.age is None


def read_change(text: str, brief: CharacterBrief, age: str | None = None) -> ChangeReading:
    """Read a change of this character, of up to 4,000 characters.

    Args:
        text: as it was said.
        brief: whose change it is; what they wear tells what may go.
        age: the age that years are counted from; None takes the brief's.
    """
    reading = ChangeReading()
    plain = _INSTEAD.sub("", plain_text(text))
    reading.age, plain = aged(plain, age or brief.age)
    off = False
    for piece in filter(None, _PIECES.split(plain)):
        off = _read_piece(_as_said(piece), brief, reading, goes_on=off)
    return reading


def _as_said(piece: str) -> str:
    """Put the lexicon's own words in place of comparatives: `heavier` becomes `heavy`."""
    known = change_words().comparatives
    return re.sub(r"[A-Za-z]+", lambda m: known.get(m.group().lower(), m.group()), piece)


def _read_piece(
    piece: str, brief: CharacterBrief, reading: ChangeReading, *, goes_on: bool
) -> bool:
    """Read one piece; say whether it ended in a list of things that go."""
    taken = change_words().taking_off.search(piece)
    if taken is not None and "never" not in piece.lower():
        _read_worn(piece[: taken.start()], brief, reading)
        return _read_list_of_gone(piece[taken.end() :], brief, reading)
    if goes_on and _names_something_worn(_AND.split(piece)[0], brief):
        return _read_list_of_gone(piece, brief, reading)
    _read_worn(piece, brief, reading)
    return False


def _read_list_of_gone(piece: str, brief: CharacterBrief, reading: ChangeReading) -> bool:
    first, *others = filter(None, _AND.split(re.split(r"\s+(?:but|with|in)\s+", piece)[0]))
    reading.off.append(_item(first))
    kept_on = re.split(r"\s+(?:but|with|in)\s+", piece)[1:]
    for other in others:
        if _names_something_worn(other, brief) or _item(other).count(" ") == 0:
            reading.off.append(_item(other))
        else:
            kept_on.append(other)
    for piece_on in kept_on:
        _read_worn(piece_on, brief, reading)
    return not kept_on


def _item(piece: str) -> str:
    words = [word.text.lower() for word in words_of(piece) if not word.is_mark]
    while words and words[0] in change_words().determiners:
        words = words[1:]
    while words and words[-1] in ("off", "anymore", "now", "please"):
        words = words[:-1]
    return " ".join(words) or piece.strip().lower()


def _names_something_worn(piece: str, brief: CharacterBrief) -> bool:
    item = _item(piece)
    return len(item.split()) <= 3 and item.split()[-1] in worn_nouns(brief)


def worn_nouns(brief: CharacterBrief) -> frozenset[str]:
    """Return the words of all that a look may take off: clothes, hat, recurring items, beard."""
    worn = (*brief.wardrobe, *brief.recurring, brief.headwear or "", brief.facial_hair or "")
    return frozenset(" ".join(worn).lower().split())


def _read_worn(piece: str, brief: CharacterBrief, reading: ChangeReading) -> None:
    sentence = read_sentence(piece, brief.name, character_lexicon())
    hair = [chunk.phrase for chunk in sentence.chunks if chunk.slot == "hair"]
    free = [part for run in sentence.free for part in filter(None, _AND.split(run))]
    reading.recurring.extend(sentence.recurring)
    reading.off.extend(sentence.without)
    for chunk in sentence.chunks:
        if chunk.slot != "hair":
            reading.slots.setdefault(chunk.slot, []).append(chunk.phrase)
    if hair:
        strands = [part for part in free if _is_of_hair(part)]
        free = [part for part in free if part not in strands]
        reading.slots.setdefault("hair", []).append(_ordered(piece, [*hair, *strands]))
    worn = [chunk.phrase for chunk in sentence.chunks if chunk.slot == "wardrobe"]
    for part in free:
        _read_free(part, worn, reading)


def _ordered(piece: str, parts: list[str]) -> str:
    """Put what was read of one phrase back in the order of the text, without the asking around it."""
    lower = piece.lower()
    words = " ".join(sorted(parts, key=lambda part: lower.find(part.lower().split()[0]))).split()
    while words[1:] and words[0].lower() in change_words().asking:
        words = words[1:]
    after = re.search(rf"\b{re.escape(words[-1].lower())}\s+(up|back|down)\b", lower)
    return " ".join([*words, after.group(1)] if after else words)


def _is_of_hair(part: str) -> bool:
    known = change_words()
    of_hair = known.hair_states.union(known.hair_strands, *known.hair_families)
    return all(word in of_hair for word in _bare(part))


def _read_free(part: str, worn: list[str], reading: ChangeReading) -> None:
    known, lexicon = change_words(), character_lexicon()
    words = _bare(part)
    if says_years(part):
        reading.rest.append(part)
    elif not words or (reading.age is not None and _COMPARED.issuperset(words)):
        return
    elif worn and known.cloth_states.union(known.injuries).intersection(words):
        garment = worn[-1]
        reading.slots["wardrobe"].remove(garment)
        is_state = known.cloth_states.issuperset(words)
        state = " ".join(words)
        reading.slots["wardrobe"].append(
            f"{state} {garment}" if is_state else f"{garment} with {state}"
        )
    elif known.cloth_parts.intersection(words) or known.cloth_states.issuperset(words):
        reading.cloth.append(" ".join(words))
    elif known.injuries.intersection(words) or lexicon.body.intersection(words):
        reading.injuries.append(_phrase(part))
    elif not _OCCASION.match(part):
        reading.rest.append(part)


def _bare(part: str) -> list[str]:
    """The words of a run that say something, in small letters."""
    asking = change_words().asking
    words = [word.lower for word in words_of(part) if not word.is_mark]
    return [word for word in words if word not in asking and word not in _POSSESSIVES]


def _phrase(part: str) -> str:
    """A run without the asking before it: `covered in blood`."""
    words = [word.lower for word in words_of(part)]
    while words and (words[0] in change_words().asking or words[0] in _POSSESSIVES):
        words = words[1:]
    return join_words(words)
