from __future__ import annotations

import pytest

from tools.training.pretrain.config import UnseenLoss
from tools.workflows.bases.base_figures import (
    BaseFigures,
    ColourFigure,
    FaceFigure,
    SkinFigure,
    comparison_table,
    figures_table,
)

FIGURES = BaseFigures(
    base="maquette",
    steps=16,
    guidance=4.0,
    seconds_a_picture=1.14,
    faces=(FaceFigure(label="close-up, frontal", by_hog=6, by_any=7, pictures=8),),
    garments=(
        ColourFigure(asked="red", drawn="red"),
        ColourFigure(asked="blue", drawn="teal"),
    ),
    skins=tuple(
        SkinFigure(asked=asked, lightness=lightness)
        for asked, lightness in zip(
            ("pale", "fair", "tan", "olive", "brown", "dark"),
            (190, 172, 124, 143, 95, 67),
            strict=True,
        )
    ),
    unseen=UnseenLoss(low=0.051, high=0.1, mean=0.0755, pictures=54),
)


def test_table_has_the_conditions_and_a_line_for_each_figure() -> None:
    assert figures_table(FIGURES) == (
        "8 people and lights, seeds 0 to 7, 16 steps, guidance 4:\n\n"
        "| what | figure |\n"
        "| --- | --- |\n"
        "| seconds a picture, one at a time | 1.1 |\n"
        "| face found, close-up, frontal (dlib HOG / HOG or MMOD) | 6 / 7 of 8 |\n"
        "| garment colour obeyed | 1 of 2 |\n"
        "| skin lightness, pale to dark | 190, 172, 124, 143, 95, 67 (14 of 15 pairs in order) |\n"
        "| loss on 54 pictures of unseen people: low noise, high noise, mean |"
        " 0.0510, 0.1000, 0.0755 |\n"
    )


def test_a_base_is_as_good_as_itself_whatever_the_time() -> None:
    slower = FIGURES.model_copy(update={"seconds_a_picture": 9.0})
    table = comparison_table(FIGURES, slower)
    assert "| 1.1 | 9.0 | worse |" in table
    assert table.count("| worse |") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"faces": (FaceFigure(label="close-up, frontal", by_hog=6, by_any=6, pictures=8),)},
        {"garments": (ColourFigure(asked="red", drawn="teal"),) * 2},
        {"skins": tuple(reversed(FIGURES.skins))},
        {"unseen": UnseenLoss(low=0.05, high=0.1, mean=0.0756, pictures=54)},
    ],
)
def test_one_worse_figure_is_enough(change: dict[str, object]) -> None:
    after = FIGURES.model_copy(update=change)
    assert comparison_table(FIGURES, after).count("| worse |") == 1
    assert comparison_table(after, FIGURES).count("| better |") == 1
