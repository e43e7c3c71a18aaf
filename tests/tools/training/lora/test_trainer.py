"""One step after the other: what is learned, what an average holds, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.tools.training.lora.conftest import make_config, make_row
from tools.architectures.registry import load_architecture
from tools.compute import training_compute
from tools.contracts.training import LoraConfig, TrainingImage
from tools.training.lora.loop import captions_of
from tools.training.lora.trainer import Trainer


def trainer(pipeline: Any, images: list[TrainingImage], config: LoraConfig) -> Trainer:
    row, captions = make_row("maquette"), captions_of(images)
    learner = load_architecture(row.architecture).learner(pipeline, row, config, captions)
    compute = training_compute(row, torch.device("cpu"), "fp32")
    return Trainer(learner, images, row, config, captions, compute)


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

    def lost(*_: object) -> torch.Tensor:
        return torch.full((2,), float("nan"))

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
