"""Flux files in kohya's format: the change that their readers compute is the adapter's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from diffusers.loaders.lora_conversion_utils import _convert_kohya_flux_lora_to_diffusers
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from tests.support.real_layers import flux_layers
from tools.architectures.flux.kohya import export_kohya
from tools.architectures.flux.spellings import spellings
from tools.errors import BadInput
from tools.training.lora.adapter import lora_pairs, read_adapter, write_adapter
from tools.training.lora.foreign import own_form

WIDTH = 3072
DOUBLE, SINGLE = "transformer_blocks.0", "single_transformer_blocks.1"
MODULES = {
    f"{DOUBLE}.attn.to_q": (WIDTH, WIDTH),
    f"{DOUBLE}.attn.to_k": (WIDTH, WIDTH),
    f"{DOUBLE}.attn.to_v": (WIDTH, WIDTH),
    f"{DOUBLE}.attn.add_k_proj": (WIDTH, WIDTH),
    f"{DOUBLE}.ff.net.0.proj": (4 * WIDTH, WIDTH),
    f"{SINGLE}.attn.to_q": (WIDTH, WIDTH),
    f"{SINGLE}.attn.to_v": (WIDTH, WIDTH),
    f"{SINGLE}.proj_out": (WIDTH, 5 * WIDTH),
}
"""As `flux-schnell` trains some of them: of a fused layer not every part has an adapter."""
RANK, ALPHA = 4, 1.0


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An adapter in the real widths, numbers that half precision holds, alpha a quarter of the rank."""
    generator = torch.Generator().manual_seed(0)
    tensors = {}
    named = {f"transformer.{name}": shape for name, shape in MODULES.items()}
    named["text_encoder.text_model.encoder.layers.0.self_attn.q_proj"] = (768, 768)
    for name, (rows, inputs) in named.items():
        tensors[f"{name}.lora_A.weight"] = (
            torch.randint(-3, 4, (RANK, inputs), generator=generator) / 8
        )
        tensors[f"{name}.lora_B.weight"] = (
            torch.randint(-3, 4, (rows, RANK), generator=generator) / 8
        )
    settings = {
        f"{component}.{key}": value
        for component in ("transformer", "text_encoder")
        for key, value in (("r", RANK), ("lora_alpha", ALPHA))
    }
    path = tmp_path / "vera.safetensors"
    write_adapter(path, tensors, settings, {"samecast_base": "flux-schnell", "samecast_steps": "7"})
    return path


def changes(path: Path) -> dict[str, Tensor]:
    adapter = read_adapter(path)
    return {
        f"{component}.{module}": adapter.scale(component) * up.float() @ down.float()
        for component, module, down, up in lora_pairs(adapter)
    }


def test_comfyui_computes_the_adapters_own_change(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "kohya.safetensors"
    export_kohya(source, target)
    tensors, wanted = load_file(target), changes(source)

    def change(name: str) -> Tensor:
        """alpha / rank * up @ down, rank as ComfyUI takes it: the down half's rows."""
        down, up = tensors[f"{name}.lora_down.weight"], tensors[f"{name}.lora_up.weight"]
        found: Tensor = tensors[f"{name}.alpha"] / down.shape[0] * (up.float() @ down.float())
        return found

    qkv = torch.cat([wanted[f"transformer.{DOUBLE}.attn.to_{part}"] for part in "qkv"])
    torch.testing.assert_close(change("lora_unet_double_blocks_0_img_attn_qkv"), qkv)
    one = torch.split(change("lora_unet_single_blocks_1_linear1"), [WIDTH, WIDTH, WIDTH, 4 * WIDTH])
    torch.testing.assert_close(one[0], wanted[f"transformer.{SINGLE}.attn.to_q"])
    torch.testing.assert_close(one[2], wanted[f"transformer.{SINGLE}.attn.to_v"])
    assert not one[1].any()
    assert not one[3].any()
    plain = change("lora_unet_single_blocks_1_linear2")
    torch.testing.assert_close(plain, wanted[f"transformer.{SINGLE}.proj_out"])
    text = change("lora_te1_text_model_encoder_layers_0_self_attn_q_proj")
    torch.testing.assert_close(
        text, wanted["text_encoder.text_model.encoder.layers.0.self_attn.q_proj"]
    )


def test_the_names_ranks_and_header(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "kohya.safetensors"
    export_kohya(source, target)
    with safe_open(target, framework="pt") as file:
        header, keys = file.metadata(), set(file.keys())
        fused = file.get_tensor("lora_unet_double_blocks_0_img_attn_qkv.alpha").item()
        plain = file.get_tensor("lora_unet_double_blocks_0_img_mlp_0.alpha").item()
    assert {key.partition(".")[0] for key in keys} == {
        "lora_unet_double_blocks_0_img_attn_qkv",
        "lora_unet_double_blocks_0_txt_attn_qkv",
        "lora_unet_double_blocks_0_img_mlp_0",
        "lora_unet_single_blocks_1_linear1",
        "lora_unet_single_blocks_1_linear2",
        "lora_te1_text_model_encoder_layers_0_self_attn_q_proj",
    }
    assert (fused, plain) == (3 * ALPHA, ALPHA), "alpha grows with the rank"
    assert header["ss_network_module"] == "networks.lora_flux"
    assert (header["ss_network_dim"], header["ss_steps"]) == ("Dynamic", "7")


def test_it_comes_back_as_it_was(source: Path, tmp_path: Path) -> None:
    target, back = tmp_path / "kohya.safetensors", tmp_path / "back.safetensors"
    export_kohya(source, target)
    layers = flux_layers()
    found = own_form(read_adapter(target), target.name, spellings(layers), layers)
    write_adapter(back, found.tensors, found.settings, {})
    wanted = changes(source)
    for layer, change in changes(back).items():
        expected = wanted.get(layer, torch.zeros_like(change))
        torch.testing.assert_close(change, expected, msg=layer)
    assert changes(back).keys() > wanted.keys()


def test_diffusers_own_reader_computes_it_too(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "kohya.safetensors"
    export_kohya(source, target)
    read = _convert_kohya_flux_lora_to_diffusers(load_file(target))
    for layer, change in changes(source).items():
        if layer.startswith("transformer."):
            down, up = (read[f"{layer}.lora_{half}.weight"].float() for half in "AB")
            torch.testing.assert_close(up @ down, change, msg=layer)


def test_a_layer_without_a_name_and_another_architecture_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "vera.safetensors"
    for name, said in (
        ("transformer.pos_embed.proj", "no name for pos_embed.proj"),
        ("unet.mid_block.to_q", "are Flux's, not of unet"),
    ):
        pair = {
            f"{name}.lora_A.weight": torch.ones(2, 4),
            f"{name}.lora_B.weight": torch.ones(4, 2),
        }
        write_adapter(path, pair, {}, {})
        with pytest.raises(BadInput, match=said):
            export_kohya(path, tmp_path / "kohya.safetensors")
