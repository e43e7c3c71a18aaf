"""What a LoRA's keys end in, how its halves hang together, and what is no LoRA. Whole files of each layout
are drawn with in `tests/tools/backends/test_brought_in.py`."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tools.errors import BadInput
from tools.training.lora.adapter import AdapterFile
from tools.training.lora.foreign import NamedLayers, component_shapes, layouts_of, own_form

NAMES = {
    "theirs": NamedLayers("kohya", ("unet.a",)),
    "fused": NamedLayers("ComfyUI", ("unet.b", "unet.c")),
    "turned": NamedLayers("kohya", ("unet.a",), swapped=True),
}
SHAPES = {"unet.a": (4, 3), "unet.b": (4, 3), "unet.c": (2, 3)}


def half(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def brought(tensors: dict[str, Tensor]) -> AdapterFile:
    return own_form(AdapterFile(tensors, {}, {}), "file", NAMES, SHAPES)


def test_a_fused_layer_falls_apart_by_its_rows() -> None:
    down, up = half(2, 3), half(6, 2)
    found = brought({"fused.lora_down.weight": down, "fused.lora_up.weight": up}).tensors
    assert torch.equal(found["unet.b.lora_B.weight"], up[:4])
    assert torch.equal(found["unet.c.lora_B.weight"], up[4:])
    assert torch.equal(found["unet.c.lora_A.weight"], down)


def test_swapped_rows_are_turned_back() -> None:
    up = half(4, 2)
    found = brought({"turned.lora_A.weight": half(2, 3), "turned.lora_B.weight": up}).tensors
    assert torch.equal(found["unet.a.lora_B.weight"], torch.cat([up[2:], up[:2]]))


def test_unlike_strengths_become_one() -> None:
    tensors = {
        "theirs.lora_down.weight": half(2, 3),
        "theirs.lora_up.weight": half(4, 2),
        "theirs.alpha": torch.tensor(1.0),
        "fused.lora_down.weight": half(1, 3),
        "fused.lora_up.weight": half(6, 1),
        "fused.alpha": torch.tensor(3.0),
    }
    found = brought(tensors)
    assert found.scale("unet") == 1.0
    assert torch.equal(found.tensors["unet.a.lora_B.weight"], tensors["theirs.lora_up.weight"] / 2)
    assert torch.equal(
        found.tensors["unet.c.lora_B.weight"], tensors["fused.lora_up.weight"][4:] * 3
    )
    assert found.settings["unet.rank_pattern"] == {"^a": 2}


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({"theirs.alpha": torch.tensor(1.0)}, r"theirs \(its down weights are missing\)"),
        ({"theirs.lora_down.weight": half(2, 3)}, r"theirs \(its up weights are missing\)"),
        (
            {"theirs.lora_down.weight": half(2, 3), "theirs.lora_up.weight": half(4, 3)},
            "unlike ranks",
        ),
        (
            {
                "theirs.lora_down.weight": half(2, 3),
                "theirs.lora_up.weight": half(4, 2),
                "theirs.alpha": torch.tensor(float("nan")),
            },
            "its alpha is no number",
        ),
        ({"theirs.lora_down.weight": half(2, 5), "theirs.lora_up.weight": half(4, 2)}, "its shape"),
        ({}, "it holds no LoRA"),
    ],
)
def test_what_is_no_whole_layer_is_named(tensors: dict[str, Tensor], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        brought(tensors)


def test_dora_is_seen_in_a_header_too() -> None:
    found = AdapterFile({"theirs.lora_A.weight": half(2, 3)}, {"unet.use_dora": True}, {})
    with pytest.raises(BadInput, match=r"DoRA \(by its header\)"):
        own_form(found, "file", NAMES, SHAPES)


def test_the_most_frequent_layout_comes_first() -> None:
    keys = [
        "theirs.lora_A.weight",
        "turned.lora_A.weight",
        "fused.lora_A.weight",
        "x.lora_A.weight",
    ]
    found = AdapterFile(dict.fromkeys(keys, half(1, 1)), {}, {})
    assert layouts_of(found, NAMES) == ("kohya", "ComfyUI")


def test_only_an_encoders_blocks_are_its_layers_with_the_old_prefix() -> None:
    weights = [
        ("encoder.layers.0.mlp.fc1.weight", (8, 4)),
        ("text_model.encoder.layers.1.mlp.fc1.weight", (8, 4)),
        ("encoder.layers.0.mlp.fc1.bias", (8,)),
        ("embeddings.token_embedding.weight", (99, 4)),
        ("text_projection.weight", (4, 4)),
    ]
    assert component_shapes("text_encoder_2", weights) == {
        "text_encoder_2.text_model.encoder.layers.0.mlp.fc1": (8, 4),
        "text_encoder_2.text_model.encoder.layers.1.mlp.fc1": (8, 4),
    }
