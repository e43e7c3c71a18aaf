"""How FLUX.2 klein draws: from words and reference pictures; over a picture by repainting all of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from diffusers import Flux2KleinInpaintPipeline, Flux2KleinPipeline
from PIL import Image

from tools.architectures.architecture import GivenPictures, Mode
from tools.compute import Compute
from tools.contracts.model import Size
from tools.training.lora.learner import Conditioning


class Flux2Drawing:
    """See `tools.architectures.architecture.Drawing`."""

    denoiser = "transformer"
    size_step = 16
    pipelines: Mapping[Mode, Any] = MappingProxyType(
        {
            Mode.TEXT: Flux2KleinPipeline,
            Mode.IMAGE: Flux2KleinInpaintPipeline,  # klein has no image-to-image class of its own
            Mode.INPAINT: Flux2KleinInpaintPipeline,
        }
    )
    options: Mapping[str, object] = MappingProxyType({})

    def guided(self, guidance: float) -> bool:
        """Guidance of 1 and below is the prompt alone."""
        return guidance > 1

    def steps_run(self, steps: int, strength: float) -> int:
        """Rounds up, as FLUX.1's."""
        return steps - int(max(steps - min(steps * strength, steps), 0))

    def shape(self, denoiser: Any, compute: Compute) -> None:
        """Nothing in it convolves."""

    def arguments(
        self,
        wanted: Conditioning,
        negative: Conditioning | None,
        guidance: float,
        rescale: float,  # noqa: ARG002
        size: Size,  # noqa: ARG002
    ) -> Mapping[str, object]:
        """Words alone; there is no pooled vector."""
        return {
            "prompt_embeds": wanted.sequence,
            "negative_prompt_embeds": None if negative is None else negative.sequence,
            "guidance_scale": guidance,
        }

    def pictures(self, given: GivenPictures) -> Mapping[str, object]:
        """References are a list that the whole batch shares; image-to-image repaints under a white mask."""
        references = list(given.references) or None
        if given.mode is Mode.TEXT:
            return {"image": references}
        masks = given.masks or [Image.new("L", image.size, 255) for image in given.images]
        return {
            "image": list(given.images),
            "mask_image": list(masks),
            "strength": given.strength,
            "image_reference": references,
        }
