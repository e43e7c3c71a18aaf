"""What a pre-training goes on from: its counters, its weights, and no damaged file."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import StorageFailed, TrainingFailed
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.parts import Base
from tools.training.pretrain.state import CHECKPOINT, Counters, RunState, step_seed

STEPS = PretrainConfig(steps=8)


@pytest.fixture
def state(base: Base) -> RunState:
    parts = copy.deepcopy(base.parts)
    optimizer = torch.optim.SGD([next(parts.parameters())], lr=0.1, momentum=0.9)
    return RunState(parts, copy.deepcopy(parts), (optimizer,), Counters(step=3, quarters=9))


def first(state: RunState) -> torch.nn.Parameter:
    return next(state.parts.parameters())


def test_a_checkpoint_comes_back_whole(state: RunState, tmp_path: Path) -> None:
    state.save(tmp_path)
    kept = first(state).detach().clone()
    with torch.no_grad():
        first(state).add_(1)
    state.counters = Counters()
    assert state.load(tmp_path)
    assert torch.equal(first(state), kept)
    assert (state.counters.step, state.counters.pictures) == (3, 2)
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT]


def test_without_a_checkpoint_nothing_is_taken_over(state: RunState, tmp_path: Path) -> None:
    assert not state.load(tmp_path)
    assert state.counters.step == 3


@pytest.mark.parametrize("content", [b"", b"words", b"PK\x03\x04"])
def test_a_damaged_one_is_said_and_kept(state: RunState, tmp_path: Path, content: bytes) -> None:
    (tmp_path / CHECKPOINT).write_bytes(content)
    with pytest.raises(TrainingFailed, match="cannot be resumed; it is damaged or belongs to"):
        state.load(tmp_path)
    assert (tmp_path / CHECKPOINT).read_bytes() == content


def test_a_folder_that_is_none_is_a_failure_of_storage(state: RunState, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot write the checkpoint"):
        state.save(tmp_path / "nowhere")


def test_how_much_of_a_call_is_done() -> None:
    assert Counters(call_steps=2).share(STEPS) == 0.25
    assert Counters(call_steps=20).share(STEPS) == 1.0
    assert Counters(call_seconds=5).share(PretrainConfig(seconds=20)) == 0.25


def test_another_call_begins_anew_and_the_unfinished_one_goes_on() -> None:
    counters = Counters(step=9)
    counters.enter(STEPS)
    counters.call_steps = 4
    counters.enter(STEPS)
    assert (counters.call_steps, counters.step) == (4, 9)
    counters.enter(PretrainConfig(steps=8, end=0.5))
    assert (counters.call_steps, counters.step) == (0, 9)


@given(st.integers(0, 2**32 - 1), st.integers(0, 10**6))
def test_a_steps_seed_is_its_own(seed: int, step: int) -> None:
    assert 0 <= step_seed(seed, step) < 2**63
    assert step_seed(seed, step) == step_seed(seed, step)
    assert step_seed(seed, step) != step_seed(seed, step + 1)
    assert step_seed(seed, step) != step_seed(seed + 1, step)
