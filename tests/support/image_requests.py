"""Image requests for tests: a lawful one, with whatever a test wants different."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tools.contracts.images import CastMember, ImageRequest, Purpose
from tools.contracts.model import Size
from tools.language.prompt.anchor import same_anchor

MARA = CastMember(name="Mara", identity_block="red hair, green eyes", light="moonlight")


def image_request(of_base: str, /, **changes: object) -> ImageRequest:
    """A 64×64 take of Mara with seed 1 in four steps; `changes` replace fields."""
    fields: dict[str, object] = {
        "prompt": f"close-up photo of a woman, forest, {same_anchor([MARA])}",
        "cast": (MARA,),
        "purpose": Purpose.TAKE,
        "base": of_base,
        "size": Size(width=64, height=64),
        "seed": 1,
        "steps": 4,
        "guidance": 0.0 if "flux" in of_base else 3.0,
    }
    return ImageRequest.model_validate(fields | changes)


def noise_picture(path: Path, seed: int, size: tuple[int, int] = (64, 64)) -> Path:
    """Save a picture of coarse coloured noise, the same for the same seed."""
    import numpy as np

    width, height = size
    small = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    Image.fromarray(small).resize(size).save(path)
    return path
