"""Compiled blocks are trusted only where a batch has the same gradient with them."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.tools.training.lora.conftest import make_config
from tests.tools.training.lora.test_trainer import trainer
from tools.compute import Compute
from tools.contracts.training import TrainingImage
from tools.training.lora import trainer as rooms
from tools.training.lora.compiled import (
    LEAST_STEPS,
    compile_blocks,
    leave_uncompiled,
    worth_compiling,
)
from tools.training.pretrain.parts import can_compile

CARD = Compute(torch.device("cuda"), torch.bfloat16, torch.bfloat16, "bf16", adapting=True)
CPU = Compute(torch.device("cpu"), torch.float32, torch.float32, "fp32", adapting=True)


class Bent(nn.Module):
    """A model whose compiled form answers alike and learns otherwise."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 1)
        self._factor = factor

    def compile_repeated_blocks(self) -> None:
        weight, factor = self.layer.weight, self._factor

        def compiled(rows: Tensor) -> Tensor:
            answer = rows @ weight.T
            return (answer * factor) + (answer * (1 - factor)).detach()

        self.layer._compiled_call_impl = compiled


def bent(factor: float) -> tuple[Bent, float | None]:
    model, rows = Bent(factor), torch.ones(2, 3)
    weights = [model.layer.weight]
    model.layer.bias.requires_grad_(False)
    return model, compile_blocks(model, weights, lambda: model.layer(rows).sum().backward())


def test_what_learns_alike_is_kept() -> None:
    model, apart = bent(1.0)
    assert apart == pytest.approx(0.0, abs=1e-6)
    assert model.layer._compiled_call_impl is not None
    assert model.layer.weight.grad is None


def test_what_answers_alike_and_learns_otherwise_is_left_uncompiled() -> None:
    model, apart = bent(0.5)
    assert apart is None
    assert model.layer._compiled_call_impl is None


def test_only_long_runs_on_a_card_are_worth_it() -> None:
    assert worth_compiling(CARD, LEAST_STEPS, eight_bits=False)
    assert not worth_compiling(CARD, LEAST_STEPS - 1, eight_bits=False)
    assert not worth_compiling(CARD, LEAST_STEPS, eight_bits=True)
    assert not worth_compiling(CPU, LEAST_STEPS, eight_bits=False)


@pytest.mark.slow
@pytest.mark.skipif(not can_compile(torch.device("cpu")), reason="no C++ compiler here")
def test_the_real_blocks_learn_alike_when_they_are_compiled(
    maquette: Any, images: list[TrainingImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = trainer(maquette, images, make_config())
    wanted, _ = plain.train_step()
    plain.adapter.remove()
    made, said = trainer(maquette, images, make_config()), list[float | None]()

    def noted(*asked: Any) -> float | None:
        said.append(compile_blocks(*asked))
        return said[-1]

    monkeypatch.setattr(rooms, "worth_compiling", lambda *_, **__: True)
    monkeypatch.setattr(rooms, "compile_blocks", noted)
    made.settle()
    assert said[0] is not None
    assert said[0] < 1e-3
    assert made.train_step()[0] == pytest.approx(wanted, rel=1e-4)
    leave_uncompiled(maquette.unet)
    made.adapter.remove()


@pytest.mark.gpu
def test_on_a_card_compiled_blocks_learn_alike(maquette: Any, images: list[TrainingImage]) -> None:
    maquette.to("cuda")
    made = trainer(maquette, images, make_config())
    denoiser = maquette.unet
    apart = compile_blocks(denoiser, made._parameters, made._learn)
    assert apart is not None
    leave_uncompiled(denoiser)
    made.adapter.remove()
    maquette.to("cpu")
