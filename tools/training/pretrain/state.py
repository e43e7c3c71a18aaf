"""Where a pre-training stands, and its checkpoint on disk.

The chances of a step come from the seed and the step's number alone, so no generator's state needs
keeping: a resumed run draws what the unbroken run would have drawn.
"""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from tools.errors import StorageFailed, TrainingFailed
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.parts import Parts

CHECKPOINT = "state.pt"
_DAMAGE = (pickle.UnpicklingError, RuntimeError, KeyError, TypeError, ValueError, EOFError)
"""What torch raises on a file that is no checkpoint, or one of other shapes."""


@dataclass
class Counters:
    """Numbers that a resumed run goes on from."""

    step: int = 0
    """Over all calls."""
    quarters: int = 0
    """Pictures seen in quarters of a picture's area, over all calls."""
    call: str = ""
    """Which call the next two belong to; empty when the last one was finished."""
    call_steps: int = 0
    call_seconds: float = 0.0
    begin: float = 0.0
    """Share of the schedule that lay before the first call."""
    guide_pictures: int = 0
    """Seen by the average that was kept as the guide; 0 while none is."""

    @property
    def pictures(self) -> int:
        """Pictures seen; four quarter-size crops are one."""
        return self.quarters // 4

    def share(self, config: PretrainConfig) -> float:
        """Return how much of the call is done, 0 to 1."""
        if config.steps is not None:
            return min(1.0, self.call_steps / config.steps)
        assert config.seconds is not None
        return min(1.0, self.call_seconds / config.seconds)

    def schedule_done(self, config: PretrainConfig) -> float:
        """Return how much of the whole schedule is done, 0 to 1."""
        return config.begin + (config.end - config.begin) * self.share(config)

    def enter(self, config: PretrainConfig) -> None:
        """Begin the call, unless it is the unfinished one that the counters belong to."""
        name = f"{config.begin}-{config.end} {config.steps} steps, {config.seconds} s"
        if self.step == 0:
            self.begin = config.begin
        if self.call != name:
            self.call, self.call_steps, self.call_seconds = name, 0, 0.0


@dataclass
class RunState:
    """Everything that changes while training."""

    parts: Parts
    average: Parts
    optimizers: tuple[torch.optim.Optimizer, ...]
    counters: Counters = field(default_factory=Counters)

    def save(self, folder: Path) -> Path:
        """Write the checkpoint atomically and return its path.

        Raises:
            StorageFailed: the disk did not take it; the checkpoint before is kept.
        """
        path = folder / CHECKPOINT
        partial = folder / f".{CHECKPOINT}.part"
        content = {
            "parts": self.parts.state_dict(),
            "average": self.average.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "counters": asdict(self.counters),
        }
        try:
            torch.save(content, partial)
            partial.replace(path)
        except (OSError, RuntimeError) as error:
            # torch reports a full disk as a RuntimeError of its zip writer
            partial.unlink(missing_ok=True)
            raise StorageFailed(f"cannot write the checkpoint {path}: {error}") from error
        return path

    def load(self, folder: Path) -> bool:
        """Take over the folder's checkpoint and return True, or return False if it has none.

        Raises:
            TrainingFailed: the checkpoint is damaged or of another base.
        """
        path = folder / CHECKPOINT
        if not path.exists():
            return False
        try:
            content = torch.load(path, map_location="cpu", weights_only=True)
            self.parts.load_state_dict(content["parts"])
            self.average.load_state_dict(content["average"])
            for optimizer, saved in zip(self.optimizers, content["optimizers"], strict=True):
                optimizer.load_state_dict(saved)
            self.counters = Counters(**content["counters"])
        except (*_DAMAGE, OSError) as error:
            raise TrainingFailed(
                f"{path} cannot be resumed; it is damaged or belongs to another base."
                f" Move it away to start anew ({type(error).__name__})"
            ) from error
        return True


def step_seed(seed: int, step: int) -> int:
    """Return the seed of one step's chances, 0 to 2^63 - 1; neighbours have nothing in common."""
    digest = hashlib.sha256(f"{seed}:{step}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
