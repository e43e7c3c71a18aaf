"""How FLUX.2 klein is called: words, start pictures, and a list of references."""

from __future__ import annotations

import pytest
import torch
from PIL import Image

from tools.architectures.architecture import GivenPictures, Mode, schedule_length
from tools.architectures.flux2.draw import Flux2Drawing
from tools.contracts.model import Size
from tools.training.lora.learner import Conditioning

DRAWING = Flux2Drawing()
WORDS = Conditioning(torch.ones(1, 2, 3), torch.zeros(1, 0))
START = Image.new("RGB", (64, 32), "red")
MASK = Image.new("L", (64, 32), 7)
ONE, TWO = Image.new("RGB", (32, 32), "blue"), Image.new("RGB", (32, 64), "green")


def test_words_are_given_without_a_pooled_vector() -> None:
    asked = DRAWING.arguments(WORDS, None, 4.0, 0.0, Size(width=64, height=64))
    assert asked["prompt_embeds"] is WORDS.sequence
    assert asked["negative_prompt_embeds"] is None
    assert "pooled_prompt_embeds" not in asked
    away = DRAWING.arguments(WORDS, WORDS, 4.0, 0.0, Size(width=64, height=64))
    assert away["negative_prompt_embeds"] is WORDS.sequence


def test_references_keep_their_order_beside_words_and_beside_a_picture() -> None:
    words = DRAWING.pictures(GivenPictures(Mode.TEXT, references=[TWO, ONE]))
    assert words == {"image": [TWO, ONE]}
    over = DRAWING.pictures(
        GivenPictures(Mode.INPAINT, [START], [MASK], strength=0.5, references=[ONE, TWO])
    )
    assert over == {
        "image": [START],
        "mask_image": [MASK],
        "strength": 0.5,
        "image_reference": [ONE, TWO],
    }
    assert DRAWING.pictures(GivenPictures(Mode.TEXT)) == {"image": None}


def test_image_to_image_repaints_all_of_the_picture() -> None:
    asked = DRAWING.pictures(GivenPictures(Mode.IMAGE, [START], strength=0.5))
    masks = asked["mask_image"]
    assert isinstance(masks, list)
    assert [(mask.size, mask.getextrema()) for mask in masks] == [((64, 32), (255, 255))]
    assert asked["image_reference"] is None


@pytest.mark.parametrize("strength", [0.25, 0.4, 0.6, 0.85, 1.0])
def test_as_many_steps_are_run_as_are_asked_for(strength: float) -> None:
    length = schedule_length(DRAWING, 4, strength)
    assert DRAWING.steps_run(length, strength) == 4


def test_guidance_of_one_is_none() -> None:
    assert [DRAWING.guided(value) for value in (0.0, 1.0, 1.5)] == [False, False, True]
