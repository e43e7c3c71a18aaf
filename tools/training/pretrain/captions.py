"""Captions as a base is pre-trained on them: mirrored, and with traits in a closing SAME anchor.

Knows the word order of the maquette's captions (its model card, "The captions it knows"); must not
know characters: the names in anchors are made-up syllables, so that no name means a face.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_SIDES = re.compile(r"\b(left|right)\b")
_TRAIT = re.compile(
    r"\b(?:skin|hair|haircut|eyes|stubble|beard|moustache|freckles|scar|build|wearing|hat|bald)\b"
)
_LIGHT = re.compile(
    r"(?:\blight|candlelight|moonlight|daylight|golden hour)$"
)  # "light" alone also closes "neon light" and "studio three-point light"
_SECOND_PERSON = re.compile(r"^on the (?:left|right) ")
_ONSETS = (
    "b",
    "br",
    "ch",
    "d",
    "f",
    "g",
    "j",
    "k",
    "l",
    "m",
    "n",
    "r",
    "s",
    "sh",
    "t",
    "v",
    "w",
    "z",
)
_RIMES = ("a", "ai", "an", "e", "el", "en", "i", "ia", "in", "is", "o", "on", "or", "u", "us")
_LIT_SHARE = 0.7


def mirrored(caption: str) -> str:
    """Return the caption of the mirrored picture: the viewer's left and right change places."""
    return _SIDES.sub(lambda side: "right" if side.group() == "left" else "left", caption)


def anchored(caption: str, names: Sequence[str], *, lit: bool = True) -> str:
    """Move the traits of each person into a closing `SAME name: traits; lit by light` clause.

    Args:
        caption: comma-separated; people after the first phrase `on the left …`, `on the right …`.
        names: one for each person in the order in which the caption names them.
        lit: whether the clauses repeat the caption's light, if it has one.

    Returns:
        The caption unchanged when a person has no traits to move.
    """
    head, people = _split_people(caption.split(", "))
    light = next((part for part in caption.split(", ") if _LIGHT.search(part)), None)
    ending = f"; lit by {light}" if lit and light else ""
    traits = [[part for part in person if _TRAIT.search(part)] for person in people]
    if not all(traits):
        return caption
    scene = head + [part for person in people for part in person if not _TRAIT.search(part)]
    clauses = [
        f"SAME {name}: {', '.join(parts)}{ending}"
        for name, parts in zip(names, traits, strict=False)
    ]
    return ", ".join(scene + clauses)


def anchored_variants(caption: str, count: int, chance: random.Random) -> list[str]:
    """Return `count` anchored versions that differ in names and in whether the light is said."""
    return [
        anchored(
            caption,
            (invented_name(chance), invented_name(chance)),
            lit=chance.random() < _LIT_SHARE,
        )
        for _ in range(count)
    ]


def invented_name(chance: random.Random) -> str:
    """Return a name of one to three syllables, two most often."""
    syllables = chance.choice((1, 2, 2, 3))
    return "".join(chance.choice(_ONSETS) + chance.choice(_RIMES) for _ in range(syllables))


def _split_people(parts: list[str]) -> tuple[list[str], list[list[str]]]:
    """Separate what stands before the people from each person's parts."""
    starts = [index for index, part in enumerate(parts) if _SECOND_PERSON.match(part)]
    if len(starts) < 2:
        return parts[:1], [parts[1:]]
    ends = [*starts[1:], len(parts)]
    return parts[: starts[0]], [parts[start:end] for start, end in zip(starts, ends, strict=True)]
