"""Names, alphas and header of kohya's files, and which base one fits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from tests.support.kohya_file import check_kohya
from tools.architectures.sdxl.kohya import export_kohya, kohya_name
from tools.errors import BadInput
from tools.training.lora.adapter import write_adapter


def adapter(path: Path, component: str = "unet", *, ranks: tuple[int, ...] = (2,)) -> Path:
    """An adapter of one layer for each rank, written as training writes it."""
    tensors = {}
    for number, rank in enumerate(ranks):
        tensors[f"{component}.mid.{number}.to_q.lora_A.weight"] = torch.ones(rank, 4)
        tensors[f"{component}.mid.{number}.to_q.lora_B.weight"] = torch.ones(3, rank)
    settings: dict[str, Any] = {f"{component}.r": ranks[0], f"{component}.lora_alpha": 1.0}
    write_adapter(path, tensors, settings, {"samecast_base": "micro", "samecast_steps": "7"})
    return path


@pytest.mark.parametrize(
    ("component", "name"),
    [
        ("unet", "lora_unet_down_blocks_0_to_q"),
        ("text_encoder", "lora_te1_down_blocks_0_to_q"),
        ("text_encoder_2", "lora_te2_down_blocks_0_to_q"),
    ],
)
def test_the_name_of_a_layer(component: str, name: str) -> None:
    assert kohya_name(component, "down_blocks.0.to_q") == name


def test_alpha_is_the_trainings_own_so_that_the_strength_is_the_same(tmp_path: Path) -> None:
    target = tmp_path / "kohya.safetensors"
    export_kohya(adapter(tmp_path / "a.safetensors"), target)
    tensors = load_file(target)
    assert sorted(tensors) == [
        "lora_unet_mid_0_to_q.alpha",
        "lora_unet_mid_0_to_q.lora_down.weight",
        "lora_unet_mid_0_to_q.lora_up.weight",
    ]
    assert tensors["lora_unet_mid_0_to_q.alpha"].item() == 1.0
    assert tensors["lora_unet_mid_0_to_q.lora_down.weight"].shape == (2, 4)


def test_the_header_says_the_base_the_steps_and_one_rank_or_several(tmp_path: Path) -> None:
    for ranks, said in (((2,), "2"), ((2, 4), "Dynamic")):
        target = tmp_path / "kohya.safetensors"
        export_kohya(adapter(tmp_path / "a.safetensors", ranks=ranks), target)
        with safe_open(target, framework="pt") as file:
            header = file.metadata()
        assert (header["ss_network_dim"], header["ss_steps"]) == (said, "7")
        assert header["ss_sd_model_name"] == "micro"


def test_another_architectures_adapter_is_refused(tmp_path: Path) -> None:
    source = adapter(tmp_path / "flux.safetensors", "transformer")
    with pytest.raises(BadInput, match=r"are SDXL's, not of transformer"):
        export_kohya(source, tmp_path / "kohya.safetensors")
    assert not (tmp_path / "kohya.safetensors").exists()


def test_a_layer_of_another_shape_is_refused_by_name(tmp_path: Path, maquette: Any) -> None:
    module, layer = next(
        (name, layer)
        for name, layer in maquette.unet.named_modules()
        if isinstance(layer, torch.nn.Linear)
    )
    name = kohya_name("unet", module)
    fitting = {
        f"{name}.lora_down.weight": torch.ones(2, layer.in_features),
        f"{name}.lora_up.weight": torch.ones(layer.out_features, 2),
        f"{name}.alpha": torch.tensor(2.0),
    }
    path = tmp_path / "kohya.safetensors"
    save_file(fitting, path)
    assert check_kohya(path, maquette) == 1
    save_file({**fitting, f"{name}.lora_up.weight": torch.ones(layer.out_features + 1, 2)}, path)
    with pytest.raises(BadInput, match=f"{name} has another shape than this base's layer"):
        check_kohya(path, maquette)
