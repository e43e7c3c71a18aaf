"""FLUX.1's architecture: a transformer on packed latents, T5 and CLIP, rectified flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.architectures.architecture import Architecture


def architecture() -> Architecture:
    """Load the classes; the presets beside them are asked for without."""
    from tools.architectures.architecture import Architecture
    from tools.architectures.flux.draw import FluxDrawing
    from tools.architectures.flux.learn import FluxLearner
    from tools.architectures.flux.spellings import spellings
    from tools.architectures.flux.text import FluxText

    return Architecture(draw=FluxDrawing(), text=FluxText, learner=FluxLearner, spellings=spellings)
