"""The four small networks of the drawn embedder: where heads are, what is in one, whose it is, what it wears.

Knows tensors; must not know files, boxes or people. Pictures are (B, 3, h, w) in [-1, 1].
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

DETECTOR_SIDE = 256
"""Long side of what the detector looks at, in pixels; a multiple of 32."""
STRIDE = 4
"""Pixels along a cell of the detector's and of the reader's maps."""
CROP_SIDE = 96
"""Side of a head crop, in pixels."""
POINTS = 6
"""Outer and inner corner of each eye, base of the nose, middle of the mouth."""
EMBEDDING = 128


OUTFIT_SIDE = 112
"""Side of a crop of head and shoulders, in pixels."""
GARMENT_COLOURS = (
    "red",
    "blue",
    "green",
    "yellow",
    "purple",
    "teal",
    "brown",
    "black",
    "grey",
    "white",
)
HAIR_COLOURS = ("black", "brown", "blonde", "auburn", "red", "grey", "white", "bald")


class HeadMaps(NamedTuple):
    """What the detector says of each cell, in logits and cells; (B, c, h / 4, w / 4)."""

    heat: Tensor
    """One channel: whether the middle of a face lies here."""
    offset: Tensor
    """Two channels: from the cell's corner to the middle, x and y, in cells."""
    size: Tensor
    """One channel: natural logarithm of the face's side in cells."""


class HeadReading(NamedTuple):
    """What the reader says of a head crop."""

    heat: Tensor
    """Logits of the six points, (B, 6, 24, 24)."""
    yaw: Tensor
    """Quarter turns to the viewer's right, (B,), about -1 to 1."""


def conv_norm(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """A 3×3 convolution with batch normalisation and SiLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.SiLU(inplace=True),
    )


def start_silent(layer: nn.Conv2d, channels: int) -> None:
    """Let heat begin near zero, as it is nearly everywhere."""
    with torch.no_grad():
        layer.state_dict()["bias"][:channels] = -4.0


class Residual(nn.Module):
    """Two 3×3 convolutions beside a shortcut (arXiv:1512.03385)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        """Change channels and halve the size where asked to."""
        super().__init__()
        self.first = conv_norm(inputs, outputs, stride)
        self.second = nn.Sequential(
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        )
        same = inputs == outputs and stride == 1
        self.shortcut = (
            nn.Identity()
            if same
            else nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )
        )

    def forward(self, hidden: Tensor) -> Tensor:
        """Return (B, outputs, h / stride, w / stride)."""
        return functional.silu(self.shortcut(hidden) + self.second(self.first(hidden)))


class Pyramid(nn.Module):
    """Goes down from stride 4 and comes back up, adding what each level saw."""

    def __init__(self, widths: tuple[int, ...], inputs: int, out: int) -> None:
        """Build a level for each width, each of half the size of the one before."""
        super().__init__()
        before = (inputs, *widths[:-1])
        self.down = nn.ModuleList(
            Residual(less, more, 1 if index == 0 else 2)
            for index, (less, more) in enumerate(zip(before, widths, strict=True))
        )
        self.across = nn.ModuleList(nn.Conv2d(width, out, 1) for width in widths)
        self.smooth = nn.ModuleList(conv_norm(out, out) for _ in widths[:-1])

    def forward(self, hidden: Tensor) -> Tensor:
        """Return (B, out, h, w) for an input of stride 4."""
        levels = []
        for stage in self.down:
            hidden = stage(hidden)
            levels.append(hidden)
        merged: Tensor = self.across[-1](levels[-1])
        for index in range(len(levels) - 2, -1, -1):
            wider = merged.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
            merged = self.smooth[index](wider + self.across[index](levels[index]))
        return merged


class HeadDetector(nn.Module):
    """Finds heads as points with a size (CenterNet, arXiv:1904.07850)."""

    def __init__(self, widths: tuple[int, ...] = (24, 40, 64, 96), out: int = 32) -> None:
        """Build it; the default has 0.3 M parameters."""
        super().__init__()
        self.stem = nn.Sequential(conv_norm(3, 12, 2), conv_norm(12, 24, 2))
        self.pyramid = Pyramid(widths, 24, out)
        self.head = nn.Conv2d(out, 4, 1)
        start_silent(self.head, 1)

    def forward(self, pictures: Tensor) -> HeadMaps:
        """Look at pictures whose sides are multiples of 32."""
        maps = self.head(self.pyramid(self.stem(pictures))).float()
        return HeadMaps(maps[:, :1], maps[:, 1:3], maps[:, 3:])


class HeadReader(nn.Module):
    """Finds eyes, nose and mouth in a head crop, and which way the head turns."""

    def __init__(self, widths: tuple[int, ...] = (32, 48, 80), out: int = 32) -> None:
        """Build it; the default has 0.2 M parameters."""
        super().__init__()
        self.stem = nn.Sequential(conv_norm(3, 16, 2), conv_norm(16, 32, 2))
        self.pyramid = Pyramid(widths, 32, out)
        self.points = nn.Conv2d(out, POINTS, 1)
        start_silent(self.points, POINTS)
        self.turn = nn.Sequential(conv_norm(out, 32, 2), conv_norm(32, 32, 2), nn.Flatten())
        self.yaw = nn.Linear(32 * (CROP_SIDE // STRIDE // 4) ** 2, 1)

    def forward(self, crops: Tensor) -> HeadReading:
        """Read crops of `CROP_SIDE`."""
        hidden = self.pyramid(self.stem(crops))
        return HeadReading(self.points(hidden).float(), self.yaw(self.turn(hidden)).float()[:, 0])


def in_neutral_light(crops: Tensor) -> Tensor:
    """Each channel with its mean and contrast taken out: a crop without its light's colour."""
    mean = crops.mean(dim=(2, 3), keepdim=True)
    spread = crops.std(dim=(2, 3), keepdim=True)
    return (crops - mean) / (2 * spread + 0.05)


class HeadEmbedder(nn.Module):
    """A small residual network; what it says of a head crop is a direction."""

    def __init__(
        self, widths: tuple[int, ...] = (48, 96, 160), size: int = EMBEDDING, depth: int = 2
    ) -> None:
        """Build it; the default has 1.2 M parameters."""
        super().__init__()
        self.stem = conv_norm(6, 24, 2)
        before = (24, *widths[:-1])
        self.stages = nn.Sequential(
            *(
                Residual(less if index == 0 else more, more, 2 if index == 0 else 1)
                for less, more in zip(before, widths, strict=True)
                for index in range(depth)
            )
        )
        last = widths[-1]
        side = CROP_SIDE // 2 ** (len(widths) + 1)
        self.pool = nn.Sequential(
            nn.Conv2d(last, last, side, groups=last, bias=False), nn.BatchNorm2d(last), nn.Flatten()
        )
        self.out = nn.Linear(last, size)

    def forward(self, crops: Tensor) -> Tensor:
        """Return unit vectors (B, size) of crops of `CROP_SIDE`."""
        seen = torch.cat([crops, in_neutral_light(crops)], dim=1)
        pooled = self.pool(self.stages(self.stem(seen)))
        return functional.normalize(self.out(pooled).float(), dim=1)


class OutfitReading(NamedTuple):
    """What the outfit reader says of a crop of head and shoulders, in logits."""

    garment: Tensor
    """(B, 10), in the order of `GARMENT_COLOURS`."""
    hair: Tensor
    """(B, 8), in the order of `HAIR_COLOURS`."""


class OutfitReader(nn.Module):
    """Names the colours of clothes and hair, with the light of the scene in view."""

    def __init__(self, widths: tuple[int, ...] = (32, 64, 96, 144)) -> None:
        """Build it; the default has 0.6 M parameters."""
        super().__init__()
        self.stem = conv_norm(4, 24, 2)
        before = (24, *widths[:-1])
        self.stages = nn.Sequential(
            *(Residual(less, more, 2) for less, more in zip(before, widths, strict=True))
        )
        self.garment = nn.Linear(4 * widths[-1], len(GARMENT_COLOURS))
        self.hair = nn.Linear(4 * widths[-1], len(HAIR_COLOURS))

    def forward(self, crops: Tensor) -> OutfitReading:
        """Read crops (B, 4, side, side): colours in [-1, 1], then 1 inside of the picture, else 0."""
        seen = self.stages(self.stem(crops)).float()
        half = seen.shape[2] // 2
        parts = (seen[:, :, :half], seen[:, :, half:])
        pooled = [part.mean((2, 3)) for part in parts] + [part.amax((2, 3)) for part in parts]
        kept = functional.dropout(torch.cat(pooled, dim=1), 0.2, self.training)
        return OutfitReading(self.garment(kept), self.hair(kept))


def channels_last(network: nn.Module) -> None:
    """Lay the weights out as convolutions on a CPU like them."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def as_pixels(values: Tensor) -> Tensor:
    """Turn uint8 pictures (B, h, w, 3) into (B, 3, h, w) in [-1, 1], channels last in memory."""
    scaled = values.permute(0, 3, 1, 2).float() / 127.5 - 1
    return scaled.contiguous(memory_format=torch.channels_last)


def as_outfit_pixels(values: Tensor) -> Tensor:
    """As `as_pixels` for crops with a fourth channel, 255 inside of the picture and 0 outside."""
    scaled = torch.cat([values[..., :3].float() / 127.5 - 1, values[..., 3:].float() / 255], dim=3)
    return scaled.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
