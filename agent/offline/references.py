"""What stands for takes and shots in a sentence: `12A T3`, `1 and 3`, `the last one`, `the wide`.

Knows what was shown last and the shots of the digest; gives what `agent.toolkit.numbers.TakeName` and `Slate`
hold. Must not know what is done with a take or a shot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from re import Match
from typing import Annotated

from agent.offline.dialogue_state import DialogueState
from agent.offline.patterns import Block, Groups, Numbered, Patterns
from tools.contracts.digest import ShownKind
from tools.contracts.limits import MOST_AT_ONCE
from tools.language.numbers import number_of, ordinal_of
from tools.language.picture.camera import framings_in
from tools.language.slate import slate_of, slates_in
from tools.language.text import Text

TAKEN = "\ue002"
"""Stands for letters that named a take."""
_Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Takes or slates, and where in the text they were said."""

    names: tuple[str, ...] = ()
    spans: tuple[_Span, ...] = ()

    def __bool__(self) -> bool:
        """True when something was found."""
        return bool(self.names)


@dataclass(frozen=True)
class TakeWords(Block, block="takes", file="references.yaml"):
    """What stands for takes: the block `takes` of `prompts/agent/offline/references.yaml`."""

    slate_first: Annotated[Patterns, Groups(("slate", "list"))]
    of_slate: Annotated[Patterns, Groups(("slate", "list"))]
    slashed: Annotated[Patterns, Groups(("list",))]
    all_but: Annotated[Patterns, Groups(("list",))]
    range: Annotated[Patterns, Groups(("first", "last"))]
    counted: Annotated[Patterns, Groups(("end", "count"))]
    all_counted: Patterns
    number: Annotated[Patterns, Groups(("number",))]
    place: Annotated[Patterns, Groups(("place",))]
    rest: Patterns
    every_one: Patterns
    it: Patterns
    numbered: Patterns
    item_of_list: Patterns


@dataclass(frozen=True)
class ShotWords(Block, block="shots", file="references.yaml"):
    """What stands for shots: the block `shots`."""

    scene: Numbered
    all_shots: Patterns
    by_number: Numbered
    by_place: Numbered
    the_framed: Patterns
    of_somebody: Patterns
    each_number: Patterns


def takes_in(
    text: Text, state: DialogueState, *, also: Iterable[str] = (), vague: bool = True
) -> Found:
    """Return the takes that a text means, in the order said.

    Args:
        text: what was said.
        state: where; numbers stand for what was shown last.
        also: takes that were said before in the message, which `the others` leaves out.
        vague: also what `it`, `them` and `the rest` mean.
    """
    small, before = text.small, frozenset(also)
    found: list[tuple[int, int, list[str]]] = []
    for patterns, meaning, is_vague in _meanings():
        if is_vague and (found or not vague):
            break
        for match in patterns.all(small):
            takes = meaning(match, state, before)
            start, end = match.span()
            if takes and TAKEN not in small[start:end]:
                found.append((start, end, takes))
                small = small[:start] + TAKEN * (end - start) + small[end:]
    return _in_order(found)


def shown_takes(state: DialogueState) -> tuple[str, ...]:
    """Return the numbers of the takes that were shown last."""
    if not state.shows(ShownKind.TAKES):
        return ()
    return tuple(str(place) for place in range(1, len(state.studio.shown.labels) + 1))


def newest_takes(slates: Iterable[str], state: DialogueState) -> tuple[str, ...]:
    """Return the newest take of each of some shots, or the newest sketch where there is no take."""
    drawn = {shot.slate: shot.newest for shot in state.shots if shot.drawn}
    return tuple(f"{slate} T{drawn[slate]}" for slate in slates if slate in drawn)


def scene_in(text: Text) -> int | None:
    """Return the number of the scene that a text names."""
    match = ShotWords.read().scene.first(text.small)
    value = number_of(match.group("n")) if match else None
    return value if value and 1 <= value <= 9999 else None


def slates_of_scene(scene: int, state: DialogueState) -> tuple[str, ...]:
    """Return a scene's slates in the order of the digest."""
    scenes = (each for each in state.studio.scenes if each.number == scene)
    return tuple(shot.slate for each in scenes for shot in each.shots)


def slates_meant(text: Text, state: DialogueState) -> tuple[str, ...]:
    """Return the slates of a text: written out, of a scene, by number, or all there are.

    The order is the digest's; numbers stand for the shots that were shown last.
    """
    framed = framed_in(text, state).names
    written = slates_in(text.small).slates or (framed if len(framed) == 1 else ())
    if written:
        return written
    scene = scene_in(text)
    if scene is not None:
        return slates_of_scene(scene, state)
    every = ShotWords.read().all_shots.first(text.small)
    return _by_number(text, state) or (_every_shot(state) if every else ())


def framed_in(text: Text, state: DialogueState) -> Found:
    """Return the slates that `the wide` may mean; where some of them are on show, only those."""
    named = ShotWords.read().the_framed.first(text.small)
    if named is None:
        return Found()
    sizes = [size for size in framings_in(text.small) if size.start >= named.start()]
    said = {size.meaning for size in sizes}
    found = [shot.slate for shot in state.shots if shot.framing in said]
    shown = {slate_of(label) for label in state.studio.shown.labels}
    ends = (ShotWords.read().of_somebody.opens(text.small, size.end) for size in sizes)
    spans = tuple(
        (named.start(), end.end() if end else size.end)
        for size, end in zip(sizes, ends, strict=True)
    )
    return Found(tuple(each for each in found if each in shown) or tuple(found), spans)


def _by_number(text: Text, state: DialogueState) -> tuple[str, ...]:
    words = ShotWords.read()
    every = tuple(shot.slate for shot in state.shots)
    order = state.studio.shown.labels if state.shows(ShownKind.SHOTS) else every
    match, ordinal = words.by_number.first(text.small), words.by_place.first(text.small)
    said = (each.group() for each in words.each_number.all(match.group("n"))) if match else ()
    places = [number_of(word) or 0 for word in said]
    if not places and ordinal:
        places = [ordinal_of(ordinal.group("n"), len(order)) or 0]
    return tuple(order[place - 1] for place in places if 1 <= place <= len(order))


def _every_shot(state: DialogueState) -> tuple[str, ...]:
    labels = state.studio.shown.labels if state.shows(ShownKind.SHOTS) else ()
    undrawn = [shot.slate for shot in state.shots if not shot.takes]
    if labels:
        return tuple(slate for slate in undrawn if slate in labels) or labels
    return tuple(undrawn) or tuple(shot.slate for shot in state.shots)


def _in_order(found: list[tuple[int, int, list[str]]]) -> Found:
    found.sort()
    each_once = dict.fromkeys(take for _, _, group in found for take in group)
    return Found(tuple(each_once), tuple((start, end) for start, end, _ in found))


_Meaning = Callable[[Match[str], DialogueState, frozenset[str]], list[str]]


@lru_cache(maxsize=1)
def _meanings() -> tuple[tuple[Patterns, _Meaning, bool], ...]:
    """Return what takes may be said with, the surest first, and whether that is vague."""
    words = TakeWords.read()
    return (
        (words.slate_first, _of_slate, False),
        (words.of_slate, _of_slate, False),
        (words.all_but, _all_but, False),
        (words.slashed, _slashed, False),
        (words.range, _range, False),
        (words.counted, _counted, False),
        (words.all_counted, _every, False),
        (words.number, _number, False),
        (words.place, _place, False),
        (words.rest, _rest, True),
        (words.every_one, _every, True),
        (words.it, _it, True),
    )


def _of_slate(match: Match[str], state: DialogueState, _also: frozenset[str]) -> list[str]:
    slate = match.group("slate").replace(" ", "").upper()
    count = next((shot.drawn for shot in state.shots if shot.slate == slate), 0)
    return [f"{slate} T{number}" for number in _numbers(match.group("list"), count)]


def _all_but(match: Match[str], state: DialogueState, _also: frozenset[str]) -> list[str]:
    shown = shown_takes(state)
    left_out = {str(number) for number in _numbers(match.group("list"), len(shown))}
    return [take for take in shown if take not in left_out]


def _slashed(match: Match[str], state: DialogueState, _also: frozenset[str]) -> list[str]:
    most = len(shown_takes(state)) or 999
    return [str(number) for number in _numbers(match.group("list"), 0) if number <= most]


def _range(match: Match[str], _state: DialogueState, _also: frozenset[str]) -> list[str]:
    first, last = int(match.group("first")), int(match.group("last"))
    return (
        [str(number) for number in range(first, last + 1)]
        if 0 < first < last <= MOST_AT_ONCE
        else []
    )


def _counted(match: Match[str], state: DialogueState, _also: frozenset[str]) -> list[str]:
    count, shown = number_of(match.group("count")) or 0, shown_takes(state)
    return list(shown[:count] if match.group("end") == "first" else shown[-count:])


def _number(match: Match[str], state: DialogueState, _also: frozenset[str]) -> list[str]:
    number, shown = number_of(match.group("number")), shown_takes(state)
    most = len(shown) if shown and not TakeWords.read().numbered.first(match.group()) else 999
    return [str(number)] if number and number <= most else []


def _place(match: Match[str], state: DialogueState, _also: frozenset[str]) -> list[str]:
    number = ordinal_of(match.group("place"), len(shown_takes(state)))
    return [str(number)] if number else []


def _every(_match: Match[str], state: DialogueState, _also: frozenset[str]) -> list[str]:
    return list(shown_takes(state))


def _rest(_match: Match[str], state: DialogueState, also: frozenset[str]) -> list[str]:
    return [take for take in shown_takes(state) if take not in also]


def _it(_match: Match[str], state: DialogueState, _also: frozenset[str]) -> list[str]:
    shown = shown_takes(state)
    return list(shown) if len(shown) == 1 else []


def _numbers(text: str, count: int) -> list[int]:
    said = (match.group() for match in TakeWords.read().item_of_list.all(text))
    values = (number_of(word) or ordinal_of(word, count) for word in said)
    return [value for value in values if value]
