"""FLUX.2 klein's architecture: a transformer on 2×2 patches, one language model that reads, rectified flow.

It takes reference pictures beside the prompt: tokens of their own with a place in time of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.architectures.architecture import Architecture


def architecture() -> Architecture:
    """Load the classes; the presets beside them are asked for without."""
    from tools.architectures.architecture import Architecture
    from tools.architectures.flux2.draw import Flux2Drawing
    from tools.architectures.flux2.learn import Flux2Learner
    from tools.architectures.flux2.text import Flux2Text

    return Architecture(draw=Flux2Drawing(), text=Flux2Text, learner=Flux2Learner)
