"""Prompts to conditioning, remembered while the text encoders stay the same.

Knows batches and what was encoded before; how a text is read is the architecture's. Must not know
pictures or schedulers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext

from tools.architectures.chunks import PromptText
from tools.backends.local.pipelines import LoadedBase
from tools.training.lora.learner import Conditioning, joined


class PromptEncoder:
    """Encodes prompts of one loaded base; the last `capacity` encodings are kept."""

    def __init__(self, base: LoadedBase, capacity: int = 128) -> None:
        self._reader, self._capacity = base.architecture.text(base.pipeline), capacity
        self._device = base.compute.device
        self._kept: OrderedDict[Hashable, Conditioning] = OrderedDict()

    def windows(self, prompt: PromptText) -> int:
        """How many encoder windows a prompt takes; only equal numbers share a batch."""
        return len(self._reader.cut(prompt).texts)

    def encode(
        self,
        prompts: Sequence[PromptText],
        negatives: Sequence[str] | None,
        adapters: Hashable,
        unadapted: Callable[[], AbstractContextManager[None]] | None = None,
    ) -> tuple[Conditioning, Conditioning | None]:
        """Encode a batch.

        Args:
            prompts: one a picture.
            negatives: one a picture, or None where guidance leaves them unused.
            adapters: what identifies the text adapters now active; part of the memory's key.
            unadapted: takes the adapters off while the negatives are encoded, for a guide; None
                leaves them on.

        Returns:
            The prompts, and the negatives if there are any; both in equally many windows.
        """
        unwanted = [PromptText(text, len(text)) for text in negatives or ()]
        windows = max(self.windows(prompt) for prompt in (*prompts, *unwanted))
        wanted = joined([self._encoded(each, windows, adapters, wanted=True) for each in prompts])
        if negatives is None:
            return wanted, None
        with unadapted() if unadapted else nullcontext():
            adapters = () if unadapted else adapters
            return wanted, joined(
                [self._encoded(each, windows, adapters, wanted=False) for each in unwanted]
            )

    def _encoded(
        self, prompt: PromptText, windows: int, adapters: Hashable, *, wanted: bool
    ) -> Conditioning:
        key = (prompt, windows, adapters, wanted)
        if key not in self._kept:
            read = self._reader.encode([prompt], windows, wanted=wanted)
            self._kept[key] = read.to(self._device)
            if len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]
