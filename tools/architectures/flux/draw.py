"""How Flux draws: on packed latents; guidance is an input of the model, where it has one at all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from diffusers import FluxImg2ImgPipeline, FluxInpaintPipeline, FluxPipeline

from tools.architectures.architecture import Mode
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
        negative: Conditioning | None,  # noqa: ARG002
        guidance: float,
        rescale: float,  # noqa: ARG002
        size: Size,  # noqa: ARG002
    ) -> Mapping[str, object]:
        """The guidance, which schnell leaves unread."""
        return {"guidance_scale": guidance}
