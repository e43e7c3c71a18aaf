"""One step after the other: what is learned, what an average holds, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from tests.support.resident import resident_means
from tests.tools.training.lora.conftest import make_config, make_row, train_lora
from tools.architectures.registry import load_architecture
from tools.compute import Compute
from tools.contracts.model import Size
from tools.contracts.training import LoraConfig, TrainingImage
from tools.training.lora.adapter import ADAPTER_FILE, read_adapter
from tools.training.lora.data import Batch, draw_batch, encode_items, step_generator
from tools.training.lora.learner import Conditioning, Noise
from tools.training.lora.loop import captions_of
from tools.training.lora.trainer import Material, Trainer


def trainer(
    pipeline: Any, images: list[TrainingImage], config: LoraConfig, **plan: object
) -> Trainer:
    row, captions = make_row("maquette"), captions_of(images)
    learner = load_architecture(row.architecture).learner(pipeline, row, config, captions)
    means = resident_means(pipeline, row, config, **plan)
    items = encode_items(images, learner.encode_pictures, config)
    with torch.no_grad():
        text = learner.encode_text(captions)
    return Trainer(learner, Material(items, captions, text), row, config, means)


def _gradients(made: Trainer) -> dict[str, torch.Tensor]:
    grown = {key: each.grad for key, each in made.adapter.parameters.items()}
    return {key: each.clone() for key, each in grown.items() if each is not None}


def test_a_step_moves_the_adapter_and_counts(maquette: Any, images: list[TrainingImage]) -> None:
    made = trainer(maquette, images, make_config())
    before = made.adapter.tensors()
    loss, pictures = made.train_step()
    assert loss > 0
    assert pictures == 2
    assert made.step == 1
    after = made.adapter.tensors()
    assert any(not torch.equal(before[key], after[key]) for key in before)
    assert made.result().keys() == before.keys()


def test_the_same_steps_are_made_from_a_checkpoint(
    maquette: Any, images: list[TrainingImage]
) -> None:
    config = make_config(ema_decay=0.9)
    whole = trainer(maquette, images, config)
    whole.train_step()
    kept = whole.checkpoint("run")
    whole.train_step()
    wanted = {key: value.clone() for key, value in whole.result().items()}
    whole.adapter.remove()

    again = trainer(maquette, images, config)
    again.restore(kept)
    assert again.step == 1
    again.train_step()
    assert all(torch.equal(again.result()[key], value) for key, value in wanted.items())


def test_an_average_lags_behind_the_adapter(maquette: Any, images: list[TrainingImage]) -> None:
    made = trainer(maquette, images, make_config(ema_decay=0.9))
    for _ in range(3):
        made.train_step()
    live, average = made.adapter.tensors(), made.result()
    assert any(not torch.equal(live[key], average[key]) for key in live)


def test_what_is_not_finite_leaves_the_weights_untouched(
    maquette: Any, images: list[TrainingImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trainer(maquette, images, make_config())
    before = made.adapter.tensors()

    honest = made._learner.errors

    def lost(batch: Batch, text: Conditioning, noise: Noise) -> torch.Tensor:
        return honest(batch, text, noise) * float("nan")

    monkeypatch.setattr(made._learner, "errors", lost)
    with pytest.raises(FloatingPointError, match="the loss is nan"):
        made.train_step()
    assert made.step == 0
    assert all(torch.equal(before[key], value) for key, value in made.adapter.tensors().items())


def test_the_rate_is_that_of_the_step_just_made(maquette: Any, images: list[TrainingImage]) -> None:
    made = trainer(maquette, images, make_config(warmup_steps=4, learning_rate=1e-2))
    rates = []
    for _ in range(3):
        made.train_step()
        rates.append(made.learning_rate)
    assert 0 < rates[0] < rates[1] < rates[2] < 1e-2


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_batch_in_passes_has_the_gradient_of_the_whole(
    maquette: Any, images: list[TrainingImage], batch: int
) -> None:
    """Whatever fits at once, the same is learned: loss and weights agree to the last bits."""
    config = make_config(batch_size=4, learning_rate=1e-4)
    whole = trainer(maquette, images, config)
    loss, pictures = whole.train_step()
    wanted = whole.adapter.tensors()
    gradients = _gradients(whole)
    whole.adapter.remove()

    parts = trainer(maquette, images, config, batch=batch, parts=4 // batch)
    again, seen = parts.train_step()
    assert again == pytest.approx(loss, rel=1e-5)
    assert seen == pictures
    for key, gradient in _gradients(parts).items():
        assert torch.allclose(gradient, gradients[key], rtol=1e-3, atol=1e-7)
    assert wanted.keys() == parts.adapter.tensors().keys()
    parts.adapter.remove()


def test_crops_are_split_by_their_size(maquette: Any, images: list[TrainingImage]) -> None:
    """Eight crops of a quarter are two pictures, so that room for one is two passes."""
    config = make_config(crop_side=32, crop_share=1.0, crop_batch_size=8)
    made = trainer(maquette, images, config, batch=1)
    batch = draw_batch(made._material.items, config, step_generator(0, 0))
    assert batch.pictures == 2
    assert made._passes(batch) == [slice(0, 4), slice(4, 8)]
    made.adapter.remove()


def test_blocks_computed_again_give_the_same_gradient(
    maquette: Any, images: list[TrainingImage]
) -> None:
    plain = trainer(maquette, images, make_config())
    loss, _ = plain.train_step()
    gradients = _gradients(plain)
    plain.adapter.remove()

    again = trainer(maquette, images, make_config(), checkpointing=True)
    assert maquette.unet.is_gradient_checkpointing
    assert again.train_step()[0] == loss
    assert all(torch.equal(each, gradients[key]) for key, each in _gradients(again).items())
    maquette.unet.disable_gradient_checkpointing()
    again.adapter.remove()


def fp16_trainer(pipeline: Any, images: list[TrainingImage]) -> Trainer:
    """As on a card without bf16: products in fp16, the loss scaled."""
    made = trainer(pipeline, images, make_config())
    made._compute = Compute(
        torch.device("cpu"), torch.float32, torch.float16, "fp16", adapting=True
    )
    made._scaler = made._compute.scaler()
    return made


def test_an_fp16_step_learns_what_an_fp32_step_does(
    maquette: Any, images: list[TrainingImage]
) -> None:
    full = trainer(maquette, images, make_config())
    loss, _ = full.train_step()
    wanted = full.adapter.tensors()
    full.adapter.remove()
    half = fp16_trainer(maquette, images)
    before = half.adapter.tensors()
    assert half.train_step()[0] == pytest.approx(loss, rel=1e-2)
    after = half.adapter.tensors()
    moved = [key for key in before if not torch.equal(before[key], after[key])]
    assert moved == [key for key in wanted if not torch.equal(before[key], wanted[key])]
    assert half.checkpoint("run").scaler["scale"] == half._scaler.get_scale()
    half.adapter.remove()


def test_an_fp16_gradient_that_overflows_is_left_out_and_the_scale_falls(
    maquette: Any, images: list[TrainingImage]
) -> None:
    made = fp16_trainer(maquette, images)
    made._scaler = torch.amp.GradScaler("cpu", init_scale=2.0**127)
    before = made.adapter.tensors()
    made.train_step()
    assert all(torch.equal(before[key], value) for key, value in made.adapter.tensors().items())
    assert made._scaler.get_scale() == 2.0**126
    assert made.step == 1
    made.adapter.remove()


@pytest.mark.parametrize("name", ["sdxl", "flux", "flux2"])
def test_a_base_with_several_sizes_learns_from_each_in_its_shape(
    request: pytest.FixtureRequest, images: list[TrainingImage], tmp_path: Path, name: str
) -> None:
    """Batches of both shapes go through the real denoiser, and a stop between them changes nothing."""
    path = tmp_path / "wide.png"
    Image.new("RGB", (256, 128), (200, 30, 30)).save(path)
    wide = [TrainingImage(path=path, caption="Vera, wide", face=None) for _ in range(4)]
    row = make_row(
        name, architecture=name, sizes=(Size(width=64, height=64), Size(width=128, height=64))
    )
    config, pipeline = make_config(steps=8, resolution=64), request.getfixturevalue(name)
    shapes: set[tuple[int, ...]] = set()

    def look(_: object, inputs: tuple[Any, ...], named: dict[str, Any]) -> None:
        shapes.add(tuple((inputs[0] if inputs else named["hidden_states"]).shape))

    denoiser = pipeline.unet if name == "sdxl" else pipeline.transformer
    hook = denoiser.register_forward_pre_hook(look, with_kwargs=True)
    list(train_lora(pipeline, [*images, *wide], row, config, tmp_path / "whole"))
    hook.remove()
    for progress in train_lora(pipeline, [*images, *wide], row, config, tmp_path / "halves"):
        if progress.step == 3:
            break
    list(train_lora(pipeline, [*images, *wide], row, config, tmp_path / "halves"))
    assert len(shapes) == 2
    whole, halves = (read_adapter(tmp_path / run / ADAPTER_FILE) for run in ("whole", "halves"))
    assert whole.tensors.keys() == halves.tensors.keys()
    assert all(torch.equal(whole.tensors[key], halves.tensors[key]) for key in whole.tensors)
