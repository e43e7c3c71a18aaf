"""Prompts to conditioning, remembered while the text encoders stay the same.

Knows tokenizers and text encoders of the families; must not know pictures or schedulers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tools.backends.local.chunks import Chunks, TokenCount, cut_prompt
from tools.backends.local.families import Conditioning
from tools.backends.local.pipelines import LoadedBase
from tools.contracts.bases import Family

_FLUX_WINDOW = {False: 256, True: 512}
"""T5 tokens that Flux was trained with, without (schnell) and with (dev) guidance embedding."""


@dataclass(frozen=True)
class PromptText:
    """A prompt and where its closing anchor begins."""

    text: str
    anchor_start: int


@dataclass(frozen=True)
class Encoded:
    """One prompt's encoding."""

    sequence: Tensor
    """(chunks x window, D)"""
    pooled: Tensor
    """(P,)"""


class PromptEncoder:
    """Encodes prompts of one loaded base; the last `capacity` encodings are kept."""

    def __init__(self, base: LoadedBase, capacity: int = 128) -> None:
        self._base, self._capacity = base, capacity
        self._kept: OrderedDict[Hashable, Encoded] = OrderedDict()
        flux = base.row.family is Family.FLUX
        self._windows: _FluxWindows | _SdxlWindows = (
            _FluxWindows(base) if flux else _SdxlWindows(base)
        )

    def windows(self, prompt: PromptText) -> int:
        """How many encoder windows a prompt takes; only equal numbers share a batch."""
        return len(self._windows.cut(prompt).texts)

    def encode(
        self,
        prompts: Sequence[PromptText],
        negatives: Sequence[str] | None,
        adapters: Hashable,
    ) -> Conditioning:
        """Encode a batch.

        Args:
            prompts: one a picture.
            negatives: one a picture, or None where guidance leaves them unused.
            adapters: what identifies the text adapters now active; part of the memory's key.
        """
        length = max(self.windows(prompt) for prompt in prompts)
        if negatives is not None:
            unwanted = [PromptText(text, len(text)) for text in negatives]
            length = max(length, *(self.windows(prompt) for prompt in unwanted))
        rows = [self._encoding(prompt, length, adapters, wanted=True) for prompt in prompts]
        sequence, pooled = _stacked(rows)
        if negatives is None:
            return Conditioning(sequence, pooled)
        rows = [self._encoding(prompt, length, adapters, wanted=False) for prompt in unwanted]
        return Conditioning(sequence, pooled, *_stacked(rows))

    def _encoding(
        self, prompt: PromptText, length: int, adapters: Hashable, *, wanted: bool
    ) -> Encoded:
        key = (prompt, length, adapters, wanted)
        if key not in self._kept:
            self._kept[key] = self._windows.encode(prompt, length, wanted=wanted)
            if len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def _stacked(rows: Sequence[Encoded]) -> tuple[Tensor, Tensor]:
    return torch.stack([row.sequence for row in rows]), torch.stack([row.pooled for row in rows])


def _counter(*tokenizers: Any) -> TokenCount:
    """Tokens of a text by the tokenizer that needs most."""

    def count(text: str) -> int:
        return max(
            len(tokenizer(text, add_special_tokens=False, verbose=False).input_ids)
            for tokenizer in tokenizers
        )

    return count


def _ids(tokenizer: Any, texts: Sequence[str], window: int, device: torch.device) -> Tensor:
    table = tokenizer(
        list(texts), padding="max_length", truncation=True, max_length=window, return_tensors="pt"
    ).input_ids
    return table.to(device)  # type: ignore[no-any-return]


def _filled(chunks: Chunks, length: int) -> list[str]:
    """The pieces, followed by empty ones up to `length`."""
    return [*chunks.texts, *[""] * (length - len(chunks.texts))]


class _SdxlWindows:
    """Two CLIP encoders side by side; pooled by the second."""

    def __init__(self, base: LoadedBase) -> None:
        parts = base.pipeline
        self._device = base.device
        self._pairs = (
            (parts.tokenizer, parts.text_encoder),
            (parts.tokenizer_2, parts.text_encoder_2),
        )
        self._window = min(tokenizer.model_max_length for tokenizer, _ in self._pairs)
        self._count = _counter(*(tokenizer for tokenizer, _ in self._pairs))
        self._zeros = bool(parts.config.force_zeros_for_empty_prompt)

    def cut(self, prompt: PromptText) -> Chunks:
        return cut_prompt(prompt.text, prompt.anchor_start, self._count, self._window - 2)

    def encode(self, prompt: PromptText, length: int, *, wanted: bool) -> Encoded:
        chunks = self.cut(prompt)
        outputs = [
            encoder(
                _ids(tokenizer, _filled(chunks, length), self._window, self._device),
                output_hidden_states=True,
            )
            for tokenizer, encoder in self._pairs
        ]
        sequence = torch.cat([output.hidden_states[-2] for output in outputs], dim=-1)
        pooled = outputs[1].text_embeds[chunks.anchor]
        if self._zeros and not wanted and not prompt.text:
            return Encoded(torch.zeros_like(sequence.flatten(0, 1)), torch.zeros_like(pooled))
        return Encoded(sequence.flatten(0, 1), pooled)


class _FluxWindows:
    """T5 for the sequence; CLIP's pooled vector of the piece that holds the anchor."""

    def __init__(self, base: LoadedBase) -> None:
        parts = base.pipeline
        self._parts, self._device = parts, base.device
        self._window = _FLUX_WINDOW[bool(parts.transformer.config.guidance_embeds)]
        self._count = _counter(parts.tokenizer_2)
        self._clip_window: int = parts.tokenizer.model_max_length
        self._clip_count = _counter(parts.tokenizer)

    def cut(self, prompt: PromptText) -> Chunks:
        return cut_prompt(prompt.text, prompt.anchor_start, self._count, self._window - 1)

    def encode(self, prompt: PromptText, length: int, *, wanted: bool) -> Encoded:  # noqa: ARG002
        texts = _filled(self.cut(prompt), length)
        ids = _ids(self._parts.tokenizer_2, texts, self._window, self._device)
        sequence = self._parts.text_encoder_2(ids)[0]
        short = cut_prompt(
            prompt.text, prompt.anchor_start, self._clip_count, self._clip_window - 2
        )
        ids = _ids(
            self._parts.tokenizer, [short.texts[short.anchor]], self._clip_window, self._device
        )
        return Encoded(sequence.flatten(0, 1), self._parts.text_encoder(ids).pooler_output[0])
