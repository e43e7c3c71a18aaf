"""Encode a folder's pictures once and keep the latents beside the run.

Knows the autoencoder and picture sizes; the cache's name says which pictures and weights it is of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor

from tools.compute import FILE_NUMBERS
from tools.contracts.progress import Progress, ProgressSink
from tools.errors import BadInput, StorageFailed
from tools.imaging.pictures import load_picture
from tools.training.pretrain.parts import Base
from tools.training.pretrain.rows import PictureRow

_CHUNK = 8


def encode_pictures(
    base: Base, folder: Path, rows: Sequence[PictureRow], cache: Path, progress: ProgressSink
) -> Tensor:
    """Return the scaled latents of pictures of one size, from the cache if it has them.

    Args:
        base: whose autoencoder encodes.
        folder: of the pictures.
        rows: all sheets, or none.
        cache: folder to keep the latents in.
        progress: told after each chunk.

    Returns:
        (rows, channels, height, width) in `FILE_NUMBERS` on the CPU; they err by 0.0005 where the
        latents' standard deviation is 1.

    Raises:
        BadInput: sheets of different shapes.
        BadPicture: a picture cannot be read.
    """
    path = cache / f"latents-{_fingerprint(base, folder, rows)}.safetensors"
    if path.exists():
        cached: Tensor = load_file(path)["latents"]
        return cached
    size = _size(base, folder, rows)
    chunks = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        chunks.append(_encode(base, [_pixels(folder, row, size) for row in chunk]))
        progress(Progress(stage="pictures", done=start + len(chunk), total=len(rows)))
    latents = torch.cat(chunks)
    _keep(latents, path)
    return latents


def _size(base: Base, folder: Path, rows: Sequence[PictureRow]) -> tuple[int, int]:
    """Width and height to scale to: the base's side, sheets in their own proportions."""
    if not rows[0].is_sheet:
        return base.side, base.side
    shapes = {load_picture(folder / row.file_name).size for row in rows}
    proportions = {round(width / height, 2) for width, height in shapes}
    if len(proportions) != 1:
        raise BadInput(f"{folder}: sheets have different proportions {sorted(proportions)}")
    grid = 8 * base.factor
    return round(proportions.pop() * base.side / grid) * grid, base.side


def _pixels(folder: Path, row: PictureRow, size: tuple[int, int]) -> Tensor:
    """Return (3, height, width) in [-1, 1]."""
    picture = load_picture(folder / row.file_name)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    values = np.asarray(picture, dtype=np.float32) / 127.5 - 1
    return torch.from_numpy(values).permute(2, 0, 1)


@torch.no_grad()
def _encode(base: Base, pixels: list[Tensor]) -> Tensor:
    vae = base.pipeline.vae
    with base.compute.autocast():
        encoded = vae.encode(torch.stack(pixels).to(base.device)).latent_dist.mean
    latents: Tensor = encoded.float() * vae.config.scaling_factor
    return latents.to(FILE_NUMBERS).cpu()


def _fingerprint(base: Base, folder: Path, rows: Sequence[PictureRow]) -> str:
    digest = hashlib.sha256(f"{base.side}".encode())
    for row in rows:
        digest.update(f"{row.file_name}:{(folder / row.file_name).stat().st_size};".encode())
    for tensor in base.pipeline.vae.encoder.state_dict().values():
        digest.update(tensor.detach().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def _keep(latents: Tensor, path: Path) -> None:
    partial = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file({"latents": latents}, partial)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StorageFailed(f"cannot write {path}: {error.strerror}") from error
