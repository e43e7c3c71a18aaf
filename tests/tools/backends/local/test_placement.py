"""Wherever models are meanwhile, the same picture comes out; and what does not fit says what helps."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.support.image_requests import image_request
from tools.backends.bases import BaseCatalog
from tools.backends.local.draw import LocalBackend
from tools.backends.local.pipelines import LoadedBase, load_base
from tools.backends.local.placement import Placed, within_memory
from tools.compute import EIGHT_BITS, Compute
from tools.contracts.images import ImageRequest
from tools.contracts.memory import MemoryPlan, PlanStage, PlanTerm, Residency, Task
from tools.errors import FailedError
from tools.store.files import FileStore

CPU = torch.device("cpu")
PLAN = MemoryPlan(
    base="sdxl",
    task=Task.DRAW,
    batch=4,
    stages=(PlanStage(name="denoiser", terms=(PlanTerm(what="denoiser", gb=5.0),)),),
)


def pixels(
    catalog: BaseCatalog,
    files: FileStore,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    **plan: object,
) -> list[bytes]:
    """Two pictures, drawn by a plan of another card."""
    from tools.backends.local import pipelines

    def planned(row: object, *_: object, batch: int) -> MemoryPlan:
        return MemoryPlan.model_validate({"base": name, "task": Task.DRAW, "batch": 2, **plan})

    monkeypatch.setattr(pipelines, "plan_drawing", planned)
    backend = LocalBackend(catalog, files.path, device="cpu", threads=1)
    requests: list[ImageRequest] = [image_request(name, seed=seed) for seed in (1, 2)]
    return [result.image.tobytes() for result in backend.draw(requests)]


@pytest.mark.parametrize("name", ["sdxl", "flux-schnell"])
@pytest.mark.parametrize(
    "plan",
    [
        {"residency": Residency.PARTS},
        {"residency": Residency.BLOCKS},
        {"residency": Residency.PARTS, "texts_here": False},
    ],
    ids=["parts", "blocks", "texts elsewhere"],
)
def test_models_that_come_and_go_draw_the_same(
    name: str,
    plan: dict[str, object],
    catalog: BaseCatalog,
    files: FileStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert pixels(catalog, files, name, monkeypatch, **plan) == pixels(
        catalog, files, name, monkeypatch
    )


def _loaded(catalog: BaseCatalog, name: str, **plan: object) -> LoadedBase:
    base = load_base(catalog.row(name), catalog.folder(name), CPU)
    values = {"base": name, "task": Task.DRAW, "batch": 2, **plan}
    compute = Compute(CPU, torch.float32, torch.float32, "fp32")
    denoiser = base.architecture.draw.denoiser
    made = MemoryPlan.model_validate(values)
    return replace(base, plan=made, placed=Placed(base.pipeline, denoiser, made, compute))


def test_each_model_hands_over_to_the_next(catalog: BaseCatalog) -> None:
    pipeline = _loaded(catalog, "sdxl", residency=Residency.PARTS).pipeline
    turns = [pipeline.text_encoder, pipeline.text_encoder_2, pipeline.unet, pipeline.vae]
    hooks = [model._hf_hook for model in turns]
    assert hooks[0].prev_module_hook is None
    assert [hook.prev_module_hook.model for hook in hooks[1:]] == turns[:-1]


def test_texts_leave_before_blocks_come(
    catalog: BaseCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The denoiser takes no turn of its own: the last text encoder would stay beside its blocks."""
    pipeline = _loaded(catalog, "flux-schnell", residency=Residency.BLOCKS).pipeline
    sent: list[object] = []

    def noted(model: object, *_: object, **__: object) -> object:
        sent.append(model)
        return model

    monkeypatch.setattr(type(pipeline.text_encoder_2), "to", noted)
    pipeline.transformer._forward_pre_hooks[next(iter(pipeline.transformer._forward_pre_hooks))](
        pipeline.transformer, ()
    )
    assert sent == [pipeline.text_encoder_2]


def test_eight_bits_are_only_held(catalog: BaseCatalog) -> None:
    transformer = _loaded(catalog, "flux-schnell", eight_bits=True).pipeline.transformer
    held = {each.dtype for each in transformer.parameters()}
    assert EIGHT_BITS in held


def test_eight_bits_draw_nearly_the_same(
    catalog: BaseCatalog, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pixels(catalog, files, "flux-schnell", monkeypatch)
    eight = pixels(catalog, files, "flux-schnell", monkeypatch, eight_bits=True)
    for one, other in zip(whole, eight, strict=True):
        pairs = zip(one, other, strict=True)
        assert sum(abs(a - b) for a, b in pairs) / len(one) < 4


def test_the_decoder_is_spared_as_planned(catalog: BaseCatalog) -> None:
    autoencoder = _loaded(catalog, "sdxl", sliced=True, tiled=True).pipeline.vae
    assert autoencoder.use_slicing
    assert autoencoder.use_tiling
    assert (autoencoder.tile_sample_min_size, autoencoder.tile_latent_min_size) == (512, 64)


def test_running_out_of_memory_says_what_was_needed_and_what_helps() -> None:
    said = re.compile(
        r"out of memory in the task to draw with sdxl, which needs about 5\.0 GB \(4 at a time, .*\); "
        r"[\d.]+ GB are free now; lower SAMECAST_BATCH_SIZE or the picture size, close other"
    )
    with pytest.raises(FailedError, match=said), within_memory(PLAN, CPU):
        torch.empty(10**16)


def test_a_training_that_runs_out_is_told_of_rank() -> None:
    plan = PLAN.model_copy(update={"task": Task.TRAIN, "stages": ()})
    said = r"to train with sdxl \(4 at a time\); .* take a smaller rank or batch"
    with pytest.raises(FailedError, match=said), within_memory(plan, CPU):
        raise MemoryError


def test_a_bug_is_no_memory_problem() -> None:
    with pytest.raises(RuntimeError, match="shape"), within_memory(PLAN, CPU):
        torch.zeros(2).view(3)


@pytest.mark.gpu
@pytest.mark.parametrize("placement", list(Residency))
def test_a_card_draws_the_same_by_every_placement(
    placement: Residency, catalog: BaseCatalog, files: FileStore, tmp_path: Path
) -> None:
    """Models that come and go give the same picture as models that stay."""
    device = torch.device("cuda")
    drawn = []
    for way in (Residency.RESIDENT, placement):
        base = load_base(catalog.row("sdxl"), catalog.folder("sdxl"), CPU)
        plan = MemoryPlan(base="sdxl", task=Task.DRAW, batch=1, residency=way)
        compute = Compute(device, torch.float32, torch.float32, "fp32")
        Placed(base.pipeline, "unet", plan, compute)
        generator = torch.Generator().manual_seed(1)
        pipeline = base.pipeline
        picture = pipeline("a man", width=64, height=64, num_inference_steps=2, generator=generator)
        drawn.append(picture.images[0].tobytes())
    assert drawn[0] == drawn[1]
