"""Captions to conditioning for the families, with or without gradients.

Knows tokenizers and text encoders. Captions longer than the encoder's window are encoded in chunks
(DESIGN section 6): sequences side by side, the pooled vector from the last chunk, where the anchor
stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

_PHRASE_END = re.compile(r"(?<=[,;.])\s+")


@dataclass(frozen=True)
class Conditioning:
    """Encoded captions of a batch."""

    sequence: Tensor
    """(B, L, D)"""
    pooled: Tensor
    """(B, P)"""

    def rows(self, indices: Sequence[int]) -> Conditioning:
        """The conditioning of the captions at these places, (len(indices), ...)."""
        chosen = torch.tensor(list(indices), device=self.sequence.device)
        return Conditioning(self.sequence[chosen], self.pooled[chosen])


class ChunkedTokens:
    """Token ids of captions in chunks of a CLIP tokenizer's window."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._window: int = tokenizer.model_max_length
        self._room = self._window - 2

    def chunks(self, caption: str) -> list[list[int]]:
        """Split a caption's tokens into padded windows, at least one.

        Windows are filled from the end and cut between phrases, as the local backend cuts prompts:
        the anchor shares the last one with as much of the scene as fits.

        Returns:
            Lists of `model_max_length` ids, each with its own start and end.
        """
        start, end = self._tokenizer("").input_ids[:2]
        parts: list[list[int]] = [[]]
        for phrase in reversed(_PHRASE_END.split(caption)):
            inner = self._tokenizer(phrase, add_special_tokens=False, verbose=False).input_ids
            for unit in reversed(self._units(inner)):
                if len(unit) + len(parts[0]) > self._room:
                    parts.insert(0, [])
                parts[0] = unit + parts[0]
        return [self._padded([start, *part, end]) for part in parts]

    def _units(self, ids: list[int]) -> list[list[int]]:
        """Pieces of a phrase that fit into a window; nearly always one."""
        return [ids[at : at + self._room] for at in range(0, len(ids), self._room)]

    def _padded(self, ids: list[int]) -> list[int]:
        return ids + [self._tokenizer.pad_token_id] * (self._window - len(ids))

    def table(self, captions: Sequence[str], chunks: int) -> Tensor:
        """Ids of (B, chunks, window); captions with fewer chunks are followed by empty ones."""
        empty = self.chunks("")[0]
        rows = [self.chunks(caption) for caption in captions]
        return torch.tensor([row + [empty] * (chunks - len(row)) for row in rows])


class SdxlText:
    """SDXL's two CLIP encoders: penultimate states side by side, pooled from the second."""

    def __init__(self, pipeline: Any, captions: Sequence[str]) -> None:
        """Prepare for the captions of one run; their longest decides the number of chunks."""
        self._encoders: tuple[nn.Module, nn.Module] = (
            pipeline.text_encoder,
            pipeline.text_encoder_2,
        )
        self._tokens = tuple(map(ChunkedTokens, (pipeline.tokenizer, pipeline.tokenizer_2)))
        self._zero_when_empty = bool(pipeline.config.force_zeros_for_empty_prompt)
        self._counts = {caption: len(self._tokens[0].chunks(caption)) for caption in captions}
        self._chunks = max(self._counts.values(), default=1)

    def encode(self, captions: Sequence[str]) -> Conditioning:
        """Encode captions of the run; an empty one is what the pipeline draws unconditionally by.

        Returns:
            Sequence (B, chunks * window, D1 + D2) and pooled (B, P).
        """
        outputs = [
            encoder(self._ids(tokens, captions), output_hidden_states=True)
            for encoder, tokens in zip(self._encoders, self._tokens, strict=True)
        ]
        states = torch.cat([output.hidden_states[-2] for output in outputs], dim=-1)
        count = len(captions)
        sequence = states.reshape(count, -1, states.shape[-1])
        last = torch.tensor([self._counts.get(caption, 1) - 1 for caption in captions])
        pooled = outputs[1][0].reshape(count, self._chunks, -1)
        chosen = pooled[torch.arange(count), last.to(pooled.device)]
        return self._emptied(captions, Conditioning(sequence, chosen))

    def _ids(self, tokens: ChunkedTokens, captions: Sequence[str]) -> Tensor:
        device = next(self._encoders[0].parameters()).device
        return tokens.table(captions, self._chunks).flatten(0, 1).to(device)

    def _emptied(self, captions: Sequence[str], text: Conditioning) -> Conditioning:
        if not self._zero_when_empty:
            return text
        kept = torch.tensor([float(bool(caption)) for caption in captions]).to(text.pooled.device)
        return Conditioning(text.sequence * kept[:, None, None], text.pooled * kept[:, None])


class FluxText:
    """Flux's text: T5 states (always frozen) and CLIP's pooled vector."""

    def __init__(self, pipeline: Any, longest: int) -> None:
        """Prepare for T5 sequences of `longest` tokens."""
        self._pipeline = pipeline
        self._longest = longest
        self._states: dict[str, Tensor] = {}

    def encode(self, captions: Sequence[str]) -> Conditioning:
        """Encode captions: sequence (B, longest, D) and pooled (B, P)."""
        pooled: Tensor = self._pipeline._get_clip_prompt_embeds(list(captions))
        return Conditioning(torch.stack([self._state(caption) for caption in captions]), pooled)

    @torch.no_grad()
    def _state(self, caption: str) -> Tensor:
        if caption not in self._states:
            states = self._pipeline._get_t5_prompt_embeds(
                [caption], max_sequence_length=self._longest
            )
            self._states[caption] = states[0]
        return self._states[caption]
