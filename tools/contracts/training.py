"""What a trainer is given and what it reports while it works."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field

from tools.contracts.limits import LONGEST_CAPTION
from tools.contracts.model import Box, Contract, Seed


class TrainingImage(Contract):
    """One picture of a training set."""

    path: Path
    caption: str = Field(min_length=1, max_length=LONGEST_CAPTION)
    face: Box | None = None
    """Face box in pixels; where loss counts more and crops are centred."""
    person: Box | None = None
    """The person's box in pixels; what lies outside it is learned less (masked loss)."""
    mask: Path | None = None
    """White = learn; wins over `person`."""
    regularisation: bool = False


class LearningRateSchedule(StrEnum):
    """How the learning rate moves over the run."""

    CONSTANT = "constant"
    COSINE = "cosine"
    POLYNOMIAL = "polynomial"
    FALL = "fall"
    """Constant for 60 % of the run, then linear to a twentieth."""


class LoraConfig(Contract):
    """One LoRA run; every value that changes the result is here."""

    preset: str = "custom"
    steps: int = Field(ge=1, le=200_000)
    rank: int = Field(default=16, ge=1, le=256)
    alpha: float = Field(default=16.0, gt=0)
    learning_rate: float = Field(default=1e-3, gt=0, lt=1)
    text_learning_rate: float | None = Field(default=None, gt=0, lt=1)
    """None leaves the text encoders frozen (and their output cached)."""
    schedule: LearningRateSchedule = LearningRateSchedule.FALL
    warmup_steps: int = Field(default=10, ge=0)
    weight_decay: float = Field(default=0.01, ge=0)
    batch_size: int = Field(default=4, ge=1, le=256)
    crop_batch_size: int = Field(default=16, ge=1, le=256)
    crop_share: float = Field(default=0.5, ge=0, le=1)
    """Share of steps on crops around faces, with SDXL's crop conditioning; needs `crop_side`."""
    crop_side: int | None = Field(default=None, ge=32)
    resolution: int = Field(default=256, ge=64, le=2048)
    convolutions: bool = False
    face_weight: float = Field(default=4.0, ge=1, le=50)
    outside_weight: float = Field(default=0.2, ge=0, le=1)
    """Loss weight outside the person."""
    regularisation_weight: float = Field(default=1.0, ge=0)
    min_snr_gamma: float | None = Field(default=5.0, gt=0)
    caption_dropout: float = Field(default=0.05, ge=0, le=1)
    gradient_clip: float = Field(default=1.0, gt=0)
    ema_decay: float | None = Field(default=None, gt=0, lt=1)
    checkpoint_every: int = Field(default=50, ge=1)
    precision: Literal["fp32", "bf16"] = "bf16"
    """bf16 only where base and device gain by it (`tools.compute`)."""
    seed: Seed = 0


class TrainProgress(Contract):
    """One step of a run; the last item carries the adapter's folder."""

    step: int = Field(ge=0)
    steps: int = Field(ge=1)
    loss: float
    learning_rate: float
    samples_per_s: float = Field(ge=0)
    left_s: float = Field(default=0.0, ge=0)
    """Seconds that are left at the pace of the steps that this call has made."""
    adapter: Path | None = None
    """diffusers-format safetensors file, only on the last item."""
    exported: Path | None = None
    """The same as other programs expect it, where that differs; only on the last item."""
    cost: Decimal = Field(default=Decimal(0), ge=0)
    """US dollars of the whole run, only on the last item; zero for local trainers."""
