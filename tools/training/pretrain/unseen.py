"""Loss on people who are in no training picture: one number to compare weights by.

The same noise and noise levels every time, so that two sets of weights differ by nothing else.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from torch import Tensor

from tools.contracts.progress import ProgressSink, ignore_progress
from tools.errors import BadInput
from tools.training.objective import NOISE_STEPS, add_noise, target
from tools.training.pretrain.config import UnseenLoss
from tools.training.pretrain.faces import FaceBoxes
from tools.training.pretrain.latents import encode_pictures
from tools.training.pretrain.parts import Base, Parts, load_base
from tools.training.pretrain.pictures import PictureSet
from tools.training.pretrain.rows import read_rows

_EVERY = 3
"""Every third picture is enough for a steady mean (54 of the maquette's cast of 160)."""
_CHUNK = 9
_STRIDE = 997
"""Prime, so that neighbouring pictures get distant noise levels."""


def load_unseen(
    base: Base, folder: Path, cache: Path, progress: ProgressSink = ignore_progress
) -> PictureSet:
    """Prepare every third whole picture of a held-out folder.

    Raises:
        BadInput: no readable metadata or only sheets.
    """
    rows = [row for row in read_rows(folder)[::_EVERY] if not row.is_sheet]
    if not rows:
        raise BadInput(f"{folder}: holds no whole pictures to measure with")
    latents = encode_pictures(base, folder, rows, cache, progress)
    return PictureSet(base, latents, rows, [FaceBoxes()] * len(rows), variants=0, seed=0)


@torch.no_grad()
def unseen_loss(base: Base, parts: Parts, pictures: PictureSet) -> UnseenLoss:
    """Return the plain mean squared error of the prediction, pictures and captions as they are."""
    count = len(pictures)
    noise = torch.randn(pictures.latents.shape, generator=torch.Generator().manual_seed(1))
    spread = (torch.arange(count) * _STRIDE % count + 0.5) / count
    steps = (spread * NOISE_STEPS).long().to(base.device)
    errors = torch.cat(
        [
            _errors(base, parts, pictures, chosen, noise.to(base.device), steps)
            for chosen in torch.split(torch.arange(count, device=base.device), _CHUNK)
        ]
    )
    low = steps < NOISE_STEPS // 2
    return UnseenLoss(
        low=errors[low].mean().item(),
        high=errors[~low].mean().item(),
        mean=errors.mean().item(),
        pictures=count,
    )


def measure_unseen(
    source: Path, folder: Path, device: str = "auto", progress: ProgressSink = ignore_progress
) -> UnseenLoss:
    """Load a base and return its loss on a held-out folder.

    Raises:
        BadInput: not a base, or not a picture folder.
    """
    base = load_base(source, device)
    with tempfile.TemporaryDirectory() as cache:
        pictures = load_unseen(base, folder, Path(cache), progress)
    return unseen_loss(base, base.parts.eval(), pictures)


def _errors(
    base: Base, parts: Parts, pictures: PictureSet, chosen: Tensor, noise: Tensor, steps: Tensor
) -> Tensor:
    clean, signal = pictures.latents[chosen].float(), base.signal[steps[chosen]]
    answer = parts(
        add_noise(clean, noise[chosen], signal),
        steps[chosen],
        pictures.tokens[chosen, 0, 0].long(),
        pictures.whole_time_ids(len(chosen)),
    )
    wanted = target(clean, noise[chosen], signal, base.prediction)
    errors: Tensor = (answer - wanted).square().mean(dim=(1, 2, 3))
    return errors
