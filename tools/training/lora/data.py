"""A training set in latents, and the batches drawn from it.

Every picture is encoded once. A batch depends on the run's seed and the step's number alone, so a
resumed run draws what the unbroken run would have drawn. Knows no model beyond the encoder given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from tools.contracts.training import LoraConfig, TrainingImage
from tools.errors import BadInput
from tools.imaging.pictures import load_picture
from tools.training.lora.regions import Square, loss_map, square_for
from tools.training.objective import normalised_map

REGULARISATION_SHARE = 0.25
"""Share of the whole pictures of a batch that are regularisation pictures, when there are any."""
_JITTER = 0.25
"""Spread of a crop's centre around the face's, in face sizes."""


@dataclass(frozen=True)
class Item:
    """One training picture in latent space."""

    caption: str
    latents: Tensor
    """(C, h, w)"""
    weights: Tensor
    """(h, w)"""
    face: Tensor | None
    """(4,): left, top, right, bottom in latent cells."""
    square: Square
    regularisation: bool


@dataclass(frozen=True)
class Batch:
    """What one step learns from, on the training device."""

    latents: Tensor
    """(B, C, h, w)"""
    weights: Tensor
    """(B, 1, h, w), each of mean 1."""
    captions: tuple[str, ...]
    sizes: Tensor
    """(B, 6): original height and width, crop top and left, target height and width, in pixels."""
    sample_weights: Tensor
    """(B,)"""
    is_crop: bool
    pictures: float
    """Size of the batch in whole pictures' worth of latent cells."""

    def rows(self, chosen: slice) -> Batch:
        """Some of its samples."""
        captions = self.captions[chosen]
        return replace(
            self,
            latents=self.latents[chosen],
            weights=self.weights[chosen],
            captions=captions,
            sizes=self.sizes[chosen],
            sample_weights=self.sample_weights[chosen],
            pictures=self.pictures * len(captions) / len(self.captions),
        )


Encoder = Callable[[Tensor], Tensor]
"""(B, 3, H, W) pixels in [-1, 1] to (B, C, h, w) latents as the denoiser sees them."""


def encode_items(
    images: Sequence[TrainingImage], encode: Encoder, config: LoraConfig, together: int = 4
) -> tuple[Item, ...]:
    """Read, square, encode and weigh every picture once, `together` of them at a time.

    Raises:
        BadInput: no picture to learn from, or a latent that is not finite.
        BadPicture: a file that cannot be read.
    """
    if all(image.regularisation for image in images):
        raise BadInput("no picture of the person to learn from: give at least one training picture")
    groups = [images[at : at + together] for at in range(0, len(images), together)]
    return tuple(item for group in groups for item in _encoded(group, encode, config))


def _encoded(images: Sequence[TrainingImage], encode: Encoder, config: LoraConfig) -> list[Item]:
    pictures = [load_picture(image.path) for image in images]
    squares = [
        square_for(image, *picture.size, config.resolution)
        for image, picture in zip(images, pictures, strict=True)
    ]
    pixels = [
        _pixels(square.cut(picture, Image.Resampling.LANCZOS))
        for picture, square in zip(pictures, squares, strict=True)
    ]
    latents = encode(torch.stack(pixels))
    return [
        _item(image, square, row, config)
        for image, square, row in zip(images, squares, latents, strict=True)
    ]


def _pixels(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(picture, np.float32) / 127.5 - 1).permute(2, 0, 1)


def _item(image: TrainingImage, square: Square, latents: Tensor, config: LoraConfig) -> Item:
    if not bool(torch.isfinite(latents).all()):
        raise BadInput(f"{image.path.name}: the autoencoder gave no finite latent; train in fp32")
    cells = latents.shape[-1]
    face = None
    if image.face is not None and not image.regularisation:
        box = square.box(image.face)
        corners = torch.tensor([box.left, box.top, box.right, box.bottom])
        face = corners * cells / square.side
    return Item(
        caption=image.caption,
        latents=latents,
        weights=loss_map(image, square, cells, config).to(latents.device),
        face=face,
        square=square,
        regularisation=image.regularisation,
    )


def step_generator(seed: int, step: int) -> torch.Generator:
    """The randomness of one step: a CPU generator that depends on the seed and the step alone."""
    return torch.Generator().manual_seed(seed * 1_000_003 + step)


def draw_batch(items: Sequence[Item], config: LoraConfig, generator: torch.Generator) -> Batch:
    """Draw whole pictures, or (in `crop_share` of the steps) crops around faces.

    Captions are dropped with the configured probability. Crops need `crop_side` and a face.
    """
    crops_from = [item for item in items if item.face is not None]
    wants_crop = float(torch.rand((), generator=generator)) < config.crop_share
    if config.crop_side is not None and crops_from and wants_crop:
        return _crops(crops_from, config, config.crop_side, generator)
    return _wholes(items, config, generator)


def _wholes(items: Sequence[Item], config: LoraConfig, generator: torch.Generator) -> Batch:
    chosen = _choose(items, config.batch_size, generator)
    sizes = [_size_ids(item.square, 0, 0, item.square.side) for item in chosen]
    latents = torch.stack([item.latents for item in chosen])
    weights = torch.stack([item.weights for item in chosen])[:, None]
    return _batch(chosen, latents, weights, sizes, config, generator)


def _crops(
    items: Sequence[Item], config: LoraConfig, crop_side: int, generator: torch.Generator
) -> Batch:
    chosen = _choose(items, config.crop_batch_size, generator)
    cells, sizes, latents, weights = 0, [], [], []
    for item in chosen:
        pixels_per_cell = item.square.side / item.latents.shape[-1]
        cells = round(crop_side / pixels_per_cell)
        top, left = _crop_corner(item, cells, generator)
        window = (slice(top, top + cells), slice(left, left + cells))
        latents.append(item.latents[:, *window])
        weights.append(item.weights[window])
        sizes.append(
            _size_ids(item.square, top * pixels_per_cell, left * pixels_per_cell, crop_side)
        )
    return _batch(
        chosen, torch.stack(latents), torch.stack(weights)[:, None], sizes, config, generator
    )


def _crop_corner(item: Item, cells: int, generator: torch.Generator) -> tuple[int, int]:
    assert item.face is not None
    left, top, right, bottom = item.face.tolist()
    jitter = torch.randn(2, generator=generator) * _JITTER
    x = (left + right) / 2 + float(jitter[0]) * (right - left)
    y = (top + bottom) / 2 + float(jitter[1]) * (bottom - top)
    height, width = item.latents.shape[-2:]
    return (
        min(max(round(y - cells / 2), 0), height - cells),
        min(max(round(x - cells / 2), 0), width - cells),
    )


def _size_ids(square: Square, top: float, left: float, side: int) -> list[float]:
    return [square.height, square.width, square.top + top, square.left + left, side, side]


def _choose(items: Sequence[Item], count: int, generator: torch.Generator) -> list[Item]:
    """Different items while there are enough of them, regularisation at its share."""
    extras = sum(item.regularisation for item in items)
    own = len(items) - extras
    share = REGULARISATION_SHARE if extras and own else 0.5
    odds = torch.tensor(
        [share / extras if item.regularisation else (1 - share) / own for item in items]
    )
    chosen = torch.multinomial(odds, count, replacement=count > len(items), generator=generator)
    return [items[index] for index in chosen.tolist()]


def _batch(
    chosen: Sequence[Item],
    latents: Tensor,
    weights: Tensor,
    sizes: list[list[float]],
    config: LoraConfig,
    generator: torch.Generator,
) -> Batch:
    dropped = (torch.rand(len(chosen), generator=generator) < config.caption_dropout).tolist()
    device = latents.device
    whole = chosen[0].latents[0].numel()
    return Batch(
        latents=latents,
        weights=normalised_map(weights),
        captions=tuple(
            "" if drop else item.caption for item, drop in zip(chosen, dropped, strict=True)
        ),
        sizes=torch.tensor(sizes, device=device),
        sample_weights=torch.tensor(
            [config.regularisation_weight if item.regularisation else 1.0 for item in chosen],
            device=device,
        ),
        is_crop=latents.shape[-1] < chosen[0].latents.shape[-1],
        pictures=latents[:, 0].numel() / whole,
    )
