"""SDXL's layers by the names that are in the files of sd-scripts, ComfyUI, OneTrainer and diffusers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.real_layers import sdxl_layers
from tools.architectures.sdxl.spellings import spellings
from tools.training.lora.foreign import NamedLayers

DEPTHS = {
    "input_blocks_4_1": 2,
    "input_blocks_5_1": 2,
    "input_blocks_7_1": 10,
    "input_blocks_8_1": 10,
    "middle_block_1": 10,
    "output_blocks_0_1": 10,
    "output_blocks_1_1": 10,
    "output_blocks_2_1": 10,
    "output_blocks_3_1": 2,
    "output_blocks_4_1": 2,
    "output_blocks_5_1": 2,
}
"""Attention blocks of the original code and how many layers each has."""
DIFFUSERS_DEPTHS = {
    "down_blocks_1_attentions_0": 2,
    "down_blocks_1_attentions_1": 2,
    "down_blocks_2_attentions_0": 10,
    "down_blocks_2_attentions_1": 10,
    "mid_block_attentions_0": 10,
    "up_blocks_0_attentions_0": 10,
    "up_blocks_0_attentions_1": 10,
    "up_blocks_0_attentions_2": 10,
    "up_blocks_1_attentions_0": 2,
    "up_blocks_1_attentions_1": 2,
    "up_blocks_1_attentions_2": 2,
}
"""The same blocks in diffusers' words, in the same order."""
ENDS = (
    *(f"{attention}_to_{part}" for attention in ("attn1", "attn2") for part in ("q", "k", "v")),
    "attn1_to_out_0",
    "attn2_to_out_0",
    "ff_net_0_proj",
    "ff_net_2",
)
CONVOLUTIONS = {
    "lora_unet_input_blocks_0_0": "unet.conv_in",
    "lora_unet_input_blocks_1_0_in_layers_2": "unet.down_blocks.0.resnets.0.conv1",
    "lora_unet_input_blocks_2_0_emb_layers_1": "unet.down_blocks.0.resnets.1.time_emb_proj",
    "lora_unet_input_blocks_3_0_op": "unet.down_blocks.0.downsamplers.0.conv",
    "lora_unet_input_blocks_4_0_skip_connection": "unet.down_blocks.1.resnets.0.conv_shortcut",
    "lora_unet_input_blocks_6_0_op": "unet.down_blocks.1.downsamplers.0.conv",
    "lora_unet_input_blocks_8_0_out_layers_3": "unet.down_blocks.2.resnets.1.conv2",
    "lora_unet_middle_block_0_in_layers_2": "unet.mid_block.resnets.0.conv1",
    "lora_unet_middle_block_2_out_layers_3": "unet.mid_block.resnets.1.conv2",
    "lora_unet_output_blocks_2_2_conv": "unet.up_blocks.0.upsamplers.0.conv",
    "lora_unet_output_blocks_5_2_conv": "unet.up_blocks.1.upsamplers.0.conv",
    "lora_unet_output_blocks_8_0_skip_connection": "unet.up_blocks.2.resnets.2.conv_shortcut",
    "lora_unet_out_2": "unet.conv_out",
    "lora_unet_time_embed_0": "unet.time_embedding.linear_1",
    "lora_unet_label_emb_0_2": "unet.add_embedding.linear_2",
}
"""What sd-scripts' files have beside attention, with convolutions."""


@pytest.fixture(scope="module")
def names() -> dict[str, NamedLayers]:
    return spellings(sdxl_layers())


def attention(depths: dict[str, int]) -> Iterator[str]:
    """Every name of an attention block's layers, as sd-scripts writes them."""
    for block, depth in depths.items():
        yield f"lora_unet_{block}_proj_in"
        yield f"lora_unet_{block}_proj_out"
        for layer in range(depth):
            for end in ENDS:
                yield f"lora_unet_{block}_transformer_blocks_{layer}_{end}"


def test_sd_scripts_722_attention_layers_in_either_spelling(names: dict[str, NamedLayers]) -> None:
    original, diffusers = list(attention(DEPTHS)), list(attention(DIFFUSERS_DEPTHS))
    assert len(original) == 722, "as sd-scripts counts them when it begins"
    assert [names[name] for name in original] == [names[name] for name in diffusers]
    layers = {names[name].layers[0] for name in original}
    assert len(layers) == 722
    assert {names[name].layout for name in original} == {"kohya"}


def test_the_layers_beside_attention(names: dict[str, NamedLayers]) -> None:
    found = {name: names[name].layers for name in CONVOLUTIONS}
    assert found == {name: (layer,) for name, layer in CONVOLUTIONS.items()}


def test_the_encoders_72_and_192_layers(names: dict[str, NamedLayers]) -> None:
    parts = (*(f"self_attn_{part}_proj" for part in ("k", "v", "q", "out")), "mlp_fc1", "mlp_fc2")
    for number, depth, component in ((1, 12, "text_encoder"), (2, 32, "text_encoder_2")):
        keys = [
            f"lora_te{number}_text_model_encoder_layers_{layer}_{part}"
            for layer in range(depth)
            for part in parts
        ]
        assert len(keys) == {1: 72, 2: 192}[number], "as sd-scripts counts them"
        layers = {names[key].layers[0] for key in keys}
        assert len(layers) == len(keys)
        assert all(layer.startswith(f"{component}.text_model.encoder.layers.") for layer in layers)


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("diffusion_model.input_blocks.7.1.transformer_blocks.9.attn2.to_k", "ComfyUI"),
        ("unet.input_blocks.7.1.transformer_blocks.9.attn2.to_k", "OneTrainer"),
        ("unet.down_blocks.2.attentions.0.transformer_blocks.9.attn2.to_k", "diffusers"),
        ("unet.down_blocks.2.attentions.0.transformer_blocks.9.attn2.processor.to_k", "diffusers"),
        ("down_blocks.2.attentions.0.transformer_blocks.9.attn2.processor.to_k", "diffusers"),
    ],
)
def test_one_layer_in_every_layout(name: str, layout: str, names: dict[str, NamedLayers]) -> None:
    layer = "unet.down_blocks.2.attentions.0.transformer_blocks.9.attn2.to_k"
    assert names[name] == NamedLayers(layout, (layer,))


def test_every_layer_has_its_own_name_and_no_name_stands_for_two(
    names: dict[str, NamedLayers],
) -> None:
    layers = sdxl_layers()
    assert {layer: names[layer].layers for layer in layers} == {layer: (layer,) for layer in layers}
    kohya = [place.layers for name, place in names.items() if name.startswith("lora_unet_")]
    assert len(set(kohya)) == sum(layer.startswith("unet.") for layer in layers)
