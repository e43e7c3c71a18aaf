"""One training loop for the networks: AdamW, a falling rate, averaged weights, checkpoints.

The chances of a step come from its number alone, so that a resumed stage goes on as an unbroken one.
Must not know what is learned.
"""

from __future__ import annotations

import copy
import math
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from tools.contracts.progress import Progress, ProgressSink
from tools.errors import Cancelled, StorageFailed, TrainingFailed

_WARMUP_STEPS = 60
_CHECKPOINT_EVERY_S = 60.0
_REMEMBERED_STEPS = 250
"""What the averaged weights look back on."""


@dataclass(frozen=True)
class LearningStage:
    """What one network learns, and for how long."""

    name: str
    network: nn.Module
    loss: Callable[[int, float], Tensor]
    """Mean loss of a fresh batch by step number and share of the stage that is done."""
    steps: int
    rate: float
    weight_decay: float = 0.02
    extra: nn.Module | None = None
    """Learned with the network and thrown away after (the class centres of a margin loss)."""

    @property
    def learned(self) -> list[nn.Parameter]:
        """Everything that the optimizer moves."""
        more = () if self.extra is None else self.extra.parameters()
        return [*self.network.parameters(), *more]


def learn(stage: LearningStage, out: Path, progress: ProgressSink) -> nn.Module:
    """Train a stage to its end, from its checkpoint if there is one, and return averaged weights.

    Args:
        stage: what to train; its network is changed.
        out: run folder; gets `NAME.pt`, which a finished stage is read from at once.
        progress: told every few steps; what it raises ends the stage after a checkpoint.

    Raises:
        TrainingFailed: the loss is not finite, or the checkpoint cannot be used.
        StorageFailed: the disk did not take the checkpoint; the one before is kept.
    """
    run = _LearningRun(stage, out / f"{stage.name}.pt")
    run.load()
    kept = time.monotonic()
    try:
        while run.step < stage.steps:
            run.advance()
            if run.step % 10 == 0 or run.step == stage.steps:
                note = f"loss {run.mean_loss:.4f}"
                progress(
                    Progress(
                        stage=f"learn {stage.name}", done=run.step, total=stage.steps, note=note
                    )
                )
            if time.monotonic() - kept > _CHECKPOINT_EVERY_S:
                run.save()
                kept = time.monotonic()
    except Cancelled:
        run.save()
        raise
    run.save()
    return run.average


class _LearningRun:
    """A stage under way."""

    def __init__(self, stage: LearningStage, path: Path) -> None:
        self.stage, self.path, self.step, self.mean_loss = stage, path, 0, 0.0
        self.average = copy.deepcopy(stage.network).eval().requires_grad_(False)
        self.optimizer = torch.optim.AdamW(
            _groups(stage), stage.rate, betas=(0.9, 0.98), fused=True
        )

    def advance(self) -> None:
        """Make one step."""
        stage = self.stage
        stage.network.train()
        loss = stage.loss(self.step, self.step / stage.steps)
        value = loss.item()
        if not math.isfinite(value):
            raise TrainingFailed(f"{stage.name}: the loss is {value} at step {self.step}")
        self.mean_loss = value if self.step == 0 else 0.95 * self.mean_loss + 0.05 * value
        rate = stage.rate * _rate(self.step, stage.steps)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(stage.learned, 5.0)
        self.optimizer.step()
        self.step += 1
        self._average()

    @torch.no_grad()
    def _average(self) -> None:
        weight = 1 - min(1 - 1 / _REMEMBERED_STEPS, self.step / (self.step + 10))
        mine = self.stage.network.state_dict()
        for name, tensor in self.average.state_dict().items():
            if tensor.is_floating_point():
                tensor.lerp_(mine[name], weight)
            else:
                tensor.copy_(mine[name])

    def save(self) -> None:
        """Write the checkpoint atomically."""
        extra = self.stage.extra
        content = {
            "step": self.step,
            "loss": self.mean_loss,
            "network": self.stage.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "extra": {} if extra is None else extra.state_dict(),
        }
        partial = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            torch.save(content, partial)
            partial.replace(self.path)
        except (OSError, RuntimeError) as error:
            # torch reports a full disk as a RuntimeError of its zip writer
            partial.unlink(missing_ok=True)
            raise StorageFailed(f"cannot write the checkpoint {self.path}: {error}") from error

    def load(self) -> None:
        """Take over the checkpoint, if there is one."""
        if not self.path.is_file():
            return
        try:
            content = torch.load(self.path, map_location="cpu", weights_only=True)
            self.stage.network.load_state_dict(content["network"])
            self.average.load_state_dict(content["average"])
            self.optimizer.load_state_dict(content["optimizer"])
            if self.stage.extra is not None:
                self.stage.extra.load_state_dict(content["extra"])
            self.step, self.mean_loss = content["step"], content["loss"]
        except (pickle.UnpicklingError, RuntimeError, KeyError, ValueError, EOFError) as error:
            raise TrainingFailed(
                f"{self.path} cannot be resumed; move it away to learn this part anew"
                f" ({type(error).__name__})"
            ) from error


def _groups(stage: LearningStage) -> list[dict[str, object]]:
    """Decay matrices only."""
    return [
        {"params": [p for p in stage.learned if p.ndim > 1], "weight_decay": stage.weight_decay},
        {"params": [p for p in stage.learned if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _rate(step: int, steps: int) -> float:
    """Rise over the first steps, then half a cosine down to a fiftieth."""
    if step < _WARMUP_STEPS:
        return (step + 1) / _WARMUP_STEPS
    return 0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2
