"""One picture in a director's words, sorted into slots: the reading that chat, scenes and notes share.

Takes lens, side, height, size, people, expression, light and place out of the words, in this order; what
is left is the action, and single words that are none are said. Must not know how many pictures a
message asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from tools.contracts.limits import LONGEST_PHRASE
from tools.contracts.photography import Expression, Framing, View
from tools.language.picture.action import action_of
from tools.language.picture.camera import (
    MeantPhrase,
    angles_in,
    camera_words,
    counts_in,
    expressions_in,
    framings_in,
    is_detail,
    views_in,
    with_leads,
)
from tools.language.picture.lens import lenses_in
from tools.language.picture.people import (
    CastLike,
    InPicture,
    strangers_in,
    take_people,
    without_names,
)
from tools.language.picture.phrases import words_in
from tools.language.picture.setting import (
    bare_places,
    is_light,
    is_place,
    known_lights,
    known_places,
    lights_in,
    names_place,
    pieces_of,
    places_in,
    setting_words,
)
from tools.language.spelling import typing_errors
from tools.language.text import NAME_MARK, TAKEN, Text

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Picture:
    """What words ask to be seen; what they do not say is None."""

    framing: Framing | None = None
    view: View | None = None
    expression: Expression | None = None
    angle: str | None = None
    """As it was said: `from below`; `angles_in` tells what it means."""
    lens: str | None = None
    light: str | None = None
    place: str | None = None
    action: str | None = None
    people: tuple[InPicture, ...] = ()
    strangers: tuple[str, ...] = ()
    """Named, and nobody of the cast."""
    covered: tuple[tuple[int, int], ...] = ()
    """Spans of the text that a slot took, the action's included."""
    left: tuple[str, ...] = ()
    """Words that no slot took and that mean something; they are always said."""

    @property
    def is_bare(self) -> bool:
        """Whether nothing but a size was said."""
        said = (
            self.view,
            self.expression,
            self.angle,
            self.lens,
            self.light,
            self.place,
            self.action,
        )
        return not self.people and not any(said)


@dataclass
class _PictureDraft:
    """A picture while its words are being taken."""

    text: Text
    values: dict[str, str] = field(default_factory=dict)
    detail: bool = False

    def take(self, start: int, end: int) -> None:
        self.text = self.text.taking((start, end))

    def add(self, slot: str, words: str) -> None:
        said = ", ".join(filter(None, (self.values.get(slot), words)))
        if said:
            self.values[slot] = said[:LONGEST_PHRASE]


def read_picture(text: Text, cast: Sequence[CastLike], people: Sequence[str] = ()) -> Picture:
    """Sort the words of one picture.

    Args:
        text: prepared with the names of the cast.
        cast: who may be in it, with their looks.
        people: names that are meant where nobody is named, as by `her`.
    """
    edits = _typing_errors(text)
    words = text.replacing(edits)
    draft = _PictureDraft(words)
    _take_camera(draft)
    draft.text, in_frame = take_people(draft.text, cast, people)
    _take_expression(draft)
    _take_lights(draft, led=True)
    _take_place(draft)
    _take_lights(draft, led=False)
    _take_bare_light(draft)
    _take_bare_place(draft)
    action, left = action_of(draft.text)
    place = draft.values.get("place", "")
    opens = not text.names and not people
    strangers = strangers_in(words, " ".join([action, *left]), place, opens=opens)
    return Picture(
        framing=_as(Framing, draft.values.get("framing")),
        view=_as(View, draft.values.get("view")),
        expression=_as(Expression, draft.values.get("expression")),
        angle=draft.values.get("angle"),
        lens=draft.values.get("lens"),
        light=draft.values.get("light"),
        place=without_names(place, strangers) or None,
        action=without_names(action, strangers)[:LONGEST_PHRASE] or None,
        people=in_frame,
        strangers=strangers,
        covered=_covered(draft.text.small, edits),
        left=tuple(rest for each in left if (rest := without_names(each, strangers))),
    )


def as_meant(text: Text, also: frozenset[str] = frozenset()) -> Text:
    """Return a text with the typing errors of camera words, lights, places and further words mended."""
    return text.replacing(_typing_errors(text, also))


@lru_cache(maxsize=1)
def picture_words() -> frozenset[str]:
    """Return every single word that a picture's lists are made of; typing errors are mended to these."""
    camera, setting = camera_words(), setting_words()
    tables = (camera.framings, camera.views, camera.angles, camera.expressions)
    phrases = [phrase for table in tables for group in table.values() for phrase in group]
    phrases += [
        *camera.lenses,
        *camera.lenses_led,
        *camera.counts,
        *setting.light.nouns,
        *setting.light.things,
    ]
    phrases += [*known_lights(), *known_places(), "closeup"]
    return words_in(phrases)


def _as(kind: type[E], value: str | None) -> E | None:
    return kind(value) if value else None


def _typing_errors(text: Text, also: frozenset[str] = frozenset()) -> list[tuple[int, int, str]]:
    """Find words of a picture that are typed wrongly; capitals inside a sentence are names."""
    shouted = text.text.isupper()
    return [
        (start, end, word)
        for start, end, word in typing_errors(text.small, picture_words() | also)
        if shouted or not text.text[start].isupper() or not text.text[:start].strip(" \"'")
    ]


def _covered(small: str, edits: Sequence[tuple[int, int, str]]) -> tuple[tuple[int, int], ...]:
    """Return the taken spans in the text as it was typed, where words may be longer or shorter."""
    spans = (match.span() for match in re.finditer(rf"[{TAKEN}{NAME_MARK}]+", small))
    return tuple((_as_typed(start, edits), _as_typed(end, edits)) for start, end in spans)


def _as_typed(at: int, edits: Sequence[tuple[int, int, str]]) -> int:
    for start, end, word in edits:
        if at <= start:
            break
        at += (end - start) - len(word) if at >= start + len(word) else 0
    return at


def _take_camera(draft: _PictureDraft) -> None:
    for slot, find in (("lens", lenses_in), ("view", views_in)):
        _take_first(draft, slot, find(draft.text.small), lambda said: said.meaning)
    _take_first(
        draft, "angle", angles_in(draft.text.small), lambda said: _as_said(said, draft.text)
    )
    framings = [said for said in framings_in(draft.text.small) if not said.denied]
    _take_first(draft, "framing", framings, lambda said: said.meaning)
    draft.detail = bool(framings) and is_detail(framings[0])
    for said in counts_in(draft.text.small):
        draft.take(said.start, said.end)


def _as_said(said: MeantPhrase, text: Text) -> str:
    """Return a height in small letters, names in it as they were said."""
    if NAME_MARK not in said.words:
        return said.words
    at = text.small.index(said.words, said.start)
    return text.text[at : at + len(said.words)]


def _take_first(
    draft: _PictureDraft,
    slot: str,
    found: Sequence[MeantPhrase],
    value: Callable[[MeantPhrase], str],
) -> None:
    """Give a slot the first of some phrases; others that say the same are taken, too."""
    for said in found:
        if slot not in draft.values:
            draft.values[slot] = value(said)
        if said.meaning == found[0].meaning:
            draft.take(said.start, said.end)


def _take_expression(draft: _PictureDraft) -> None:
    """Take the first expression; one that is only denied leaves the face neutral."""
    small = draft.text.small
    found = expressions_in(small)
    wanted = next((said for said in found if not said.denied), None)
    for said in found:
        if said.denied:
            draft.values.setdefault("expression", Expression.NEUTRAL.value)
            draft.take(
                small.rindex(" ", 0, said.start - 1) + 1 if " " in small[: said.start - 1] else 0,
                said.end,
            )
    if wanted is not None:
        draft.values["expression"] = wanted.meaning
        whole = with_leads(wanted, small)
        draft.take(whole.start, whole.end)


def _take_lights(draft: _PictureDraft, *, led: bool) -> None:
    while match := next(lights_in(draft.text.small, led=led), None):
        draft.add("light", draft.text.said(*match.span("said")))
        draft.take(*match.span())


def _take_place(draft: _PictureDraft) -> None:
    """Take the first known place; another behind a preposition only where none stands alone, too."""
    small = draft.text.small
    found = [each for each in places_in(small) if is_place(each, small, detail=draft.detail)]
    known = next((each for each in found if names_place(each.said)), None)
    lone = [match.span() for match in lights_in(small, led=False)]
    found = [each for each in found if not any(a < each.start < b for a, b in lone)]
    bare = next(bare_places(draft.text.taking(*lone).small), None)
    first = known or (found[0] if found and bare is None else None)
    if first is not None:
        draft.add("place", draft.text.said(first.at, first.end))
        draft.take(first.start, first.end)


def _take_bare_light(draft: _PictureDraft) -> None:
    """Take a source of light that stands alone between marks: `in the cell, single bulb`."""
    for part in pieces_of(draft.text.small):
        if is_light(part.group()):
            draft.add("light", draft.text.said(*part.span()))
            draft.take(*part.span())


def _take_bare_place(draft: _PictureDraft) -> None:
    part = next(bare_places(draft.text.small), None)
    if part is not None and "place" not in draft.values and not draft.detail:
        draft.add("place", draft.text.said(*part.span("said")))
        draft.take(*part.span())
