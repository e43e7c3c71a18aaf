"""Which requests can be drawn together, and how far a whole call has come.

Knows requests and the encoder windows of their prompts; must not know pipelines.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

from tools.architectures.architecture import Mode
from tools.contracts.images import ImageRequest
from tools.contracts.parts import StepSink


def mode_of(request: ImageRequest) -> Mode:
    """What the request's picture starts from."""
    if request.init_image is None:
        return Mode.TEXT
    return Mode.IMAGE if request.mask is None else Mode.INPAINT


def batch_key(request: ImageRequest, windows: int) -> Hashable:
    """Equal for requests that one forward pass can draw.

    With references and a start picture that is one alone: as many references as drawings would be
    taken for one each (diffusers' klein inpainting).

    Args:
        request: one picture to draw.
        windows: encoder windows of its prompts.
    """
    return (
        request.base,
        mode_of(request),
        request.size,
        request.steps,
        request.guidance,
        request.strength,
        request.loras,
        windows,
        request.references,
        object() if request.references and request.init_image else None,
    )


def plan_batches(keys: Sequence[Hashable], most: Sequence[int]) -> list[list[int]]:
    """Group places of equal keys into batches of at most their `most`, in order of their first place.

    The same keys give the same plan: the same ordered call is the same batches, and the same bytes.
    """
    batches: list[list[int]] = []
    open_batch: dict[Hashable, list[int]] = {}
    for place, key in enumerate(keys):
        batch = open_batch.get(key)
        if batch is None or len(batch) >= most[place]:
            batch = open_batch[key] = []
            batches.append(batch)
        batch.append(place)
    return batches


class StepCounter:
    """Turns the pipeline's own steps into steps of the whole call."""

    def __init__(self, steps: Sequence[int], sink: StepSink | None) -> None:
        """Count over batches of `steps` steps each, and tell `sink`."""
        self._steps, self._sink = steps, sink
        self._total = sum(steps)

    def report(self, batch: int, evaluations: int, due: int) -> None:
        """Tell that a batch has made `evaluations` of `due`; second-order samplers make two a step.

        Raises:
            Cancelled: from the sink, which stops the batch.
        """
        if self._sink is None:
            return
        here = math.ceil(self._steps[batch] * evaluations / due)
        self._sink(sum(self._steps[:batch]) + here, self._total)
