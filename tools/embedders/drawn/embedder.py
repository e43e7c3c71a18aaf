"""Faces of drawn people: heads by our detector, parts by our reader, identity by our embedder.

Clothes and hair come with each head, named by our outfit reader.

Knows pictures and the four networks; must not know characters, sets or thresholds. A head from behind
or under its hair is found too; it is called faint, because its embedding says little.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from tools.compute import pretraining_compute, resolve_device
from tools.contracts.faces import Face, OutfitSeen, PartsSeen, SeenColour
from tools.contracts.model import Box
from tools.embedders.boxes import Detection
from tools.embedders.drawn.crops import (
    crop_corner,
    crop_of,
    crop_scale,
    face_side,
    outfit_crop,
    outfit_map,
    shows_clothes,
)
from tools.embedders.drawn.looking import FAINT, HINTED, SURE, heads_in
from tools.embedders.drawn.networks import (
    GARMENT_COLOURS,
    HAIR_COLOURS,
    STRIDE,
    as_outfit_pixels,
    as_pixels,
)
from tools.embedders.drawn.weights import fingerprint_of, load_networks
from tools.embedders.kept import KeptFaces, look_at_each
from tools.embedders.pose import head_pose

if TYPE_CHECKING:
    from tools.store.face_cache import FaceCache

NAME = "drawn"
WELL_READ, FAINTLY_READ = "drawn", "drawn-faint"
NEAR_SIDE, FAR_SIDE = 256, 512
"""Long sides of the copies that the detector looks at."""
FACING = 50.0
"""Degrees of yaw up to which a face is well read: among profiles the area under the curve is 0.89, among
other faces 0.985."""
PARTS_SEEN = 0.3
"""Sureness from which a part counts as seen."""
ZOOMS = (1.0, 0.88, 1.14)
"""Crops that an embedding is the mean of; parts are read in the first."""


class DrawnEmbedder:
    """Faces of drawn pictures with unit embeddings, kept in a cache where one is given."""

    embedder = NAME

    def __init__(
        self, weights: Path, *, device: str = "auto", cache: FaceCache | None = None
    ) -> None:
        """Load the networks.

        Args:
            weights: their file.
            device: `auto`, `cpu` or `cuda`.
            cache: where faces are kept by picture, weights and detector.

        Raises:
            BadInput: not their file, or no such device.
        """
        self._compute = pretraining_compute(resolve_device(device))
        self._networks = load_networks(weights)
        for network in self._networks.named().values():
            network.to(self._compute.device)
        self._kept = KeptFaces(f"{NAME}-{fingerprint_of(weights)}", cache)

    def faces(
        self,
        images: Sequence[Image.Image],
        *,
        thorough: bool = True,
        at_least: int = 1,
        on_done: Callable[[int, int], None] | None = None,
    ) -> list[list[Face]]:
        """Return the faces of each picture, largest first.

        Args:
            images: RGB pictures of any size.
            thorough: look at a larger copy, and more loosely, where fewer than `at_least` are seen.
            at_least: how many faces are expected (2 for a two-hander).
            on_done: called with (pictures done, pictures in all) after each.
        """
        return look_at_each(images, lambda each: self._one(each, thorough, at_least), on_done)

    def hints_of_head(self, image: Image.Image) -> bool:
        """Say whether a picture without a readable face shows something like a head."""
        picture = image.convert("RGB")
        return any(
            heads_in(self._networks.detector, self._compute, picture, side, HINTED)
            for side in (NEAR_SIDE, FAR_SIDE)
        )

    def _one(self, image: Image.Image, thorough: bool, at_least: int) -> list[Face]:
        digest = self._kept.digest(image)
        near = self._kept.faces(digest, "near", lambda: self._look(image, NEAR_SIDE, SURE))
        if not thorough or len(near) >= at_least:
            return near
        detector = f"far-{at_least}"
        far = self._kept.faces(digest, detector, lambda: self._look_again(image, at_least))
        return far if len(far) > len(near) else near

    def _look_again(self, image: Image.Image, at_least: int) -> list[Face]:
        """In a larger copy, whose heads are not too small to be seen, then more loosely.

        A loose look sees more than there is: only the surest of its heads are believed, as many as are
        expected.
        """
        far = self._look(image, FAR_SIDE, SURE) if max(image.size) > NEAR_SIDE else []
        if len(far) >= at_least:
            return far
        return self._look(image, NEAR_SIDE, FAINT, most=at_least)

    def _look(
        self, image: Image.Image, side: int, bar: float, most: int | None = None
    ) -> list[Face]:
        heads = heads_in(self._networks.detector, self._compute, image, side, bar)[:most]
        faces = [_face(head, self._read(image, head.box)) for head in heads]
        return sorted(faces, key=lambda face: -face.box.width * face.box.height)

    @torch.no_grad()
    def _read(self, image: Image.Image, box: Box) -> _HeadRead:
        """Look at one head by all networks but the detector.

        The embedding is the mean over a few crops and their mirror images: the box is never exact.
        """
        crops = np.stack([crop_of(image, box, zoom) for zoom in ZOOMS])
        pixels = as_pixels(torch.from_numpy(crops)).to(self._compute.device)
        with self._compute.autocast():
            reading = self._networks.reader(pixels[:1])
            vectors = self._networks.embedder(torch.cat([pixels, pixels.flip(3)]))
        vector = torch.nn.functional.normalize(vectors.double().sum(dim=0), dim=0)
        places, sure = peaks_of(torch.sigmoid(reading.heat))
        yaw = float((reading.yaw[0] * 90).clamp(-90, 90))
        return _HeadRead(
            places=places[0].cpu().numpy(),
            sure=sure[0].cpu().numpy(),
            yaw=yaw,
            embedding=tuple(vector.tolist()),
            outfit=self._outfit(image, box),
        )

    def _outfit(self, image: Image.Image, box: Box) -> OutfitSeen:
        """Colours of clothes and hair, the mean over the crop and its mirror image."""
        x, y, side = (box.left + box.right) / 2, (box.top + box.bottom) / 2, face_side(box)
        crop = outfit_crop(np.asarray(image), outfit_map(x, y, side))
        pixels = as_outfit_pixels(torch.from_numpy(crop)[None]).to(self._compute.device)
        with self._compute.autocast():
            read = self._networks.outfit(torch.cat([pixels, pixels.flip(3)]))
        return OutfitSeen(
            garment=_colours(read.garment, GARMENT_COLOURS) if shows_clothes(crop) else (),
            hair=_colours(read.hair, HAIR_COLOURS),
        )


def peaks_of(heat: Tensor) -> tuple[Tensor, Tensor]:
    """Place of each map's peak in pixels of the crop, and its height.

    Args:
        heat: (B, points, h, w) in [0, 1].

    Returns:
        (B, points, 2) as x and y, and (B, points); both float64.
    """
    count, points, rows, columns = heat.shape
    flat = heat.double().flatten(2)
    height, at = flat.max(dim=2)
    row, column = at // columns, at % columns
    down, across = torch.arange(rows, device=heat.device), torch.arange(columns, device=heat.device)
    near = ((down - row[..., None]).abs() <= 2).double()[..., :, None] * (
        (across - column[..., None]).abs() <= 2
    ).double()[..., None, :]
    weight = flat.view(count, points, rows, columns) * near
    total = weight.sum((2, 3)).clamp(min=1e-9)
    x = (weight.sum(2) * (across + 0.5)).sum(2) / total
    y = (weight.sum(3) * (down + 0.5)).sum(2) / total
    return torch.stack([x, y], dim=2) * STRIDE, height


@dataclass(frozen=True)
class _HeadRead:
    """What the networks say of one head."""

    places: NDArray[np.float64]
    """Points in the crop, (6, 2)."""
    sure: NDArray[np.float64]
    """Their sureness, (6,)."""
    yaw: float
    """Degrees."""
    embedding: tuple[float, ...]
    outfit: OutfitSeen


def _colours(logits: Tensor, words: Sequence[str]) -> tuple[SeenColour, ...]:
    """Sureness of each colour, the surest first."""
    sureness = torch.softmax(logits.double(), dim=1).mean(dim=0).tolist()
    ranked = sorted(zip(words, sureness, strict=True), key=lambda each: -each[1])
    return tuple(SeenColour(colour=word, sureness=round(sure, 6)) for word, sure in ranked)


def _face(head: Detection, read: _HeadRead) -> Face:
    box, sure = head.box, read.sure
    scale, (left, top) = crop_scale(box), crop_corner(box)
    points = [(float(x) / scale + left, float(y) / scale + top) for x, y in read.places[:5]]
    parts = PartsSeen(
        right_eye=float(sure[:2].max()),
        left_eye=float(sure[2:4].max()),
        nose=float(sure[4]),
        mouth=float(sure[5]),
    )
    seen = max(parts.right_eye, parts.left_eye, parts.nose) >= PARTS_SEEN
    well_read = seen and abs(read.yaw) < FACING and head.confidence >= SURE
    both_eyes = min(parts.right_eye, parts.left_eye) >= PARTS_SEEN
    return Face(
        box=box,
        landmarks=tuple(points),
        confidence=head.confidence,
        detector=WELL_READ if well_read else FAINTLY_READ,
        embedding=read.embedding,
        yaw=read.yaw,
        pitch=head_pose(points, box)[1] if both_eyes else None,
        parts=parts,
        outfit=read.outfit,
    )
