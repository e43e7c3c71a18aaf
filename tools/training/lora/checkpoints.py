"""Checkpoints of a run: written atomically, the last two kept, read without unpickling.

Everything random in a step comes from the run's seed and the step's number, so the step is all
that a resumed run needs of the generator's state. Knows files; must not know models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from tools.errors import BadInput
from tools.imaging.pictures import write_atomically

KEPT = 2
_PATTERN = "checkpoint_*.safetensors"
_SCALER_STATE = ("scale", "_growth_tracker")


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after `step` steps."""

    step: int
    run: str
    """Digest of configuration and data; a run goes on from its own checkpoints only."""
    adapter: dict[str, Tensor]
    average: dict[str, Tensor]
    """EMA of the adapter; empty without EMA."""
    optimizer: dict[str, Tensor]
    """`<parameter's number>.<state's name>`."""
    scaler: dict[str, Tensor]
    """Scale of an fp16 loss, and the steps since it last changed; empty in other numbers."""


def scaler_tensors(scaler: torch.amp.GradScaler) -> dict[str, Tensor]:
    """The scaler's two numbers."""
    state = scaler.state_dict()
    return {name: torch.tensor(float(state[name])) for name in _SCALER_STATE if name in state}


def restore_scaler(scaler: torch.amp.GradScaler, tensors: dict[str, Tensor]) -> None:
    """Put `scaler_tensors` back."""
    if tensors:
        found = {
            "scale": float(tensors["scale"]),
            "_growth_tracker": int(tensors["_growth_tracker"]),
        }
        scaler.load_state_dict({**scaler.state_dict(), **found})


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimizer's per-parameter state on the CPU, by `<number>.<name>`."""
    state = optimizer.state_dict()["state"]
    return {
        f"{number}.{name}": torch.as_tensor(value).cpu().clone()
        for number, values in state.items()
        for name, value in values.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put `optimizer_tensors` back."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        number, _, name = key.partition(".")
        state.setdefault(int(number), {})[name] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint, then delete all but the last `KEPT`.

    Raises:
        StorageFailed: the disk did not take it; the older ones are still there.
    """
    groups = {
        "adapter": checkpoint.adapter,
        "average": checkpoint.average,
        "optimizer": checkpoint.optimizer,
        "scaler": checkpoint.scaler,
    }
    tensors = {
        f"{group}/{key}": value.contiguous()
        for group, values in groups.items()
        for key, value in values.items()
    }
    path = folder / f"checkpoint_{checkpoint.step:06d}.safetensors"
    header = {"step": str(checkpoint.step), "run": checkpoint.run}
    write_atomically(path, save(tensors, metadata=header))
    for old in sorted(folder.glob(_PATTERN))[:-KEPT]:
        old.unlink()
    return path


def last_checkpoint(folder: Path, run: str) -> tuple[Path, Checkpoint] | None:
    """The newest readable checkpoint of this run, or None.

    Raises:
        BadInput: the folder holds another run's checkpoints.
    """
    for path in sorted(folder.glob(_PATTERN), reverse=True):
        try:
            checkpoint = _read(path)
        except (SafetensorError, OSError, KeyError):
            continue
        if checkpoint.run != run:
            raise BadInput(
                f"{folder} holds a run with other pictures or settings; train into a new folder"
            )
        return path, checkpoint
    return None


def _read(path: Path) -> Checkpoint:
    names = ("adapter", "average", "optimizer", "scaler")
    groups: dict[str, dict[str, Tensor]] = {name: {} for name in names}
    with safe_open(path, framework="pt") as file:
        header = file.metadata() or {}
        for key in file.keys():  # noqa: SIM118
            group, _, name = key.partition("/")
            groups[group][name] = file.get_tensor(key)
    return Checkpoint(step=int(header["step"]), run=header["run"], **groups)


def forget_checkpoints(folder: Path) -> None:
    """Delete the checkpoints of a finished run."""
    for path in folder.glob(_PATTERN):
        path.unlink()
