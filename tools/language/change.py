"""What a sentence changes about a person, and the brief after a change of what never changes.

Knows slots, what goes, torn clothes, injuries and ages; must not know the identity block nor store anything.
What is not understood is kept apart, so that it can be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from tools.contracts.briefs import CharacterBrief
from tools.errors import BadInput
from tools.language.change_words import change_words, changed_hair
from tools.language.lexicon import SlotName, character_lexicon, english, one_line
from tools.language.numbers import aged, says_years
from tools.language.sentence import read_sentence
from tools.language.syntax import clean
from tools.language.text import join_words, plain_text, words_of

_PIECES = re.compile(r"\s*[,;:\n]\s*|\.\s+|\.$")
_AND = re.compile(r"(?i)\s+(?:and|or|nor|&)\s+|^(?:and|or|nor|then)\s+")
_INSTEAD = re.compile(r"(?i)\s*\b(?:instead of|rather than|not)\b[^,;:.\n]*")
_KEPT_ON = re.compile(r"\s+(?:but|with|in)\s+")
_OCCASION = re.compile(r"(?i)(?:after|before|during|when|while|since|until|for|at)\b")
_REPLACED: tuple[SlotName, ...] = (
    "eyes",
    "skin",
    "facial_hair",
    "build",
    "headwear",
    "signature_light",
)
_REMOVABLE = ("hair", "facial_hair", "headwear")


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
    plain = _INSTEAD.sub("", plain_text(clean(text).text))
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
    taken = change_words().opening.search(piece)
    if taken is not None and "never" not in piece.lower():
        _read_worn(piece[: taken.start()], brief, reading)
        return _read_list_of_gone(piece[taken.end() :], brief, reading)
    if goes_on and _names_something_worn(_AND.split(piece)[0], brief):
        return _read_list_of_gone(piece, brief, reading)
    _read_worn(piece, brief, reading)
    return False


def _read_list_of_gone(piece: str, brief: CharacterBrief, reading: ChangeReading) -> bool:
    gone, *kept_on = _KEPT_ON.split(piece)
    first, *others = filter(None, _AND.split(gone))
    reading.off.append(_item(first))
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
    while words and words[-1] in change_words().trailing:
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
    sentence = read_sentence(piece, brief.name)
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
    elif not words or (reading.age is not None and known.compared.issuperset(words)):
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
    return [word for word in words if word not in asking and word not in english().determined]


def _phrase(part: str) -> str:
    """A run without the asking before it: `covered in blood`."""
    words = [word.lower for word in words_of(part)]
    while words and (words[0] in change_words().asking or words[0] in english().determined):
        words = words[1:]
    return join_words(words)


@dataclass(frozen=True)
class IdentityReading:
    """The brief after a change."""

    brief: CharacterBrief
    absent: tuple[str, ...] = ()
    """What was to go and is not there."""
    rest: tuple[str, ...] = ()
    """What was not understood."""


def parse_change(text: str, brief: CharacterBrief) -> IdentityReading:
    """Read a change of the identity; what was not said stays as it is.

    Raises:
        BadInput: nothing was understood, or it does not fit.
    """
    reading = read_change(text, brief)
    if reading.is_empty:
        raise BadInput(_nothing_understood(brief.name, reading.rest))
    singles, lists = _singles(reading, brief), _lists(reading, brief)
    absent = [item for item in reading.off if not _taken_off(item, brief, singles, lists)]
    try:
        after = CharacterBrief.model_validate(brief.model_dump() | singles | lists)
    except ValidationError as error:
        raise BadInput(f"the change does not fit: {one_line(error)}") from error
    return IdentityReading(after, tuple(absent), tuple(reading.rest))


def _nothing_understood(name: str, rest: Sequence[str]) -> str:
    said = f" in “{'; '.join(rest)}”" if rest else ""
    return (
        f"nothing about {name} was found{said}; say what changes, for instance: "
        "grey hair, green eyes, a scar on the cheek, in her fifties, a red coat"
    )


def _singles(reading: ChangeReading, brief: CharacterBrief) -> dict[str, str | None]:
    said: dict[str, str | None] = {
        slot: ", ".join(dict.fromkeys(reading.slots[slot]))
        for slot in _REPLACED
        if reading.slots.get(slot)
    }
    if reading.slots.get("hair"):
        said["hair"] = ", ".join(changed_hair(brief.hair, each) for each in reading.slots["hair"])
    if reading.age is not None:
        said["age"] = reading.age
    return said


def _lists(reading: ChangeReading, brief: CharacterBrief) -> dict[str, tuple[str, ...]]:
    """Marks, tone and recurring items are added; clothes take the place of the clothes before."""
    clothes = reading.slots.get("wardrobe", [])
    only_extras = all(change_words().is_accessory(phrase) for phrase in clothes)
    worn = brief.wardrobe if only_extras else ()
    states = [f"{state} clothes" for state in reading.cloth]
    return {
        "marks": _added(brief.marks, [*reading.slots.get("marks", []), *reading.injuries]),
        "tone": _added(brief.tone, reading.slots.get("tone", [])),
        "recurring": _added(brief.recurring, reading.recurring),
        "wardrobe": _added(worn, [*clothes, *states]),
    }


def _taken_off(
    item: str,
    brief: CharacterBrief,
    singles: dict[str, str | None],
    lists: dict[str, tuple[str, ...]],
) -> bool:
    """Remove an item from the slots that name it; False when none does."""
    noun, found = item.split()[-1], False
    for slot in _REMOVABLE:
        phrase = singles.get(slot, getattr(brief, slot))
        if phrase and noun in phrase.lower().split():
            singles[slot], found = None, True
    for slot, items in lists.items():
        lists[slot] = tuple(each for each in items if noun not in each.lower().split())
        found = found or lists[slot] != items
    return found


def _added(before: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*before, *more]))
