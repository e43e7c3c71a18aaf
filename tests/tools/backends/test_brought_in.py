"""Files of other programs change each layer by alpha / rank * up @ down, in what is drawn with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.support.foreign_lora import (
    ForeignFile,
    ForeignLayer,
    tiny_files,
    weight_of,
    write_foreign,
)
from tools.backends.bases import BaseCatalog
from tools.backends.brought_in import bring_in
from tools.backends.local.adapters import AdapterSlots, LocalLora
from tools.backends.local.pipelines import LoadedBase, load_base
from tools.errors import BadInput
from tools.training.lora.adapter import write_adapter

TO_Q = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
KOHYA_TO_Q = "lora_unet_input_blocks_3_1_transformer_blocks_0_attn1_to_q"
FLUX_TO_Q = "transformer.transformer_blocks.0.attn.to_q"


@pytest.fixture(scope="module")
def load(catalog: BaseCatalog) -> Callable[[str], LoadedBase]:
    loaded: dict[str, LoadedBase] = {}

    def once(name: str) -> LoadedBase:
        if name not in loaded:
            row, folder = catalog.row(name), catalog.folder(name)
            loaded[name] = load_base(row, folder, torch.device("cpu"))
        return loaded[name]

    return once


def changes_when_drawn(
    base: LoadedBase, path: Path, layers: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """What an adapter adds to these weights while it is on; afterwards they are as they were."""
    plain = {layer: weight_of(base.pipeline, layer).detach().clone() for layer in layers}
    slots = AdapterSlots(base)
    slots.use([LocalLora(path)])
    changed = {layer: weight_of(base.pipeline, layer).detach() - plain[layer] for layer in layers}
    slots.clear()
    return changed


@pytest.mark.parametrize("file", tiny_files(), ids=lambda file: file.title)
def test_each_layer_changes_as_the_file_says(
    file: ForeignFile, catalog: BaseCatalog, load: Callable[[str], LoadedBase], tmp_path: Path
) -> None:
    base = load(file.base)
    theirs, own = tmp_path / "theirs.safetensors", tmp_path / "own.safetensors"
    wanted = write_foreign(theirs, base.pipeline, file.layers)
    found = bring_in(theirs, base.row, catalog.folder(file.base))
    # ai-toolkit writes diffusers' names; kohya's have always been OneTrainer's for text encoders
    assert file.program in (*found.layouts, "ai-toolkit")
    write_adapter(own, found.adapter.tensors, found.adapter.settings, {})
    changed = changes_when_drawn(base, own, wanted)
    assert wanted.keys() == changed.keys()
    for layer, change in wanted.items():
        torch.testing.assert_close(changed[layer], change, atol=2e-5, rtol=2e-5, msg=layer)


def test_one_rank_and_alpha_leave_the_files_numbers_untouched(
    catalog: BaseCatalog, load: Callable[[str], LoadedBase], tmp_path: Path
) -> None:
    path = tmp_path / "theirs.safetensors"
    layer = ForeignLayer(KOHYA_TO_Q, (TO_Q,), rank=3, alpha=1.0)
    write_foreign(path, load("sdxl").pipeline, [layer])
    found = bring_in(path, catalog.row("sdxl"), catalog.folder("sdxl")).adapter
    theirs = load_file(path)
    assert torch.equal(
        found.tensors[f"{TO_Q}.lora_B.weight"], theirs[f"{KOHYA_TO_Q}.lora_up.weight"]
    )
    assert (found.settings["unet.r"], found.settings["unet.lora_alpha"]) == (3, 1.0)


def test_unlike_alphas_are_folded_in_full_precision(
    catalog: BaseCatalog, load: Callable[[str], LoadedBase], tmp_path: Path
) -> None:
    path = tmp_path / "theirs.safetensors"
    other = KOHYA_TO_Q.replace("to_q", "to_k")
    layers = [
        ForeignLayer(KOHYA_TO_Q, (TO_Q,), rank=4, alpha=1.0),
        ForeignLayer(other, (TO_Q.replace("to_q", "to_k"),), rank=4, alpha=0.3),
    ]
    write_foreign(path, load("sdxl").pipeline, layers)
    save_file({key: value.half() for key, value in load_file(path).items()}, path)
    theirs = load_file(path)
    found = bring_in(path, catalog.row("sdxl"), catalog.folder("sdxl")).adapter
    up = found.tensors[f"{TO_Q}.lora_B.weight"]
    assert up.dtype == torch.float32
    assert torch.equal(up, theirs[f"{KOHYA_TO_Q}.lora_up.weight"].float() / 4)
    assert found.scale("unet") == 1.0


def test_diffusers_settings_say_the_strength(
    catalog: BaseCatalog, load: Callable[[str], LoadedBase], tmp_path: Path
) -> None:
    path, own = tmp_path / "theirs.safetensors", tmp_path / "own.safetensors"
    base = load("flux-schnell")
    to_k = FLUX_TO_Q.replace("to_q", "to_k")
    layers = [ForeignLayer(name, (name,), rank=4, suffix="peft") for name in (FLUX_TO_Q, to_k)]
    settings = {
        "transformer.r": 4,
        "transformer.lora_alpha": 2,
        "transformer.alpha_pattern": {"attn.to_k": 12},
    }
    packed = {"lora_adapter_metadata": json.dumps(settings)}
    plain = write_foreign(path, base.pipeline, layers, packed)
    found = bring_in(path, base.row, catalog.folder("flux-schnell")).adapter
    write_adapter(own, found.tensors, found.settings, {})
    changed = changes_when_drawn(base, own, plain)
    torch.testing.assert_close(changed[FLUX_TO_Q], plain[FLUX_TO_Q] / 2, atol=2e-5, rtol=2e-5)
    torch.testing.assert_close(changed[to_k], plain[to_k] * 3, atol=2e-5, rtol=2e-5)


def test_what_is_not_understood_is_named_key_by_key(
    catalog: BaseCatalog, load: Callable[[str], LoadedBase], tmp_path: Path
) -> None:
    path = tmp_path / "theirs.safetensors"
    write_foreign(path, load("sdxl").pipeline, [ForeignLayer(KOHYA_TO_Q, (TO_Q,), alpha=1.0)])
    tensors = load_file(path)
    tensors["lora_unet_input_blocks_99_1_proj_in.lora_down.weight"] = torch.ones(2, 4)
    tensors["lora_unet_input_blocks_99_1_proj_in.lora_up.weight"] = torch.ones(4, 2)
    tensors["bundle_emb.mara.string_to_param"] = torch.ones(4)
    tensors["lora_unet_middle_block_1_proj_in.lora_down.weight"] = torch.ones(2, 32)
    tensors["lora_unet_middle_block_1_proj_out.lora_down.weight"] = torch.ones(2, 7)
    tensors["lora_unet_middle_block_1_proj_out.lora_up.weight"] = torch.ones(32, 2)
    save_file(tensors, path)
    with pytest.raises(BadInput) as caught:
        bring_in(path, catalog.row("sdxl"), catalog.folder("sdxl"))
    said = str(caught.value)
    assert said.startswith("theirs.safetensors: not understood: ")
    assert "bundle_emb.mara.string_to_param (no part of a LoRA is called so)" in said
    assert "lora_unet_input_blocks_99_1_proj_in (no layer of the base has this name)" in said
    assert "lora_unet_middle_block_1_proj_in (its up weights are missing)" in said
    assert "proj_out (its shape is another than the base's layer has)" in said
    assert KOHYA_TO_Q not in said


def test_a_long_list_of_strange_keys_is_counted(catalog: BaseCatalog, tmp_path: Path) -> None:
    path = tmp_path / "theirs.safetensors"
    save_file({f"strange.{number:02d}": torch.ones(1) for number in range(30)}, path)
    with pytest.raises(BadInput, match=r"strange\.19 \(.*\), and 10 more"):
        bring_in(path, catalog.row("sdxl"), catalog.folder("sdxl"))


@pytest.mark.parametrize(
    ("base", "keys", "said"),
    [
        ("sdxl", ["transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight"], "for FLUX.1"),
        ("sdxl", ["lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight"], "for FLUX.1"),
        ("sdxl", ["lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight"], "Diffusion 1.5"),
        ("sdxl", ["lora_unet_joint_blocks_0_x_block_attn_qkv.lora_down.weight"], "Diffusion 3"),
        ("flux-schnell", [f"{KOHYA_TO_Q}.lora_down.weight"], "for a Stable Diffusion base"),
    ],
)
def test_another_familys_file_is_refused_by_name(
    base: str, keys: list[str], said: str, catalog: BaseCatalog, tmp_path: Path
) -> None:
    path = tmp_path / "theirs.safetensors"
    save_file({key: torch.ones(2, 4) for key in keys}, path)
    with pytest.raises(BadInput, match=rf"theirs\.safetensors was trained .*{said}"):
        bring_in(path, catalog.row(base), catalog.folder(base))


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("dora_scale", "DoRA"),
        ("lora_magnitude_vector", "DoRA"),
        ("lokr_w1", "LoKr"),
        ("hada_w1_a", "LoHa"),
        ("lora_mid.weight", "LoCon with a third factor"),
        ("diff", "full weight differences"),
    ],
)
def test_other_kinds_of_adapters_are_refused_by_name(
    ending: str, kind: str, catalog: BaseCatalog, tmp_path: Path
) -> None:
    path = tmp_path / "theirs.safetensors"
    save_file({f"{KOHYA_TO_Q}.{ending}": torch.ones(2, 4)}, path)
    with pytest.raises(BadInput, match=rf"theirs\.safetensors: {kind} \({KOHYA_TO_Q}"):
        bring_in(path, catalog.row("sdxl"), catalog.folder("sdxl"))


def test_a_pickle_is_never_opened(catalog: BaseCatalog, tmp_path: Path) -> None:
    for name in ("theirs.pt", "theirs.safetensors"):
        torch.save({"a": torch.ones(1)}, tmp_path / name)
        with pytest.raises(
            BadInput, match=r"never opened|not a whole safetensors|not a safetensors"
        ):
            bring_in(tmp_path / name, catalog.row("sdxl"), catalog.folder("sdxl"))
