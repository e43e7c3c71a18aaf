"""How SDXL draws: when guidance counts, how many steps are run, what the pipeline is asked with."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tools.architectures.sdxl.draw import SdxlDrawing
from tools.contracts.model import Size
from tools.training.lora.learner import Conditioning

DRAWING = SdxlDrawing()


@pytest.mark.parametrize(("guidance", "guided"), [(0.0, False), (1.0, False), (1.01, True)])
def test_a_guidance_of_one_is_the_prompt_alone(guidance: float, guided: bool) -> None:
    assert DRAWING.guided(guidance) is guided


@given(st.integers(1, 200), st.floats(0.01, 1.0))
def test_image_to_image_runs_its_share_of_the_steps(steps: int, strength: float) -> None:
    run = DRAWING.steps_run(steps, strength)
    assert 0 <= run <= steps
    assert run <= steps * strength
    assert DRAWING.steps_run(steps, 1.0) == steps


def test_sizes_are_given_as_height_and_width() -> None:
    words = Conditioning(torch.ones(1, 2, 3), torch.ones(1, 3))
    asked = DRAWING.arguments(words, None, 2.0, 0.0, Size(width=64, height=128))
    assert asked["prompt_embeds"] is words.sequence
    assert asked["pooled_prompt_embeds"] is words.pooled
    assert asked["original_size"] == asked["target_size"] == (128, 64)
    assert asked["negative_prompt_embeds"] is None
    text = Conditioning(torch.ones(1, 2, 3), torch.zeros(1, 3))
    asked = DRAWING.arguments(words, text, 2.0, 0.0, Size(width=64, height=128))
    assert asked["negative_prompt_embeds"] is text.sequence
    assert asked["negative_pooled_prompt_embeds"] is text.pooled
