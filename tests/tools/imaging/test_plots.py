"""Plots are drawn from what they are given, missing faces included, and need no screen."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tools.imaging.plots import (
    LIMIT,
    OTHER,
    OWN,
    TakeDistances,
    distance_plot,
    training_curve,
)


def count_colour(picture: Image.Image, colour: str) -> int:
    """Pixels within a little of a colour (antialiasing)."""
    wanted = np.asarray(Image.new("RGB", (1, 1), colour).getpixel((0, 0)))
    return int((np.abs(np.asarray(picture).astype(int) - wanted).max(axis=2) < 12).sum())


TAKES = [TakeDistances("12A T1", 0.04, 0.12), TakeDistances("12B T1", None, None)]


def test_takes_show_own_other_and_the_threshold() -> None:
    plot = distance_plot(TAKES, 0.07, "Takes")
    assert plot.mode == "RGB"
    for colour in (OWN, OTHER, LIMIT):
        assert count_colour(plot, colour) > 20
    assert plot.tobytes() == distance_plot(TAKES, 0.07, "Takes").tobytes()


def test_an_unread_take_is_marked_not_drawn_as_a_distance() -> None:
    read = distance_plot(TAKES[:1], 0.07, "Takes")
    none = distance_plot(TAKES[1:], 0.07, "Takes")
    assert count_colour(none, OWN) < count_colour(read, OWN)
    assert count_colour(none, "#777777") > count_colour(read, "#777777")


@pytest.mark.parametrize("count", [0, 1, 9, 300])
def test_training_curves_of_any_length(count: int) -> None:
    curve = training_curve(range(1, count + 1), [1 / (step + 1) for step in range(count)], "Run")
    assert (count_colour(curve, OWN) > 50) is (count >= 20)


def test_importing_the_module_loads_no_matplotlib() -> None:
    code = "import sys, tools.imaging.plots; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
