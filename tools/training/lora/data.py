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

from tools.contracts.model import Size
from tools.contracts.training import LoraConfig, TrainingImage
from tools.errors import BadInput
from tools.imaging.pictures import load_picture
from tools.training.lora.regions import Frame, frame_for, loss_map
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
    frame: Frame
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
    images: Sequence[TrainingImage],
    encode: Encoder,
    config: LoraConfig,
    together: int = 4,
    sizes: Sequence[Size] = (),
) -> tuple[Item, ...]:
    """Read, cut, encode and weigh every picture once, `together` of them at a time.

    Args:
        images: pictures with boxes and captions.
        encode: the autoencoder's way in.
        config: the run's settings.
        together: pictures in one pass, at most.
        sizes: that pictures may have (`training_sizes`); none is the square of the resolution.

    Raises:
        BadInput: no picture to learn from, or a latent that is not finite.
        BadPicture: a file that cannot be read.
    """
    if all(image.regularisation for image in images):
        raise BadInput("no picture of the person to learn from: give at least one training picture")
    sizes = sizes or [Size(width=config.resolution, height=config.resolution)]
    groups = [images[at : at + together] for at in range(0, len(images), together)]
    return tuple(item for group in groups for item in _encoded(group, encode, config, sizes))


def _encoded(
    images: Sequence[TrainingImage], encode: Encoder, config: LoraConfig, sizes: Sequence[Size]
) -> list[Item]:
    pictures = [load_picture(image.path) for image in images]
    frames = [
        frame_for(image, *picture.size, sizes)
        for image, picture in zip(images, pictures, strict=True)
    ]
    pixels = [
        _pixels(frame.cut(picture, Image.Resampling.LANCZOS))
        for picture, frame in zip(pictures, frames, strict=True)
    ]
    return [
        _item(image, frame, row, config)
        for image, frame, row in zip(images, frames, _latents(pixels, encode), strict=True)
    ]


def _latents(pixels: Sequence[Tensor], encode: Encoder) -> list[Tensor]:
    """Pictures of one size in one pass."""
    found: dict[int, Tensor] = {}
    for shape in dict.fromkeys(each.shape for each in pixels):
        places = [place for place, each in enumerate(pixels) if each.shape == shape]
        rows = encode(torch.stack([pixels[place] for place in places]))
        found.update(zip(places, rows, strict=True))
    return [found[place] for place in range(len(pixels))]


def _pixels(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(picture, np.float32) / 127.5 - 1).permute(2, 0, 1)


def _item(image: TrainingImage, frame: Frame, latents: Tensor, config: LoraConfig) -> Item:
    if not bool(torch.isfinite(latents).all()):
        raise BadInput(f"{image.path.name}: the autoencoder gave no finite latent; train in fp32")
    height, width = latents.shape[-2:]
    face = None
    if image.face is not None and not image.regularisation:
        box = frame.box(image.face)
        corners = torch.tensor([box.left, box.top, box.right, box.bottom])
        face = corners * width / frame.size.width
    return Item(
        caption=image.caption,
        latents=latents,
        weights=loss_map(image, frame, (height, width), config).to(latents.device),
        face=face,
        frame=frame,
        regularisation=image.regularisation,
    )


def step_generator(seed: int, step: int) -> torch.Generator:
    """The randomness of one step: a CPU generator that depends on the seed and the step alone."""
    return torch.Generator().manual_seed(seed * 1_000_003 + step)


def draw_batch(items: Sequence[Item], config: LoraConfig, generator: torch.Generator) -> Batch:
    """Draw whole pictures of one size, or (in `crop_share` of the steps) crops around faces.

    Captions are dropped with the configured probability. Crops need `crop_side` and a face.
    """
    crops_from = [item for item in items if item.face is not None]
    wants_crop = float(torch.rand((), generator=generator)) < config.crop_share
    if config.crop_side is not None and crops_from and wants_crop:
        return _crops(crops_from, config, config.crop_side, generator)
    return _wholes(items, config, generator)


def _wholes(items: Sequence[Item], config: LoraConfig, generator: torch.Generator) -> Batch:
    chosen = _choose(items, _of_one_size(items, generator), config.batch_size, generator)
    sizes = [
        _size_ids(item.frame, (0, 0), (item.frame.size.height, item.frame.size.width))
        for item in chosen
    ]
    latents = torch.stack([item.latents for item in chosen])
    weights = torch.stack([item.weights for item in chosen])[:, None]
    return _batch(chosen, latents, weights, sizes, config, generator)


def _crops(
    items: Sequence[Item], config: LoraConfig, crop_side: int, generator: torch.Generator
) -> Batch:
    chosen = _choose(items, _odds(items), config.crop_batch_size, generator)
    cells, sizes, latents, weights = 0, [], [], []
    for item in chosen:
        pixels_per_cell = item.frame.size.width / item.latents.shape[-1]
        cells = round(crop_side / pixels_per_cell)
        top, left = _crop_corner(item, cells, generator)
        window = (slice(top, top + cells), slice(left, left + cells))
        latents.append(item.latents[:, *window])
        weights.append(item.weights[window])
        start = top * pixels_per_cell, left * pixels_per_cell
        sizes.append(_size_ids(item.frame, start, (crop_side, crop_side)))
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


def _size_ids(frame: Frame, start: tuple[float, float], target: tuple[int, int]) -> list[float]:
    """SDXL's size conditions; a place in the cut and a size are (top, left) and (height, width)."""
    top, left = max(0, frame.top) + start[0], max(0, frame.left) + start[1]
    return [frame.height, frame.width, top, left, *target]


def _odds(items: Sequence[Item]) -> Tensor:
    """How often each item is drawn, (items,): regularisation at its share."""
    extras = sum(item.regularisation for item in items)
    own = len(items) - extras
    share = REGULARISATION_SHARE if extras and own else 0.5
    return torch.tensor(
        [share / extras if item.regularisation else (1 - share) / own for item in items]
    )


def _of_one_size(items: Sequence[Item], generator: torch.Generator) -> Tensor:
    """The odds within one size, which is drawn at its items' share; 0 for those of other sizes."""
    odds, shapes = _odds(items), [item.latents.shape for item in items]
    kinds = list(dict.fromkeys(shapes))
    if len(kinds) == 1:
        return odds
    within = [odds * torch.tensor([shape == kind for shape in shapes]) for kind in kinds]
    shares = torch.stack([each.sum() for each in within])
    return within[int(torch.multinomial(shares, 1, generator=generator))]


def _choose(
    items: Sequence[Item], odds: Tensor, count: int, generator: torch.Generator
) -> list[Item]:
    """Different items while there are enough of them."""
    replacement = count > int((odds > 0).sum())
    chosen = torch.multinomial(odds, count, replacement=replacement, generator=generator)
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
        is_crop=latents[0, 0].numel() < whole,
        pictures=latents[:, 0].numel() / whole,
    )
