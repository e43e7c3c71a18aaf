"""How Flux draws: on packed latents; guidance is an input of the model, where it has one at all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from diffusers import FluxImg2ImgPipeline, FluxInpaintPipeline, FluxPipeline

from tools.architectures.architecture import GivenPictures, Mode, start_arguments
from tools.compute import Compute
from tools.contracts.model import Size
from tools.training.lora.learner import Conditioning


class FluxDrawing:
    """See `tools.architectures.architecture.Drawing`."""

    denoiser = "transformer"
    size_step = 16
    pipelines: Mapping[Mode, Any] = MappingProxyType(
        {
            Mode.TEXT: FluxPipeline,
            Mode.IMAGE: FluxImg2ImgPipeline,
            Mode.INPAINT: FluxInpaintPipeline,
        }
    )
    options: Mapping[str, object] = MappingProxyType({})

    def guided(self, guidance: float) -> bool:  # noqa: ARG002
        """Distilled: there is no negative prompt."""
        return False

    def steps_run(self, steps: int, strength: float) -> int:
        """Flux's image-to-image rounds up."""
        return steps - int(max(steps - min(steps * strength, steps), 0))

    def shape(self, denoiser: Any, compute: Compute) -> None:
        """Nothing in it convolves."""

    def arguments(
        self,
        wanted: Conditioning,
        negative: Conditioning | None,  # noqa: ARG002
        guidance: float,
        rescale: float,  # noqa: ARG002
        size: Size,  # noqa: ARG002
    ) -> Mapping[str, object]:
        """The prompt, and the guidance, which schnell leaves unread."""
        return {
            "prompt_embeds": wanted.sequence,
            "pooled_prompt_embeds": wanted.pooled,
            "guidance_scale": guidance,
        }

    def pictures(self, given: GivenPictures) -> Mapping[str, object]:
        """Start pictures and masks."""
        return start_arguments(given)
