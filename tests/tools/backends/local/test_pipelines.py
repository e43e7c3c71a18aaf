from __future__ import annotations

import shutil
from pathlib import Path

import diffusers
import pytest
import torch
from safetensors.torch import load_file, save_file

from tools.backends.bases import BaseCatalog
from tools.backends.local.pipelines import load_base, quiet_libraries
from tools.errors import BaseUnavailable

CPU = torch.device("cpu")


def test_weights_are_fp32_on_a_cpu_and_results_too(catalog: BaseCatalog) -> None:
    base = load_base(catalog.row("micro"), catalog.folder("micro"), CPU)
    unet = base.pipeline.unet
    assert {parameter.dtype for parameter in unet.parameters()} == {torch.float32}
    conditions = {"text_embeds": torch.zeros(1, 32), "time_ids": torch.zeros(1, 6)}
    with base.compute.autocast(), torch.inference_mode():
        result = unet(
            torch.zeros(1, 4, 64, 64),
            500,
            encoder_hidden_states=torch.zeros(1, 77, 64),
            added_cond_kwargs=conditions,
            return_dict=False,
        )[0]
        pixels = base.pipeline.vae.decode(torch.zeros(1, 4, 64, 64), return_dict=False)[0]
    assert result.dtype is pixels.dtype is torch.float32


def test_a_folder_with_only_fp16_variants_loads(
    catalog: BaseCatalog, tiny_folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_folders["sdxl"], tmp_path / "half"))
    for weights in list(folder.glob("*/*.safetensors")):
        weights.rename(weights.with_name(weights.name.replace(".safe", ".fp16.safe")))
    assert load_base(catalog.row("sdxl"), folder, CPU).pipeline.unet is not None


def test_weights_that_do_not_load_are_a_clear_error(
    catalog: BaseCatalog, tiny_folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_folders["sdxl"], tmp_path / "broken"))
    weights = next((folder / "unet").glob("*.safetensors"))
    tensors = load_file(weights)
    save_file({name: tensor[:1] for name, tensor in tensors.items()}, weights)
    with pytest.raises(BaseUnavailable, match=r"base sdxl does not load .* copy or download"):
        load_base(catalog.row("sdxl"), folder, CPU)


def test_loading_is_silent(catalog: BaseCatalog, capfd: pytest.CaptureFixture[str]) -> None:
    load_base(catalog.row("sdxl"), catalog.folder("sdxl"), CPU)
    assert capfd.readouterr().err == ""


def test_the_libraries_are_left_as_loud_as_they_were() -> None:
    log = diffusers.utils.logging
    before = (log.get_verbosity(), log.is_progress_bar_enabled())
    with quiet_libraries():
        assert not log.is_progress_bar_enabled()
    assert (log.get_verbosity(), log.is_progress_bar_enabled()) == before
