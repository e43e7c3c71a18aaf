"""A change of what never changes: the brief with other hair, eyes, age, marks, clothes of the default look.

Knows slots; must not know the identity block nor store anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from tools.contracts.briefs import CharacterBrief
from tools.errors import BadInput
from tools.language.briefs.change_words import change_words
from tools.language.briefs.hair_words import changed_hair
from tools.language.briefs.lexicon import SlotName
from tools.language.briefs.read_change import ChangeReading, read_change
from tools.language.briefs.yaml_errors import one_line

_REPLACED: tuple[SlotName, ...] = (
    "eyes",
    "skin",
    "facial_hair",
    "build",
    "headwear",
    "signature_light",
)
_REMOVABLE = ("hair", "facial_hair", "headwear")


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
    accessories = change_words().accessories
    only_extras = all(phrase.lower().split()[-1] in accessories for phrase in clothes)
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
