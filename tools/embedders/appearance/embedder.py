"""Figures by DINOv2 (arXiv:2304.07193): one per picture, embedded as a whole.

For animated characters, creatures, masks and backs of heads, which no face detector reads. It sees
clothes as much as the person. Nothing is downloaded. Must not know characters, sets or thresholds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from transformers import Dinov2Model

from tools.compute import pretraining_compute, resolve_device
from tools.contracts.faces import Face
from tools.embedders.appearance.figure import figure_box
from tools.embedders.appearance.source import local_folder
from tools.embedders.kept import KeptFaces, look_at_each
from tools.errors import BaseUnavailable

if TYPE_CHECKING:
    from tools.store.face_cache import FaceCache

NAME = "appearance"
DETECTOR = "figure"
SIDE = 224
"""Side of what the network looks at, in pixels; a multiple of its patches of 14."""
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""ImageNet's, which DINOv2 was trained with."""


class AppearanceEmbedder:
    """The figure of each picture with a unit embedding, kept in a cache where one is given."""

    embedder = NAME

    def __init__(
        self, source: str, *, device: str = "auto", cache: FaceCache | None = None
    ) -> None:
        """Load the network from this disk.

        Args:
            source: a transformers folder, or a hub id whose files were fetched before.
            device: `auto`, `cpu` or `cuda`.
            cache: where figures are kept by picture, network and detector.

        Raises:
            BaseUnavailable: it is not on this disk.
        """
        self._compute = pretraining_compute(resolve_device(device))
        folder = local_folder(source)
        try:
            model = Dinov2Model.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError) as error:
            raise BaseUnavailable(f"{folder}: no readable DINOv2 weights ({error})") from error
        self._model = model.to(self._compute.device).eval().requires_grad_(False)
        known_by = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
        self._kept = KeptFaces(f"{NAME}-{known_by}", cache)

    def faces(
        self,
        images: Sequence[Image.Image],
        *,
        thorough: bool = True,  # noqa: ARG002 (a figure is looked for in one way only)
        at_least: int = 1,  # noqa: ARG002
        on_done: Callable[[int, int], None] | None = None,
    ) -> list[list[Face]]:
        """Return the figure of each picture, in place of a face.

        Args:
            images: RGB pictures of any size.
            thorough: says nothing here.
            at_least: says nothing here.
            on_done: called with (pictures done, pictures in all) after each.
        """
        return look_at_each(images, self._one, on_done)

    def hints_of_head(self, image: Image.Image) -> bool:  # noqa: ARG002
        """Every picture shows a figure to it."""
        return True

    def _one(self, image: Image.Image) -> list[Face]:
        digest = self._kept.digest(image)
        return self._kept.faces(digest, DETECTOR, lambda: [self._figure(image)])

    @torch.no_grad()
    def _figure(self, image: Image.Image) -> Face:
        box = figure_box(image)
        edges = (round(box.left), round(box.top), round(box.right), round(box.bottom))
        crop = image.crop(edges).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        values = (np.asarray(crop, np.float32) / 255 - _MEAN) / _SPREAD
        pixels = torch.from_numpy(values.astype(np.float32)).permute(2, 0, 1)[None]
        with self._compute.autocast():
            hidden = self._model(pixel_values=pixels.to(self._compute.device)).last_hidden_state
        joined = torch.cat([hidden[:, 0], hidden[:, 1:].mean(dim=1)], dim=1).double()
        vector = torch.nn.functional.normalize(joined, dim=1)[0]
        return Face(
            box=box,
            landmarks=(),
            confidence=1.0,
            detector=DETECTOR,
            embedding=tuple(vector.cpu().tolist()),
        )
