"""What only a card can show: that a plan is what is taken. The way there runs on tiny models too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.card import make_random_sdxl, measure_drawing, measure_training
from tools.backends.bases import BaseCatalog


def test_a_base_is_measured_as_it_draws_and_learns(catalog: BaseCatalog, tmp_path: Path) -> None:
    row = catalog.row("sdxl").model_copy(update={"sizes": catalog.row("micro").sizes, "steps": 1})
    drawn = measure_drawing(catalog, row, "cpu", tmp_path)
    learned = measure_training(catalog, row, "cpu", tmp_path)
    assert drawn.seconds > 0
    assert learned.seconds > 0
    assert drawn.line.startswith("| sdxl | draw | ")
    assert learned.line.startswith("| sdxl | train | ")
    assert (drawn.peak_gb, learned.off) == (0.0, 0.0)


@pytest.mark.gpu
def test_a_plan_is_within_a_tenth_of_what_a_card_gives(tmp_path: Path) -> None:
    catalog = BaseCatalog(tmp_path / "home")
    catalog.add("sdxl", str(make_random_sdxl(tmp_path / "weights", "cuda")), like="sdxl")
    row = catalog.row("sdxl")
    assert measure_drawing(catalog, row, "cuda", tmp_path).off <= 0.1
    assert measure_training(catalog, row, "cuda", tmp_path).off <= 0.1
