"""What a pre-training run is given and what it reports while it works."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from tools.contracts.model import Contract, Seed
from tools.settings import Device

PREVIEW_PROMPTS = (
    "close-up photo of a young woman, fair skin, long red hair, green eyes, neutral expression,"
    " frontal view, soft window light, grey studio backdrop",
    "close-up film still of an old man, olive skin, short grey hair, grey beard, angry,"
    " three-quarter left view, hard side light, dark background",
    "medium close-up photograph of a middle-aged woman, brown skin, braided black hair, smiling,"
    " right profile view, neon light, city street at night",
    "medium shot 35mm photograph of a young man, dark skin, bald head, wearing a blue suit,"
    " golden hour, desert",
)


class PretrainConfig(Contract):
    """One call of a pre-training; several calls with adjoining `begin` and `end` make one training.

    The defaults are the recipe of the maquette's model card (step 3 of "How it was trained").
    """

    steps: int | None = Field(default=None, ge=1)
    """Length of this call in optimizer steps; this or `seconds`. Exact resuming needs steps."""
    seconds: float | None = Field(default=None, gt=0)
    """Length of this call in seconds of training, pictures' encoding not counted."""
    begin: float = Field(default=0.0, ge=0, le=1)
    """Which share of the whole schedule lies before this call."""
    end: float = Field(default=1.0, ge=0, le=1)
    batch: int = Field(default=24, ge=1, le=8192)
    """Whole pictures in a step; a step of crops takes 8/3 as many, a step of sheets 2/3."""
    learning_rate: float = Field(default=4e-4, gt=0, lt=1)
    warmup_steps: int = Field(default=100, ge=1)
    gradient_clip: float = Field(default=1.0, gt=0)
    min_snr_gamma: float = Field(default=5.0, gt=0)
    """Half of a picture's loss weight follows min-SNR (arXiv:2303.09556), half is equal."""
    crop_share: float = Field(default=0.4, ge=0, le=1)
    """Share of steps on crops around faces while the schedule asks for them in full."""
    sheet_share: float = Field(default=0.05, ge=0, le=1)
    """Share of the other steps on character sheets, if the folder has any."""
    face_weight: float = Field(default=4.0, ge=1, le=50)
    """How many times the loss inside a face's box counts."""
    anchored_share: float = Field(default=0.35, ge=0, le=1)
    """Share of captions with the traits in closing SAME clauses."""
    caption_variants: int = Field(default=5, ge=1, le=32)
    """Anchored versions prepared for each caption (other names, light said or not)."""
    caption_dropout: float = Field(default=0.1, ge=0, le=1)
    ema_pictures: int = Field(default=32_000, ge=1)
    """Pictures that the moving average remembers."""
    preview_prompts: tuple[str, ...] = PREVIEW_PROMPTS
    preview_every_s: float = Field(default=300.0, gt=0)
    preview_steps: int = Field(default=12, ge=1, le=100)
    preview_guidance: float = Field(default=4.0, ge=0, le=20)
    checkpoint_every_s: float = Field(default=180.0, gt=0)
    compile: bool = True
    """Compile the U-Net; left out by itself on a CPU without a C++ compiler."""
    device: Device = "auto"
    seed: Seed = 0

    @model_validator(mode="after")
    def _one_length(self) -> PretrainConfig:
        if (self.steps is None) == (self.seconds is None):
            raise ValueError("give either steps or seconds as the length of the call")
        if self.begin >= self.end:
            raise ValueError("begin must lie before end")
        return self


class UnseenLoss(Contract):
    """Plain loss on people who are in no training picture; lower is better."""

    low: float
    """Mean over noise levels below half of the schedule (faces, texture)."""
    high: float
    """Mean over the rest (layout)."""
    mean: float
    pictures: int = Field(ge=1)


class PretrainProgress(Contract):
    """One step of a pre-training; the last item carries the finished pipeline's folder."""

    step: int = Field(ge=0)
    """Counted over all calls that made these weights."""
    pictures_seen: int = Field(ge=0)
    """By this run folder; four quarter-size crops count as one picture."""
    share: float = Field(ge=0, le=1)
    """How much of this call is done."""
    loss: float
    learning_rate: float
    samples_per_s: float = Field(ge=0)
    """Pictures a second since this call began, previews and checkpoints included."""
    preview: Path | None = None
    """Contact strip drawn after this step."""
    unseen: UnseenLoss | None = None
    """Measured with the preview, from the averaged weights."""
    pipeline: Path | None = None
