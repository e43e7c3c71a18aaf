"""Models come to the device a few at a time, and what is learned is what the whole pipeline learns."""

from __future__ import annotations

import gc
import shutil
import weakref
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tools.backends.bases import BaseCatalog
from tools.backends.local.parts import StagedParts
from tools.compute import EIGHT_BITS, Compute, training_compute
from tools.contracts.memory import MemoryPlan, Task
from tools.errors import BaseUnavailable

CPU = torch.device("cpu")
FULL = Compute(CPU, torch.float32, torch.float32, "fp32", adapting=True)


def staged(catalog: BaseCatalog, name: str = "sdxl", **plan: object) -> StagedParts:
    values = {"base": name, "task": Task.TRAIN, "batch": 1, **plan}
    row = catalog.row(name)
    compute = training_compute(row, CPU)
    return StagedParts(row, catalog.folder(name), compute, MemoryPlan.model_validate(values))


@pytest.mark.parametrize("name", ["sdxl", "flux-schnell", "micro"])
def test_a_model_has_weights_only_while_it_is_present(catalog: BaseCatalog, name: str) -> None:
    parts = staged(catalog, name)
    pipeline = parts.pipeline
    models = [each for each in ("unet", "transformer", "vae") if hasattr(pipeline, each)]
    for model in (*models, "text_encoder", "text_encoder_2"):
        assert next(getattr(pipeline, model).parameters()).is_meta
        with parts.present((model,)):
            here = list(getattr(pipeline, model).parameters())
            assert not any(each.is_meta or each.requires_grad for each in here)
            assert {each.dtype for each in here} == {torch.float32}
        assert next(getattr(pipeline, model).parameters()).is_meta


def test_what_is_let_go_is_gone(catalog: BaseCatalog) -> None:
    parts = staged(catalog)
    with parts.present(("vae",)):
        kept = weakref.ref(parts.pipeline.vae)
    gc.collect()
    assert kept() is None


def test_the_weights_are_those_of_the_folder(catalog: BaseCatalog) -> None:
    parts = staged(catalog)
    stored = load_file(next((catalog.folder("sdxl") / "unet").glob("*.safetensors")))
    with parts.present(("unet",)):
        loaded = parts.pipeline.unet.state_dict()
    assert all(torch.equal(loaded[name], tensor) for name, tensor in stored.items())


def test_two_runs_share_nothing(catalog: BaseCatalog) -> None:
    one, other = staged(catalog), staged(catalog)
    with one.present(("unet",)), other.present(("unet",)):
        assert one.pipeline.unet is not other.pipeline.unet


def test_eight_bits_hold_the_denoiser_alone(catalog: BaseCatalog) -> None:
    parts = staged(catalog, "flux-schnell", eight_bits=True)
    with parts.present(("transformer", "text_encoder")):
        held = {each.dtype for each in parts.pipeline.transformer.parameters()}
        assert EIGHT_BITS in held
        assert {each.dtype for each in parts.pipeline.text_encoder.parameters()} == {torch.float32}


def test_a_guide_is_no_part_of_training(catalog: BaseCatalog) -> None:
    assert "guide" not in staged(catalog, "micro").pipeline.components


def test_weights_that_do_not_load_are_a_clear_error(
    catalog: BaseCatalog, tiny_folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_folders["sdxl"], tmp_path / "broken"))
    weights = next((folder / "unet").glob("*.safetensors"))
    save_file({name: each[:1] for name, each in load_file(weights).items()}, weights)
    plan = MemoryPlan(base="sdxl", task=Task.TRAIN, batch=1)
    parts = StagedParts(catalog.row("sdxl"), folder, FULL, plan)
    with pytest.raises(BaseUnavailable, match=r"base sdxl does not load .* copy or download"):
        parts.present(("unet",)).__enter__()
    assert next(parts.pipeline.unet.parameters()).is_meta
