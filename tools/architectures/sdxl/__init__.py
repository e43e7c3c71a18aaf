"""SDXL's architecture: a U-Net, two CLIP encoders, size conditioning in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.architectures.architecture import Architecture


def architecture() -> Architecture:
    """Load the classes; the presets beside them are asked for without."""
    from tools.architectures.architecture import Architecture
    from tools.architectures.sdxl.draw import SdxlDrawing
    from tools.architectures.sdxl.learn import SdxlLearner
    from tools.architectures.sdxl.spellings import spellings
    from tools.architectures.sdxl.text import SdxlText

    return Architecture(draw=SdxlDrawing(), text=SdxlText, learner=SdxlLearner, spellings=spellings)
