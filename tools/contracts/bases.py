"""A base as a row of data: everything in which one diffusion model differs from another."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from tools.contracts.model import Contract, Size


class Sampler(StrEnum):
    """How noise becomes a picture."""

    DPM_SOLVER_MULTISTEP = "dpmsolver++ 2M Karras"
    DPM_SOLVER_SDE = "dpm++ sde Karras"
    FLOW_MATCH_EULER = "flow match euler"


class BaseRow(Contract):
    """One line of the base table."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    architecture: str = Field(pattern=r"^[a-z0-9_]+$")
    """Its folder in `tools.architectures`: pipeline classes, texts, training objective."""
    source: str
    """Hub id or package data path of the diffusers folder."""
    licence: str
    sizes: tuple[Size, ...] = Field(min_length=1)
    """Native sizes; the first is the default."""
    sheet_size: Size
    steps: int = Field(ge=1, le=100)
    guidance: float = Field(ge=0.0, le=20.0)
    sampler: Sampler
    lora_targets: tuple[str, ...]
    """Module name suffixes of the denoiser's attention and feed-forward layers."""
    lora_convolutions: tuple[str, ...] = ()
    """Module name suffixes of convolutions that may be adapted too."""
    text_lora_targets: tuple[str, ...] = ()
    min_photo_side: int = Field(ge=64)
    """Smallest side of a director's photo, in pixels."""
    crop_side: int | None = None
    """Side of the crops that the base was trained on with crop conditioning, if any."""
    vocabulary: str
    """Name of the prompt rules in `prompts/bases/` (slots, order, words it knows)."""
    weak_delta_rms: float = Field(default=1e-4, gt=0)
    """Adapters that change the weights by less (root mean square) have learned nothing."""
    cpu_autocast_bf16: bool = False
    half_precision: bool = True
    """Whether weights may be held in bf16 on a GPU."""
    embedder: str = "photo"
    """Row of `tools/embedders/data/embedders.yaml` that tells its people apart."""
    calibration: str | None = None
    """Threshold of that embedder that was calibrated on this base's people; None takes the embedder's own."""

    @property
    def training_side(self) -> int:
        """Side of training pictures in pixels: the base's own, at most the paper's 1024."""
        return min(1024, self.sizes[0].width, self.sizes[0].height)
