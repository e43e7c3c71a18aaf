"""The production's style, clause by clause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.briefs import ProductionStyle
from tools.errors import BadInput
from tools.language.style import parse_style


@pytest.mark.parametrize(
    ("text", "style"),
    [
        (
            "Kodak Vision3 500T, muted teal palette, 40mm anamorphic primes, melancholy, 2.39:1",
            ProductionStyle(
                film_stock="Kodak Vision3 500T",
                palette="muted teal palette",
                lens_family="40mm anamorphic primes",
                tone=("melancholy",),
                aspect_ratio="2.39:1",
            ),
        ),
        (
            "Film stock: Portra 400. Palette: warm earth tones. Aspect ratio: scope",
            ProductionStyle(
                film_stock="Portra 400", palette="warm earth tones", aspect_ratio="2.39:1"
            ),
        ),
        (
            "shot on 35mm, black and white, quiet, zebra crossings",
            ProductionStyle(
                film_stock="35mm",
                palette="black and white",
                tone=("quiet",),
                free_words=("zebra crossings",),
            ),
        ),
    ],
)
def test_clauses_find_their_slots(text: str, style: ProductionStyle) -> None:
    assert parse_style(text) == style


def test_two_aspect_ratios_are_refused() -> None:
    with pytest.raises(BadInput, match="two aspect ratios: 16:9 and 9:16; keep one"):
        parse_style("16:9, vertical")


def test_an_unknown_aspect_ratio_is_refused_in_one_line() -> None:
    with pytest.raises(BadInput, match="aspect_ratio") as caught:
        parse_style("aspect ratio: 7:3")
    assert "\n" not in str(caught.value)


def test_an_empty_style_is_refused() -> None:
    with pytest.raises(BadInput, match="say film stock, palette or lens"):
        parse_style(" ")


@given(st.text(min_size=1, max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(parse_style(text), ProductionStyle)
    except BadInput as error:
        assert str(error)  # noqa: PT017
