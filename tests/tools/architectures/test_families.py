from __future__ import annotations

import pytest

from tools.architectures.families import family_of, refuse_another_family
from tools.errors import BadInput

TO_K = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k"


@pytest.mark.parametrize(
    ("key", "width", "title"),
    [
        (f"{TO_K}.lora_down.weight", 768, "Stable Diffusion 1.5"),
        (f"{TO_K}.lora_down.weight", 1024, "Stable Diffusion 2"),
        (f"{TO_K}.lora_down.weight", 2048, "Stable Diffusion XL"),
        (f"{TO_K}.lora_down.weight", 64, "a Stable Diffusion base"),
        ("unet.up_blocks.0.x.attn2.to_v.lora_A.weight", 768, "Stable Diffusion 1.5"),
        ("unet.up_blocks.0.x.attn2.processor.to_k_lora.down.weight", 768, "Stable Diffusion 1.5"),
        (
            "diffusion_model.input_blocks.1.1.x.attn2.to_k.lora_down.weight",
            768,
            "Stable Diffusion 1.5",
        ),
        (
            "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight",
            768,
            "Stable Diffusion 1.5",
        ),
        ("transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight", 3072, "FLUX.1"),
        ("lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", 3072, "FLUX.1"),
        ("diffusion_model.double_stream_modulation_img.lin.lora_A.weight", 3072, "FLUX.2"),
        ("lora_unet_joint_blocks_0_x_block_attn_qkv.lora_down.weight", 1536, "Stable Diffusion 3"),
    ],
)
def test_a_familys_keys_and_widths(key: str, width: int, title: str) -> None:
    family = family_of({key: (4, width)})
    assert family is not None
    assert family.title == title


def test_the_up_halfs_width_says_nothing() -> None:
    family = family_of({f"{TO_K}.lora_up.weight": (640, 768)})
    assert family is not None
    assert family.title == "a Stable Diffusion base"


def test_what_nothing_shows_is_left_to_the_names() -> None:
    assert (
        family_of({"clip_l.text_model.encoder.layers.0.mlp.fc1.lora_down.weight": (4, 768)}) is None
    )


def test_the_refusal_names_both_kinds() -> None:
    shapes = {f"{TO_K}.lora_down.weight": (4, 768)}
    with pytest.raises(
        BadInput, match=r"a was trained for Stable Diffusion 1\.5, and mine is of sdxl"
    ):
        refuse_another_family("a", shapes, "sdxl", "mine")
    refuse_another_family("a", {f"{TO_K}.lora_down.weight": (4, 2048)}, "sdxl", "mine")
