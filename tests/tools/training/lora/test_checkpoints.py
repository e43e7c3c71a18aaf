"""A run goes on from its own newest readable checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tools.errors import BadInput
from tools.training.lora.checkpoints import (
    KEPT,
    Checkpoint,
    forget_checkpoints,
    last_checkpoint,
    optimizer_tensors,
    restore_optimizer,
    restore_scaler,
    save_checkpoint,
    scaler_tensors,
)


def checkpoint(step: int, run: str = "run") -> Checkpoint:
    return Checkpoint(
        step=step,
        run=run,
        adapter={"unet.a/b.weight": torch.full((2, 3), float(step))},
        average={},
        optimizer={"0.exp_avg": torch.arange(3.0), "0.step": torch.tensor(float(step))},
        scaler={"scale": torch.tensor(1024.0), "_growth_tracker": torch.tensor(float(step))},
    )


def test_a_checkpoint_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    saved = save_checkpoint(tmp_path, checkpoint(7))
    found = last_checkpoint(tmp_path, "run")
    assert found is not None
    path, read = found
    assert path == saved
    assert (read.step, read.run, read.average) == (7, "run", {})
    assert torch.equal(read.adapter["unet.a/b.weight"], torch.full((2, 3), 7.0))
    assert read.optimizer.keys() == {"0.exp_avg", "0.step"}
    assert read.scaler == checkpoint(7).scaler


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for step in (5, 10, 100, 20):
        save_checkpoint(tmp_path, checkpoint(step))
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert len(kept) == KEPT
    found = last_checkpoint(tmp_path, "run")
    assert found is not None
    assert found[1].step == 100


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "])
def test_a_damaged_one_is_passed_over(tmp_path: Path, damage: bytes) -> None:
    save_checkpoint(tmp_path, checkpoint(5))
    (tmp_path / "checkpoint_000009.safetensors").write_bytes(damage)
    found = last_checkpoint(tmp_path, "run")
    assert found is not None
    assert found[1].step == 5


def test_another_runs_checkpoints_are_refused(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, checkpoint(5, "other"))
    with pytest.raises(BadInput, match="other pictures or settings; train into a new folder"):
        last_checkpoint(tmp_path, "run")


def test_a_finished_run_leaves_none(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, checkpoint(5))
    (tmp_path / "adapter.safetensors").write_bytes(b"kept")
    forget_checkpoints(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["adapter.safetensors"]
    assert last_checkpoint(tmp_path, "run") is None


def test_an_optimizer_goes_on_as_if_it_had_never_stopped() -> None:
    def stepped(weight: torch.nn.Parameter, optimizer: torch.optim.Optimizer, times: int) -> None:
        for _ in range(times):
            weight.grad = weight.detach() * 2 + 1
            optimizer.step()

    whole = torch.nn.Parameter(torch.ones(3))
    stepped(whole, torch.optim.AdamW([whole], lr=0.1), 4)
    cut = torch.nn.Parameter(torch.ones(3))
    first = torch.optim.AdamW([cut], lr=0.1)
    stepped(cut, first, 2)
    second = torch.optim.AdamW([cut], lr=0.1)
    restore_optimizer(second, optimizer_tensors(first))
    stepped(cut, second, 2)
    assert torch.equal(whole, cut)


def test_an_fp16_scaler_comes_back() -> None:
    """Without it a resumed run would lose steps until the scale has fallen again."""
    first = torch.amp.GradScaler("cpu", init_scale=64.0)
    parameter = torch.nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    first.scale(parameter.sum()).backward()  # type: ignore[no-untyped-call]
    first.step(optimizer)
    first.update()
    again = torch.amp.GradScaler("cpu")
    again.scale(parameter.sum())
    restore_scaler(again, scaler_tensors(first))
    assert again.get_scale() == 64.0
    assert again.state_dict() == first.state_dict()


def test_no_scaler_has_no_state() -> None:
    off = torch.amp.GradScaler("cpu", enabled=False)
    assert scaler_tensors(off) == {}
    restore_scaler(off, {})
    assert off.get_scale() == 1.0
