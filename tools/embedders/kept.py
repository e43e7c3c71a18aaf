"""Faces of known pictures from the cache, and the others looked at once.

Knows the cache and the two names that its rows are keyed by; must not know how faces are found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PIL import Image

from tools.contracts.faces import Face
from tools.imaging.pictures import picture_digest

if TYPE_CHECKING:
    from tools.store.face_cache import FaceCache


def look_at_each(
    images: Sequence[Image.Image],
    look: Callable[[Image.Image], list[Face]],
    on_done: Callable[[int, int], None] | None,
) -> list[list[Face]]:
    """Look at pictures of any mode one by one, as RGB, and tell (pictures done, pictures in all)."""
    found: list[list[Face]] = []
    for image in images:
        found.append(look(image.convert("RGB")))
        if on_done is not None:
            on_done(len(found), len(images))
    return found


class KeptFaces:
    """What one embedder has seen, by picture and detector."""

    def __init__(self, embedder: str, cache: FaceCache | None) -> None:
        """Keep under this name; without a cache every picture is looked at anew."""
        self._embedder, self._cache = embedder, cache

    def digest(self, image: Image.Image) -> str:
        """What a picture is known by; empty where nothing is kept."""
        return picture_digest(image) if self._cache else ""

    def faces(self, digest: str, detector: str, look: Callable[[], list[Face]]) -> list[Face]:
        """Return a picture's faces, looking only if nobody has."""
        if self._cache is None:
            return look()
        kept = self._cache.get(picture=digest, embedder=self._embedder, detector=detector)
        if kept is None:
            kept = look()
            self._cache.put(picture=digest, embedder=self._embedder, detector=detector, faces=kept)
        return kept
