from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tools.contracts.progress import Progress
from tools.errors import Cancelled, TrainingFailed
from tools.training.faces.learning import LearningStage, learn


def line(steps: int = 120) -> LearningStage:
    """Learns y = 2 x from fresh numbers."""
    torch.manual_seed(0)
    network = nn.Linear(1, 1)

    def loss(step: int, share: float) -> Tensor:
        assert 0 <= share < 1
        x = torch.randn(16, 1, generator=torch.Generator().manual_seed(step))
        error: Tensor = (network(x) - 2 * x).square().mean()
        return error

    return LearningStage("line", network, loss, steps, rate=0.1)


def weights(network: nn.Module) -> list[float]:
    return [float(each) for tensor in network.state_dict().values() for each in tensor.flatten()]


def test_a_stage_learns_and_says_how_far_it_is(tmp_path: Path) -> None:
    told: list[Progress] = []
    learned = learn(line(), tmp_path, told.append)
    assert weights(learned) == pytest.approx([2.0, 0.0], abs=0.2)
    assert (told[-1].done, told[-1].total, told[-1].stage) == (120, 120, "learn line")


def test_a_cancelled_stage_goes_on_as_an_unbroken_one(tmp_path: Path) -> None:
    whole = learn(line(), tmp_path / "whole", lambda _: None)

    def cancel(progress: Progress) -> None:
        if progress.done == 50:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        learn(line(), tmp_path / "broken", cancel)
    told: list[Progress] = []
    broken = learn(line(), tmp_path / "broken", told.append)
    assert told[0].done == 60
    assert weights(broken) == pytest.approx(weights(whole))


def test_a_finished_stage_is_read_and_not_learned_again(tmp_path: Path) -> None:
    first = learn(line(), tmp_path, lambda _: None)
    told: list[Progress] = []
    assert weights(learn(line(), tmp_path, told.append)) == weights(first)
    assert told == []


def test_a_loss_that_is_no_number_and_a_damaged_checkpoint_are_said(tmp_path: Path) -> None:
    network = nn.Linear(1, 1)
    lost = LearningStage(
        "lost", network, lambda *_: network.weight.sum() * float("nan"), 5, rate=0.1
    )
    with pytest.raises(TrainingFailed, match="lost: the loss is nan at step 0"):
        learn(lost, tmp_path, lambda _: None)
    (tmp_path / "line.pt").write_bytes(b"no checkpoint")
    with pytest.raises(TrainingFailed, match="cannot be resumed"):
        learn(line(), tmp_path, lambda _: None)
