from __future__ import annotations

import pytest

from tests.tools.training.lora.conftest import make_row
from tools.contracts.model import Size
from tools.contracts.training import LearningRateSchedule
from tools.errors import UnknownName
from tools.training.lora.presets import preset

LARGE = (Size(width=1024, height=1024),)


def test_paper_on_sdxl_has_the_papers_numbers() -> None:
    config = preset("paper", make_row("sdxl", sizes=LARGE), images=30)

    assert (config.learning_rate, config.text_learning_rate) == (1e-6, 1e-6)
    assert (config.rank, config.resolution) == (64, 1024)
    assert 400 * 30 <= config.steps * config.batch_size <= 600 * 30
    assert config.schedule is LearningRateSchedule.CONSTANT


def test_paper_on_flux_has_the_papers_numbers() -> None:
    config = preset("paper", make_row("flux", sizes=LARGE))

    assert (config.learning_rate, config.warmup_steps) == (5e-4, 100)
    assert config.schedule is LearningRateSchedule.POLYNOMIAL
    assert 16 <= config.rank <= 32
    assert 1400 <= config.steps <= 1600
    assert config.resolution == 1024


@pytest.mark.parametrize("name", ["fast", "paper"])
def test_crops_are_asked_for_on_bases_that_know_them_only(name: str) -> None:
    assert preset(name, make_row("sdxl", sizes=LARGE)).crop_side is None
    assert preset(name, make_row("flux", sizes=LARGE)).crop_side is None
    assert preset("fast", make_row("maquette")).crop_side == 32


def test_an_unknown_preset_names_those_that_exist() -> None:
    with pytest.raises(UnknownName, match="fast and paper"):
        preset("slow", make_row("sdxl"))
