from __future__ import annotations

import subprocess
import sys

import pytest

from tests.tools.training.lora.conftest import make_row
from tools.architectures.architecture import Mode
from tools.architectures.registry import (
    ENTRIES,
    Entry,
    entry_of_pipeline,
    load_architecture,
    preset,
)
from tools.contracts.model import Size
from tools.contracts.training import LearningRateSchedule
from tools.errors import UnknownName

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


def test_a_third_architecture_does_not_become_one_of_the_two() -> None:
    row = make_row("sdxl", architecture="chroma")
    for asked in (lambda: load_architecture("chroma"), lambda: preset("fast", row)):
        with pytest.raises(
            UnknownName, match="no architecture named 'chroma'; there are sdxl and flux"
        ):
            asked()
    assert entry_of_pipeline("ChromaPipeline") is None


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_entry_names_the_class_that_its_folder_draws_with(entry: Entry) -> None:
    drawn_by = load_architecture(entry.name).draw.pipelines[Mode.TEXT]
    assert drawn_by.__name__ == entry.pipeline
    assert entry_of_pipeline(entry.pipeline) is entry


def test_presets_are_known_without_loading_a_model_library() -> None:
    """The chat proposes a training in milliseconds; torch and diffusers take seconds to load."""
    code = (
        "import sys; from tools.architectures.registry import preset; "
        "from tools.backends.bases import read_table; "
        "[preset('fast', row) for row in read_table() if row.kind == 'local']; "
        "sys.exit(bool({'torch', 'diffusers', 'peft'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
