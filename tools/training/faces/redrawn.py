"""Pictures as the base draws them: noise is added and its denoiser takes it away in one look.

Such a copy keeps who is in the picture and has the base's faults: soft eyes, uneven halves, a doubled
brow. How much is drawn anew goes from the autoencoder's round trip to half of the noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.contracts.progress import Progress, ProgressSink
from tools.errors import StorageFailed
from tools.training.faces.corpus import SIDE
from tools.training.faces.spoil import Pixels
from tools.training.objective import NOISE_STEPS, Prediction, add_noise
from tools.training.pretrain.parts import Base, load_base
from tools.training.pretrain.rows import PictureRow

_CHUNK = 8
_MOST_NOISE = 0.45
"""Share of the noise levels; above it faces become other people's."""


@dataclass(frozen=True)
class Redrawing:
    """Which pictures the base draws again, and from what."""

    source: Path
    """Its diffusers folder."""
    count: int
    device: str
    seed: int


def redraw(
    rows: Sequence[PictureRow],
    pixels: Pixels,
    what: Redrawing,
    path: Path,
    progress: ProgressSink,
) -> dict[int, tuple[Pixels, ...]]:
    """Draw some pictures again, or read them from the kept file; by index.

    Args:
        rows: captions of all pictures.
        pixels: all pictures, (n, 256, 256, 3).
        what: how many and by which base.
        path: kept file.
        progress: told after every chunk.

    Raises:
        BadInput: not a base folder.
        StorageFailed: the disk did not take the file.
    """
    chance = np.random.default_rng((what.seed, 5))
    chosen = chance.permutation(len(rows))[: what.count]
    if path.is_file():
        return _by_index(chosen, np.load(path))
    base = load_base(what.source, what.device)
    base.parts.eval().requires_grad_(False)
    made = np.empty((len(chosen), SIDE, SIDE, 3), np.uint8)
    for start in range(0, len(chosen), _CHUNK):
        part = chosen[start : start + _CHUNK]
        levels = chance.uniform(0, _MOST_NOISE, len(part))
        captions = [rows[index].text for index in part]
        seed = int(chance.integers(2**32))
        made[start : start + _CHUNK] = _drawn(base, pixels[part], captions, levels, seed)
        done = min(start + _CHUNK, len(chosen))
        progress(Progress(stage="redraw", done=done, total=len(chosen)))
    _keep(made, path)
    return _by_index(chosen, made)


@torch.no_grad()
def _drawn(
    base: Base, pixels: Pixels, captions: list[str], levels: NDArray[np.float64], seed: int
) -> Pixels:
    """One look of the denoiser at noisy latents, decoded."""
    vae, compute = base.pipeline.vae, base.compute
    values = torch.from_numpy(pixels).permute(0, 3, 1, 2).float().to(base.device) / 127.5 - 1
    steps = torch.from_numpy(levels * NOISE_STEPS).long().to(base.device)
    ids = torch.tensor([[SIDE, SIDE, 0, 0, SIDE, SIDE]] * len(pixels), device=base.device)
    with compute.autocast():
        latents = vae.encode(values).latent_dist.mean.float() * vae.config.scaling_factor
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(latents.shape, generator=generator).to(base.device)
    signal = base.signal[steps]
    noisy = add_noise(latents, noise, signal)
    answer = base.parts(noisy, steps, base.tokens(captions).long().to(base.device), ids.float())
    clean = _clean(noisy, answer, signal, base.prediction)
    with compute.autocast():
        decoded = vae.decode(clean / vae.config.scaling_factor).sample
    out = ((decoded.float() + 1) * 127.5).clamp(0, 255).to(torch.uint8)
    drawn: Pixels = out.permute(0, 2, 3, 1).cpu().numpy()
    return drawn


def _clean(noisy: Tensor, answer: Tensor, signal: Tensor, prediction: Prediction) -> Tensor:
    """The latents that the denoiser believes in."""
    kept, lost = signal.sqrt().view(-1, 1, 1, 1), (1 - signal).sqrt().view(-1, 1, 1, 1)
    if prediction is Prediction.V:
        return kept * noisy - lost * answer
    return (noisy - lost * answer) / kept


def _by_index(chosen: NDArray[np.int64], made: Pixels) -> dict[int, tuple[Pixels, ...]]:
    return {int(index): (picture,) for index, picture in zip(chosen, made, strict=True)}


def _keep(made: Pixels, path: Path) -> None:
    partial = path.with_suffix(".part")
    try:
        with partial.open("wb") as file:
            np.save(file, made)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StorageFailed(f"cannot write {path}: {error.strerror}") from error
