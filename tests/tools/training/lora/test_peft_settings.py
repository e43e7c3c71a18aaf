from __future__ import annotations

import math

import pytest

from tools.errors import BadInput
from tools.training.lora.peft_settings import own_settings, stated_scale


@pytest.mark.parametrize(
    ("settings", "scale"),
    [
        ({}, 1.0),
        ({"transformer.lora_alpha": 8}, 1.0),
        ({"unet.lora_alpha": 8}, 2.0),
        ({"unet.lora_alpha": 8, "unet.use_rslora": True}, 4.0),
        ({"unet.lora_alpha": 8, "unet.alpha_pattern": {"attn1.to_q": 2}}, 0.5),
        ({"unet.lora_alpha": 8, "unet.alpha_pattern": {"mid.attn1.to_q": 2}}, 0.5),
        ({"unet.lora_alpha": 8, "unet.alpha_pattern": {"n1.to_q": 2}}, 2.0),
        ({"unet.lora_alpha": 8, "unet.alpha_pattern": {"^mid.attn1.to_q": 2}}, 0.5),
        ({"unet.lora_alpha": 8, "unet.alpha_pattern": {"^attn1.to_q": 2}}, 2.0),
        ({"unet.lora_alpha": 8, "unet.init_lora_weights": "gaussian"}, 2.0),
    ],
)
def test_the_strength_that_a_header_states(settings: dict[str, object], scale: float) -> None:
    assert math.isclose(stated_scale(settings, "unet.mid.attn1.to_q", 4), scale)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"unet.lora_alpha": "much"}, "settings of unet cannot be read"),
        ({"unet.lora_alpha": 8, "unet.alpha_pattern": {"(a+)+$": 2}}, "an expression for layers"),
    ],
)
def test_settings_that_cannot_be_read_are_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        stated_scale(settings, "unet.mid.attn1.to_q", 4)


def test_layers_of_another_rank_than_most_are_named_with_their_alpha() -> None:
    ranks = {"text_model.a": 4, "text_model.b": 4, "text_model.c": 8}
    found = own_settings("text_encoder", ranks, 0.5)
    assert (found["text_encoder.r"], found["text_encoder.lora_alpha"]) == (4, 2.0)
    assert found["text_encoder.rank_pattern"] == {"c": 8}
    assert found["text_encoder.alpha_pattern"] == {"c": 4.0}
    assert found["text_encoder.target_modules"] == ["a", "b", "c"]


def test_a_denoisers_layers_are_named_whole() -> None:
    found = own_settings("transformer", {"a.proj_out": 4, "b.proj_out": 4, "proj_out": 8}, 1.0)
    assert found["transformer.rank_pattern"] == {"^proj_out": 8}
    assert stated_scale(found, "transformer.a.proj_out", 4) == 1.0
    assert stated_scale(found, "transformer.proj_out", 8) == 1.0
