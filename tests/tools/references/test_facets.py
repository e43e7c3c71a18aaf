"""Words and readings become kinds, and what is not known stays unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.photography import Expression, Framing, View
from tools.contracts.references import LightQuality, Setting, Surroundings, Tilt
from tools.references.facets import (
    UNKNOWN,
    Facet,
    Variety,
    count_facets,
    facets_of,
    light_quality,
    place_kind,
    tilt_of_pitch,
)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("soft window light", LightQuality.SOFT),
        ("Hard side light from the left", LightQuality.HARSH),
        ("a bare bulb, soft light behind", LightQuality.SOFT),
        ("harsh light", LightQuality.HARSH),
        ("lampshade", None),
        ("", None),
        (None, None),
    ],
)
def test_light_by_the_longest_known_phrase(said: str | None, kind: LightQuality | None) -> None:
    assert light_quality(said) is kind


def test_place_by_the_longest_known_phrase() -> None:
    night = place_kind("on a city street at night, rain")
    assert night is not None
    assert (night.setting, night.surroundings) == (Setting.OUTDOOR, Surroundings.URBAN)
    park = place_kind("In a Park")
    assert park is not None
    assert park.surroundings is Surroundings.NATURAL
    assert place_kind("sparkling") is None


@pytest.mark.parametrize(("pitch", "tilt"), [(0, Tilt.LEVEL), (20, Tilt.UP), (-20, Tilt.DOWN)])
def test_pitch_is_a_tilt(pitch: float, tilt: Tilt) -> None:
    assert tilt_of_pitch(pitch) is tilt


def test_nothing_known_is_unknown_everywhere() -> None:
    assert set(facets_of(Variety()).values()) == {UNKNOWN}


@given(
    st.sampled_from([None, *View]),
    st.sampled_from([None, *Expression]),
    st.sampled_from([None, *Framing]),
    st.sampled_from([None, *Setting]),
)
def test_every_combination_has_one_value_for_each_facet(
    view: View | None,
    expression: Expression | None,
    framing: Framing | None,
    setting: Setting | None,
) -> None:
    variety = Variety(view=view, expression=expression, framing=framing, setting=setting)
    counts = count_facets([variety, variety])
    assert all(sum(counts[facet].values()) == 2 for facet in Facet)


def test_surroundings_are_counted_outdoors_only() -> None:
    room = Variety(setting=Setting.INDOOR)
    field = Variety(setting=Setting.OUTDOOR, surroundings=Surroundings.NATURAL)
    counts = count_facets([room, field])
    assert counts[Facet.SURROUNDINGS] == {"none": 1, "natural": 1}
