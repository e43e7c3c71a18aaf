"""The sides from which a set's variety is counted: head, tilt, expression, shot, place and light.

Knows which words and readings mean which kind (`prompts/references/words.yaml`, `photos.yaml`);
must not know how many of a kind a set needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

from tools.contracts.model import Contract
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.references import LightQuality, Setting, Surroundings, Tilt
from tools.references.data import load_data

UNKNOWN = "unknown"


class Facet(StrEnum):
    """One side of variety; the values are those of `facets_of`."""

    HEAD = "head"
    TILT = "tilt"
    EXPRESSION = "expression"
    SHOT = "shot"
    SETTING = "setting"
    SURROUNDINGS = "surroundings"
    LIGHT = "light"


HEADS: Mapping[View, str] = {
    View.FRONTAL: "front",
    View.THREE_QUARTER_LEFT: "left",
    View.LEFT_PROFILE: "left",
    View.THREE_QUARTER_RIGHT: "right",
    View.RIGHT_PROFILE: "right",
}
EMOTIONS: Mapping[Expression, str] = {
    Expression.NEUTRAL: "neutral",
    Expression.SMILING: "joy",
    Expression.LAUGHING: "joy",
    Expression.SAD: "sadness",
    Expression.ANGRY: "anger",
    Expression.SURPRISED: "surprise",
    Expression.FEARFUL: "fear",
}
SHOTS: Mapping[Framing, str] = {
    Framing.EXTREME_CLOSE_UP: "close-up",
    Framing.CLOSE_UP: "close-up",
    Framing.MEDIUM_CLOSE_UP: "close-up portrait",
    Framing.MEDIUM: "medium portrait",
    Framing.THREE_QUARTER: "medium portrait",
    Framing.FULL: "full body",
    Framing.WIDE: "full body",
}


class PlaceKind(Contract):
    """What kind of place a phrase means."""

    setting: Setting
    surroundings: Surroundings | None = None


class KindsOfWords(Contract):
    """`words.yaml`: phrases of light and place with their kinds."""

    lights: dict[str, LightQuality]
    places: dict[str, PlaceKind]


class PhotoRules(Contract):
    """`photos.yaml`: thresholds that turn readings into flags and words."""

    blur: float
    duplicate_bits: int
    tilted_degrees: float
    person_half_width: float
    person_above: float
    person_below: float


class Variety(Contract):
    """What is known of one image; None = not known."""

    framing: Framing | None = None
    view: View | None = None
    expression: Expression | None = None
    tilt: Tilt | None = None
    light: LightQuality | None = None
    setting: Setting | None = None
    surroundings: Surroundings | None = None


@cache
def kinds_of_words() -> KindsOfWords:
    """The shipped table of phrases."""
    return load_data("words", KindsOfWords)


@cache
def photo_rules() -> PhotoRules:
    """The shipped thresholds."""
    return load_data("photos", PhotoRules)


def light_quality(light: str | None) -> LightQuality | None:
    """Soft or harsh by the longest known phrase in a text; None when none is in it."""
    table = kinds_of_words().lights
    found = _longest_in(light, table)
    return table[found] if found else None


def place_kind(place: str | None) -> PlaceKind | None:
    """Kind of place by the longest known phrase in a text; None when none is in it."""
    table = kinds_of_words().places
    found = _longest_in(place, table)
    return table[found] if found else None


def _longest_in(text: str | None, phrases: Iterable[str]) -> str | None:
    said = f" {' '.join((text or '').lower().split())} "
    known = [phrase for phrase in phrases if f" {phrase} " in said.replace(",", " ")]
    return max(known, key=len, default=None)


def variety_of(
    *,
    framing: Framing | None,
    view: View | None,
    expression: Expression | None,
    tilt: Tilt | None,
    light: str | None,
    place: str | None,
) -> Variety:
    """The kinds that an image's words stand for."""
    kind = place_kind(place)
    return Variety(
        framing=framing,
        view=view,
        expression=expression,
        tilt=tilt,
        light=light_quality(light),
        setting=kind.setting if kind else None,
        surroundings=kind.surroundings if kind else None,
    )


def facets_of(variety: Variety) -> dict[Facet, str]:
    """One value for each facet, `unknown` where nothing is known.

    Surroundings are counted outdoors only: elsewhere the value is `none`.
    """
    indoors = variety.setting in (Setting.STUDIO, Setting.INDOOR)
    surroundings = "none" if indoors else variety.surroundings or UNKNOWN
    return {
        Facet.HEAD: HEADS[variety.view] if variety.view else UNKNOWN,
        Facet.TILT: variety.tilt or UNKNOWN,
        Facet.EXPRESSION: EMOTIONS[variety.expression] if variety.expression else UNKNOWN,
        Facet.SHOT: SHOTS[variety.framing] if variety.framing else UNKNOWN,
        Facet.SETTING: variety.setting or UNKNOWN,
        Facet.SURROUNDINGS: surroundings,
        Facet.LIGHT: variety.light or UNKNOWN,
    }


def count_facets(varieties: Iterable[Variety]) -> dict[Facet, Counter[str]]:
    """How many images have each value, facet by facet."""
    counts: dict[Facet, Counter[str]] = {facet: Counter() for facet in Facet}
    for variety in varieties:
        for facet, value in facets_of(variety).items():
            counts[facet][str(value)] += 1
    return counts


def tilt_of_pitch(pitch: float) -> Tilt:
    """The tilt of a head pitched by `pitch` degrees, positive up."""
    if abs(pitch) < photo_rules().tilted_degrees:
        return Tilt.LEVEL
    return Tilt.UP if pitch > 0 else Tilt.DOWN
