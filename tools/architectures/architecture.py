"""What every architecture answers: how it draws, how it reads text, how it learns.

Knows the questions; the answers are in the folders beside this file. Must not know bases by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from PIL import Image

from tools.architectures.chunks import Chunks, PromptText
from tools.architectures.spellings import diffusers_spellings
from tools.compute import Compute
from tools.contracts.bases import BaseRow
from tools.contracts.model import Size
from tools.contracts.training import LoraConfig
from tools.training.lora.foreign import Spellings
from tools.training.lora.learner import Conditioning, Learner

_MOST_STEPS = 1000
"""Noise levels that the bases were trained on; a schedule cannot be finer."""


class Mode(StrEnum):
    """What a picture starts from."""

    TEXT = "text to image"
    IMAGE = "image to image"
    INPAINT = "inpaint"


@dataclass(frozen=True)
class GivenPictures:
    """The pictures that a batch is drawn from."""

    mode: Mode
    images: Sequence[Image.Image] = ()
    """Start pictures, one a drawing; none from text."""
    masks: Sequence[Image.Image] = ()
    """White = repaint, one a drawing; none but for inpainting."""
    strength: float | None = None
    references: Sequence[Image.Image] = ()
    """Who is to be seen, in the order that the prompt names; shared by the batch."""


def start_arguments(given: GivenPictures) -> Mapping[str, object]:
    """The arguments of most pipelines, which take start pictures and masks but no references."""
    if given.mode is Mode.TEXT:
        return {}
    masks = {"mask_image": list(given.masks)} if given.masks else {}
    return {"image": list(given.images), "strength": given.strength, **masks}


class Drawing(Protocol):
    """How pictures are drawn."""

    denoiser: str
    """Attribute of the pipeline that holds the denoiser."""
    size_step: int
    """Width and height must be multiples of it."""
    pipelines: Mapping[Mode, Any]
    """The diffusers class of each mode."""
    options: Mapping[str, object]
    """What those classes are built with beside their parts."""

    def guided(self, guidance: float) -> bool:
        """Whether a negative prompt takes effect at this guidance."""

    def steps_run(self, steps: int, strength: float) -> int:
        """How many of `steps` the pipeline runs from a picture noised to `strength`."""

    def shape(self, denoiser: Any, compute: Compute) -> None:
        """Put a loaded denoiser into the memory layout and attention that draw fastest."""

    def arguments(
        self,
        wanted: Conditioning,
        negative: Conditioning | None,
        guidance: float,
        rescale: float,
        size: Size,
    ) -> Mapping[str, object]:
        """Call arguments of words, and those that only these pipelines have.

        Args:
            wanted: what is drawn.
            negative: what is drawn away from; None where guidance leaves it unused.
            guidance: its scale.
            rescale: share of the guided prediction that gets the prompt's own standard deviation.
            size: of the picture.
        """

    def pictures(self, given: GivenPictures) -> Mapping[str, object]:
        """Call arguments of the pictures that a batch is drawn from."""


class TextReader(Protocol):
    """A pipeline's text encoders, which read prompts of any length in windows, or in their one."""

    def cut(self, prompt: PromptText) -> Chunks:
        """The windows that a prompt takes; only equal numbers share a batch.

        Raises:
            BadInput: there is only one, and the anchor alone does not fit into it.
        """

    def encode(
        self, prompts: Sequence[PromptText], windows: int, *, wanted: bool = True
    ) -> Conditioning:
        """Encode prompts in so many windows each; with gradients where they are enabled.

        Args:
            prompts: one a picture.
            windows: at least what the longest takes; what is left over is empty text.
            wanted: whether a picture is to show them, rather than be guided away from them.

        Returns:
            Sequence (B, windows * window, D), and pooled (B, P) of the windows that hold the anchors.
        """


@dataclass(frozen=True)
class Architecture:
    """One architecture, as `architecture()` of its folder gives it."""

    draw: Drawing
    text: Callable[[Any], TextReader]
    """Reader of a loaded pipeline."""
    learner: Callable[[Any, BaseRow, LoraConfig, Sequence[str]], Learner]
    """Learner of a loaded pipeline, prepared for the captions of one run; `BadInput` where the run's
    settings ask for what the architecture cannot do."""
    spellings: Callable[[Iterable[str]], Spellings] = diffusers_spellings
    """Every name that a base's layers, given as `<component>.<module>`, have in LoRA files."""


def schedule_length(drawing: Drawing, steps: int, strength: float | None) -> int:
    """Steps to ask the pipeline for, so that `steps` of them are really run.

    Image-to-image runs only the share `strength` of the schedule: 6 steps at 0.4 would run 2. The
    schedule is made finer instead, up to 1,000 steps.
    """
    if strength is None:
        return steps
    length = max(1, math.floor(steps / strength) - 1)
    while drawing.steps_run(length, strength) < steps and length < _MOST_STEPS:
        length += 1
    return min(length, _MOST_STEPS)
