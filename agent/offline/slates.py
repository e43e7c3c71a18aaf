"""Slates in a sentence: `12A`, `12A and B`, `12A to C`, scenes, and all the shots there are.

Knows the shots of the digest; must not know takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.offline.clause import Clause
from agent.offline.numbers import NUMBER, ORDINAL, number_of, ordinal_of
from agent.offline.room import Room
from agent.offline.shot_words import shot_patterns
from tools.contracts.digest import ShownKind

_SLATE = re.compile(r"(?<![\w./#])(\d{1,4})\s?([a-hj-np-z]{1,2})(?![\w.:]*\w)")
_LISTED = re.compile(
    r"(?<![\w./#])(?P<scene>\d{1,4})\s?(?P<first>[a-hj-np-z])(?P<more>(?:\s*(?:,|and|&|,\s*and|\+|to|through|-)"
    r"\s*(?:\d{1,4}\s?)?[b-hj-np-z]\b(?!'))+)(?! (?:take|t\d))"
)
_SCENE = re.compile(rf"\bscene (?P<number>{NUMBER})\b(?!\w)")
_ALL = re.compile(
    r"\b(?:all (?:of )?(?:them|the (?:planned )?shots|shots|of it|these|those|three|four|five|six)|them all|"
    r"them|(?:the|these|those|every) (?:planned |remaining |proposed )?(?:shots?|setups?|slates)|"
    r"everything|the (?:whole|entire) (?:lot|scene|list|plan)|the plan|both(?: of them| shots)?|all|"
    r"each of them|(?:the )?(?:rest|others|remaining(?: ones)?)(?: of (?:it|them|the scene|the shots))?)\b"
)
_BY_NUMBER = re.compile(
    rf"\b(?:shots?|setups?|number|slates?|no\.?) (?P<numbers>{NUMBER}(?:(?:,| and|, and) {NUMBER})*)\b"
)
_BY_ORDINAL = re.compile(rf"\bthe (?P<place>{ORDINAL})(?: (?:one|shot|setup|slate))?\b")


@dataclass(frozen=True)
class FoundSlates:
    """Slates, and where in the clause they were said."""

    slates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def slates_in(clause: Clause) -> FoundSlates:
    """Return the slates that are written out, lists such as `12A and B` included."""
    found: list[tuple[int, int, list[str]]] = []
    for match in _LISTED.finditer(clause.low):
        found.append((match.start(), match.end(), _listed(match)))
    for match in _SLATE.finditer(clause.low):
        if any(start <= match.start() < end for start, end, _ in found) or _is_word(match):
            continue
        found.append((match.start(), match.end(), [(match.group(1) + match.group(2)).upper()]))
    found.sort()
    slates = dict.fromkeys(slate for _, _, group in found for slate in group)
    return FoundSlates(tuple(slates), tuple((start, end) for start, end, _ in found))


def scene_in(clause: Clause) -> int | None:
    """Return the number of the scene that a clause names."""
    match = _SCENE.search(clause.low)
    value = number_of(match.group("number")) if match else None
    return value if value and 1 <= value <= 9999 else None


def slates_meant(clause: Clause, room: Room) -> tuple[str, ...]:
    """Return the slates of a clause: written out, of a scene, by number, or all there are.

    The order is the digest's; numbers stand for the shots that were shown last.
    """
    written = slates_in(clause).slates or _the_one(framed_in(clause, room))
    if written:
        return written
    scene = scene_in(clause)
    if scene is not None:
        return slates_of_scene(scene, room)
    return _numbered(clause, room) or (_every(room) if _ALL.search(clause.low) else ())


def framed_in(clause: Clause, room: Room) -> FoundSlates:
    """Return the slates that `the wide` may mean; where some of them are on show, only those."""
    named = re.search(
        r"\b(?:the|that|this) (?:\w+ )?(?=wide|close|medium|full|cowboy|master)", clause.low
    )
    if named is None:
        return FoundSlates()
    framings = (
        (key, each.search(clause.low, named.start())) for key, each in shot_patterns().framings
    )
    said = {key: match for key, match in framings if match}
    found = [shot.slate for shot in room.shots if shot.framing in said]
    shown = {slate_of(label) for label in room.studio.shown.labels}
    spans = tuple((named.start(), match.end()) for match in said.values())
    return FoundSlates(tuple(each for each in found if each in shown) or tuple(found), spans)


def _the_one(found: FoundSlates) -> tuple[str, ...]:
    return found.slates if len(found.slates) == 1 else ()


def slates_of_scene(scene: int, room: Room) -> tuple[str, ...]:
    """Return a scene's slates in the order of the digest."""
    return tuple(
        shot.slate for each in room.studio.scenes if each.number == scene for shot in each.shots
    )


def slate_of(take: str) -> str:
    """Return the slate of a take's slate: `12A T3` is of `12A`."""
    return take.partition(" ")[0]


def _numbered(clause: Clause, room: Room) -> tuple[str, ...]:
    every = tuple(shot.slate for shot in room.shots)
    order = room.studio.shown.labels if room.shows(ShownKind.SHOTS) else every
    match = _BY_NUMBER.search(clause.low)
    places = _numbers(match.group("numbers")) if match else []
    ordinal = _BY_ORDINAL.search(clause.low)
    if not places and ordinal:
        place = ordinal_of(ordinal.group("place"), len(order))
        places = [place] if place else []
    return tuple(order[place - 1] for place in places if 1 <= place <= len(order))


def _numbers(text: str) -> list[int]:
    values = (number_of(word) for word in re.findall(rf"{NUMBER}", text))
    return [value for value in values if value]


def _every(room: Room) -> tuple[str, ...]:
    shown = set(room.studio.shown.labels) if room.shows(ShownKind.SHOTS) else set()
    open_ones = [shot.slate for shot in room.shots if not shot.takes]
    if shown:
        wanted = [slate for slate in open_ones if slate in shown]
        return tuple(wanted) or room.studio.shown.labels
    return tuple(open_ones) or tuple(shot.slate for shot in room.shots)


def _listed(match: re.Match[str]) -> list[str]:
    scene, slates = match.group("scene"), [match.group("first")]
    letters = slates[0]
    result = [(scene + letters).upper()]
    for link, number, letter in re.findall(
        r"(,\s*and|,|and|&|\+|to|through|-)\s*(?:(\d{1,4})\s?)?([b-hj-np-z])\b", match.group("more")
    ):
        scene = number or scene
        if link in ("to", "through", "-"):
            result += _between(result[-1], (scene + letter).upper())
        else:
            result.append((scene + letter).upper())
    return result


def _between(first: str, last: str) -> list[str]:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    start, end = letters.find(first[-1]), letters.find(last[-1])
    return [first[:-1] + letter for letter in letters[start + 1 : end + 1]]


def _is_word(match: re.Match[str]) -> bool:
    """Say whether two letters after a number and a blank are a word of their own, not a setup."""
    spaced = " " in match.group() or "\t" in match.group()
    if match.group(2) == "s" and int(match.group(1)) % 10 == 0:
        return True
    return (spaced and match.group(2) in _SHORT_WORDS) or match.group(2) in _UNITS


_SHORT_WORDS = frozenset(
    (
        *("a", "an", "as", "at", "be", "by", "do", "go", "he", "it", "me", "my", "no", "of"),
        *("on", "or", "so", "to", "up", "us", "we", "t", "x"),
    )
)
_UNITS = frozenset(("mm", "st", "nd", "rd", "th", "cm", "ft"))
