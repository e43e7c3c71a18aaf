"""Flux's layers by the names that are in the files of sd-scripts, ComfyUI, ai-toolkit and OneTrainer."""

from __future__ import annotations

import pytest

from tests.support.real_layers import flux_layers
from tools.architectures.flux.spellings import fused_layers, spellings
from tools.training.lora.foreign import NamedLayers

DOUBLE = [
    f"{side}_{part}"
    for side in ("img", "txt")
    for part in ("attn_qkv", "attn_proj", "mlp_0", "mlp_2", "mod_lin")
]
SINGLE = ["linear1", "linear2", "modulation_lin"]
APART_DOUBLE = [
    *(f"attn.to_{part}" for part in ("q", "k", "v")),
    *(f"attn.add_{part}_proj" for part in ("q", "k", "v")),
    "attn.to_out.0",
    "attn.to_add_out",
    "ff.net.0.proj",
    "ff.net.2",
    "ff_context.net.0.proj",
    "ff_context.net.2",
    "norm1.linear",
    "norm1_context.linear",
]
APART_SINGLE = [
    "attn.to_q",
    "attn.to_k",
    "attn.to_v",
    "proj_mlp",
    "proj_out",
    "norm.linear",
]


@pytest.fixture(scope="module")
def names() -> dict[str, NamedLayers]:
    return spellings(flux_layers())


def test_sd_scripts_304_layers_stand_for_every_layer_of_every_block(
    names: dict[str, NamedLayers],
) -> None:
    keys = [f"lora_unet_double_blocks_{block}_{part}" for block in range(19) for part in DOUBLE]
    keys += [f"lora_unet_single_blocks_{block}_{part}" for block in range(38) for part in SINGLE]
    assert len(keys) == 304, "as sd-scripts counts them when it begins"
    found = [layer for key in keys for layer in names[key].layers]
    assert sorted(found) == sorted(ai_toolkit())


def ai_toolkit() -> list[str]:
    return [
        *(f"transformer.transformer_blocks.{at}.{end}" for at in range(19) for end in APART_DOUBLE),
        *(
            f"transformer.single_transformer_blocks.{at}.{end}"
            for at in range(38)
            for end in APART_SINGLE
        ),
    ]


def test_ai_toolkits_494_layers_and_onetrainers(names: dict[str, NamedLayers]) -> None:
    keys = ai_toolkit()
    assert len(keys) == 494, "as ai-toolkit counts them when it begins"
    for key in keys:
        flat = "lora_transformer_" + key.removeprefix("transformer.").replace(".", "_")
        assert (names[key].layers, names[flat].layers) == ((key,), (key,))


def test_the_rows_of_a_fused_layer_in_their_order(names: dict[str, NamedLayers]) -> None:
    block = "transformer.single_transformer_blocks.37"
    place = names["diffusion_model.single_blocks.37.linear1"]
    wanted = tuple(
        f"{block}.{part}" for part in ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp")
    )
    assert place == NamedLayers("ComfyUI", wanted)
    assert names["transformer.single_blocks.37.linear1.3"] == NamedLayers(
        "OneTrainer", (f"{block}.proj_mlp",)
    )


def test_what_stands_outside_the_blocks(names: dict[str, NamedLayers]) -> None:
    swapped = names["lora_unet_final_layer_adaLN_modulation_1"]
    assert swapped == NamedLayers("kohya", ("transformer.norm_out.linear",), swapped=True)
    assert names["lora_unet_final_layer_linear"].layers == ("transformer.proj_out",)
    assert names["lora_unet_img_in"].layers == ("transformer.x_embedder",)
    guidance = "transformer.time_text_embed.guidance_embedder.linear_2"
    assert names["diffusion_model.guidance_in.out_layer"].layers == (guidance,)
    assert "lora_te3_encoder_block_0_layer_0_SelfAttention_q" not in names, "nobody adapts T5 here"


def test_a_fused_layer_is_found_by_any_of_its_parts() -> None:
    modules = ["transformer_blocks.3.attn.to_k", "proj_out"]
    fused = tuple(f"transformer_blocks.3.attn.to_{part}" for part in ("q", "k", "v"))
    assert list(fused_layers(modules)) == [
        ("double_blocks.3.img_attn.qkv", fused),
        ("final_layer.linear", ("proj_out",)),
    ]
