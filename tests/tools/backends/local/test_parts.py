"""Models come to the device a few at a time, and what is learned is what the whole pipeline learns."""

from __future__ import annotations

import gc
import shutil
import weakref
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.support.image_requests import noise_picture
from tools.architectures.registry import load_architecture
from tools.backends.bases import BaseCatalog
from tools.backends.local.parts import StagedParts
from tools.compute import EIGHT_BITS, Compute, training_compute
from tools.contracts.memory import MemoryPlan, Task
from tools.contracts.training import LoraConfig, TrainingImage
from tools.errors import BaseUnavailable
from tools.training.lora.learner import Means
from tools.training.lora.loop import captions_of, train_lora

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


@pytest.fixture
def images(tmp_path: Path) -> list[TrainingImage]:
    paths = [noise_picture(tmp_path / f"{seed}.png", seed) for seed in range(3)]
    return [TrainingImage(path=path, caption=f"Mara, close-up {path.stem}") for path in paths]


def losses(
    catalog: BaseCatalog, images: list[TrainingImage], folder: Path, name: str, **plan: object
) -> list[float]:
    config = LoraConfig(
        steps=12, rank=4, alpha=4, batch_size=2, crop_share=0, resolution=64, precision="fp32"
    )
    parts, row = staged(catalog, name, **plan), catalog.row(name)
    learner = load_architecture(row.architecture).learner(
        parts.pipeline, row, config, captions_of(images)
    )
    means = Means(FULL, parts._plan, parts.present)
    return [step.loss for step in train_lora(learner, images, row, config, folder, means)]


def test_flux_in_eight_bits_learns_as_in_full(
    catalog: BaseCatalog, images: list[TrainingImage], tmp_path: Path
) -> None:
    """Blocks are computed again on the way back, so that no layer's wide weights are kept."""
    whole = losses(catalog, images, tmp_path / "whole", "flux-schnell")
    plan = {"eight_bits": True, "checkpointing": True}
    eight = losses(catalog, images, tmp_path / "eight", "flux-schnell", **plan)
    assert whole[0] != eight[0]
    assert eight[0] == pytest.approx(whole[0], rel=1e-3)
    assert eight[-1] == pytest.approx(whole[-1], rel=1e-3)


def test_pictures_that_are_encoded_one_by_one_are_learned_alike(
    catalog: BaseCatalog, images: list[TrainingImage], tmp_path: Path
) -> None:
    together = losses(catalog, images, tmp_path / "together", "sdxl", batch=2)
    alone = losses(catalog, images, tmp_path / "alone", "sdxl", encode_together=1)
    assert alone == pytest.approx(together, rel=1e-4)
