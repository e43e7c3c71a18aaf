"""A look from free words: `without the scarf`, `after the fight: split lip, torn sleeve`, `ten years later`.

Knows what a look may change (wardrobe, hair-styling, injuries, ageing); must not store
anything. What belongs to the identity, and items that are not worn, are reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from tools.contracts.briefs import CharacterBrief, LookBrief
from tools.errors import BadInput
from tools.language.change import ChangeReading, read_change, worn_nouns
from tools.language.change_words import change_words, partly_changed
from tools.language.lexicon import one_line
from tools.language.numbers import aged, says_years
from tools.language.text import with_article


@dataclass(frozen=True)
class LookReading:
    """A look as it is after what was said."""

    look: LookBrief
    absent: tuple[str, ...] = ()
    """Items that were to be taken off and are not worn."""
    identity: tuple[str, ...] = ()
    """What no look changes."""
    rest: tuple[str, ...] = ()
    """What was not understood."""


def parse_look(
    text: str, name: str, brief: CharacterBrief, before: LookBrief | None = None
) -> LookReading:
    """Read a look.

    Args:
        text: what is different, in up to 4,000 characters.
        name: the look's name, which may say how many years have passed.
        brief: whose look it is.
        before: the look so far; what is said is added to it.

    Raises:
        BadInput: nothing that a look may change was understood, or it does not fit.
    """
    start = before or LookBrief(name=name)
    reading = read_change(text, brief)
    age = reading.age or start.ageing or aged(name, brief.age)[0]
    rest = [*reading.rest]
    if age is None and says_years(name) and not says_years(text):
        rest.append(name)
    off, absent, identity = _taken_off(reading.off, brief, start)
    identity += [
        phrase for slot in change_words().identity_slots for phrase in reading.slots.get(slot, [])
    ]
    values = {
        "name": name,
        "wardrobe": _wardrobe(reading, brief, start),
        "headwear": _joined(reading.slots.get("headwear", [])) or start.headwear,
        "hair_styling": _hair(reading, brief) or start.hair_styling,
        "facial_hair": _joined(reading.slots.get("facial_hair", [])) or start.facial_hair,
        "injuries": _injuries(reading, start),
        "ageing": age,
        "without": _unique([*_still_off(start.without, reading), *off]),
    }
    try:
        look = LookBrief.model_validate(values)
    except ValidationError as error:
        raise BadInput(f"look {name}: {one_line(error)}") from error
    if reading.is_empty and look == start:
        raise BadInput(_nothing_understood(name, rest))
    return LookReading(look, tuple(absent), tuple(identity), tuple(rest))


def _nothing_understood(name: str, rest: Sequence[str]) -> str:
    said = f" in “{'; '.join(rest)}”" if rest else ""
    return (
        f"look {name}: no clothes, hat, hair, injury or age was found{said}; "
        "say for instance: without the scarf, torn sleeve, split lip, ten years later"
    )


def _taken_off(
    off: Sequence[str], brief: CharacterBrief, before: LookBrief
) -> tuple[list[str], list[str], list[str]]:
    """Part the items to go: those worn, those that are not there, those of the identity."""
    worn = worn_nouns(brief) | _words((*before.wardrobe, before.headwear or "", *before.injuries))
    fixed = _words((*brief.marks, brief.eyes or "", brief.skin or "", brief.build or ""))
    gone = [item for item in off if item.split()[-1] in worn]
    identity = [item for item in off if item not in gone and item.split()[-1] in fixed]
    return gone, [item for item in off if item not in (*gone, *identity)], identity


def _wardrobe(reading: ChangeReading, brief: CharacterBrief, before: LookBrief) -> tuple[str, ...]:
    """Clothes take the place of those before, accessories are added, states change what is worn."""
    said = reading.slots.get("wardrobe", [])
    worn = [*(before.wardrobe or brief.wardrobe)]
    clothes = [phrase for phrase in said if not change_words().is_accessory(phrase)]
    extras = [phrase for phrase in said if change_words().is_accessory(phrase)]
    items = _dressed(worn, clothes)
    items += [extra for extra in extras if extra not in items]
    for state in reading.cloth:
        items = _in_state(items, state)
    items = _without_items(items, reading.off)
    return _unique(items) if said or reading.cloth else before.wardrobe


def _dressed(worn: list[str], clothes: list[str]) -> list[str]:
    """Put new clothes on; those that are only said to be in another state stay with the rest."""
    items, fresh = [*worn], []
    for phrase in clothes:
        at, said = _known_garment(phrase, worn)
        if at is None:
            fresh.append(said)
        else:
            items[at] = said
    return fresh or items


def _known_garment(phrase: str, worn: Sequence[str]) -> tuple[int | None, str]:
    """`torn coat` of somebody in a white coat is the torn white coat."""
    first, _, added = phrase.partition(" with ")
    *before, noun = first.split()
    nouns = [item.split()[-1].lower() for item in worn]
    if noun.lower() not in nouns or not change_words().cloth_states.issuperset(before):
        return None, phrase
    at = nouns.index(noun.lower())
    return at, " ".join([*before, worn[at]]) + (f" with {added}" if added else "")


def _in_state(items: list[str], state: str) -> list[str]:
    """`torn sleeve` belongs to the first garment; with nothing worn it stands for itself."""
    words = state.split()
    part = bool(change_words().cloth_parts.intersection(words))
    if words[-1] in change_words().all_clothes:
        words, part = words[:-1], False
    if not items:
        return [
            " ".join([*words, "clothes"]) if not part else f"clothes with {with_article(state)}"
        ]
    first = f"{items[0]} with {with_article(state)}" if part else " ".join([*words, items[0]])
    if state in items[0] or (not part and items[0].startswith(" ".join(words))):
        first = items[0]
    return [first, *items[1:]]


def _hair(reading: ChangeReading, brief: CharacterBrief) -> str | None:
    said = reading.slots.get("hair", [])
    styled = [partly_changed(brief.hair, phrase) or phrase for phrase in said]
    return _joined(styled)


def _injuries(reading: ChangeReading, before: LookBrief) -> tuple[str, ...]:
    kept = _without_items(before.injuries, reading.off)
    return _unique([*kept, *reading.slots.get("marks", []), *reading.injuries])


def _still_off(off: Iterable[str], reading: ChangeReading) -> list[str]:
    """What was off before stays off unless it is put on again."""
    put_on = _words((*reading.slots.get("wardrobe", []), *reading.slots.get("headwear", [])))
    return [item for item in off if item.split()[-1] not in put_on]


def _without_items(items: Iterable[str], off: Sequence[str]) -> list[str]:
    nouns = {item.split()[-1] for item in off}
    return [item for item in items if not nouns & set(item.lower().split())]


def _words(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(phrases).lower().split())


def _joined(phrases: Sequence[str]) -> str | None:
    return ", ".join(_unique(phrases)) or None


def _unique(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))
