from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from tools.architectures.kohya import KohyaHeader, KohyaLayer, kohya_path, write_kohya
from tools.training.lora.adapter import AdapterFile

HEADER = KohyaHeader("networks.lora", "version", "kind/lora")


def test_the_file_of_a_run_is_named_after_its_folder() -> None:
    assert kohya_path(Path("runs/vera")) == Path("runs/vera/vera_kohya.safetensors")


@pytest.mark.parametrize(
    ("ranks", "alphas", "said"),
    [((2, 2), (1.0, 1.0), ("2", "1")), ((2, 4), (1.0, 3.0), ("Dynamic", "Dynamic"))],
)
def test_the_header_says_one_rank_and_alpha_or_that_there_are_several(
    ranks: tuple[int, ...], alphas: tuple[float, ...], said: tuple[str, str], tmp_path: Path
) -> None:
    layers = {
        f"lora_unet_{at}": KohyaLayer(torch.ones(rank, 3), torch.ones(5, rank), alpha)
        for at, (rank, alpha) in enumerate(zip(ranks, alphas, strict=True))
    }
    target = tmp_path / "kohya.safetensors"
    write_kohya(target, layers, AdapterFile({}, {}, {"samecast_base": "micro"}), HEADER)
    with safe_open(target, framework="pt") as file:
        header = file.metadata()
        down = file.get_tensor("lora_unet_0.lora_down.weight")
        alpha = file.get_tensor("lora_unet_1.alpha").item()
    assert (header["ss_network_dim"], header["ss_network_alpha"]) == said
    assert (header["ss_sd_model_name"], header["ss_steps"]) == ("micro", "0")
    assert header["modelspec.architecture"] == "kind/lora"
    assert (down.shape, alpha) == ((2, 3), alphas[1])
