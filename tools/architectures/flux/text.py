"""How Flux reads text: T5 for the sequence, CLIP's pooled vector of the piece that holds the anchor.

T5 has one window, as Flux was trained: a second one behind it would stand at places that mean nothing.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from tools.architectures.chunks import (
    Chunks,
    PromptText,
    cut_prompt,
    fit_prompt,
    ids_of,
    token_counter,
)
from tools.training.lora.learner import Conditioning

logger = logging.getLogger(__name__)

_WINDOW = {False: 256, True: 512}
"""T5 tokens that Flux was trained with, without (schnell) and with (dev) guidance embedding."""
_KEPT = 64
"""Texts whose T5 states are remembered, about 4 MB each."""


class FluxText:
    """See `tools.architectures.architecture.TextReader`. T5 is always frozen; CLIP may learn."""

    def __init__(self, pipeline: Any) -> None:
        """Take a loaded pipeline's tokenizers and encoders."""
        self._parts = pipeline
        self._window = _WINDOW[bool(pipeline.transformer.config.guidance_embeds)]
        self._count = token_counter(pipeline.tokenizer_2)
        self._clip_window: int = pipeline.tokenizer.model_max_length
        self._clip_count = token_counter(pipeline.tokenizer)
        self._kept: OrderedDict[str, Tensor] = OrderedDict()

    def cut(self, prompt: PromptText) -> Chunks:
        """One window of T5 tokens and their end mark; the scene is shortened to it.

        Raises:
            BadInput: the anchor alone does not fit.
        """
        return fit_prompt(prompt, self._count, self._window - 1)

    def encode(
        self,
        prompts: Sequence[PromptText],
        windows: int,  # noqa: ARG002
        *,
        wanted: bool = True,  # noqa: ARG002
    ) -> Conditioning:
        """T5's states without gradients, and CLIP's pooled vectors with them where they are enabled.

        What a scene has no room for is said in the log when it is first read.

        Raises:
            BadInput: as `cut`.
        """
        states = torch.stack([self._state(self.cut(prompt)) for prompt in prompts])
        shorts = [cut_prompt(prompt, self._clip_count, self._clip_window - 2) for prompt in prompts]
        anchors = [short.texts[short.anchor] for short in shorts]
        clip = self._parts.text_encoder
        pooled = clip(ids_of(self._parts.tokenizer, anchors, self._clip_window, clip.device))
        return Conditioning(states, pooled.pooler_output)

    @torch.no_grad()
    def _state(self, chunks: Chunks) -> Tensor:
        """Each text alone: its last bits must not hang on what else was asked for."""
        text = chunks.texts[0]
        if text not in self._kept:
            if chunks.left_out:
                logger.warning("no room in Flux's text window for: %s", chunks.left_out)
            encoder = self._parts.text_encoder_2
            ids = ids_of(self._parts.tokenizer_2, [text], self._window, encoder.device)
            self._kept[text] = encoder(ids)[0][0]
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(text)
        return self._kept[text]
