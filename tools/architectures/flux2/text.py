"""How FLUX.2 klein reads text: three layers of a language model, side by side."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from tools.architectures.chunks import Chunks, PromptText, cut_prompt, filled, token_counter
from tools.training.lora.learner import Conditioning

_WINDOW = 512
"""Tokens that klein was trained with, those of the chat's frame included."""
_QUARTERS = (1, 2, 3)
"""Depths whose states it sees: layers 9, 18 and 27 of the real encoder's 36."""
_KEPT = 24
"""Texts whose states are remembered, about 16 MB each."""


class Flux2Text:
    """See `tools.architectures.architecture.TextReader`. The encoder is always frozen."""

    def __init__(self, pipeline: Any) -> None:
        """Take a loaded pipeline's tokenizer and encoder."""
        self._parts = pipeline
        self._tokens = token_counter(pipeline.tokenizer)
        self._room = _WINDOW - self._tokens(self._framed(""))
        depth = pipeline.text_encoder.config.num_hidden_layers
        self._layers = [depth * quarter // 4 for quarter in _QUARTERS]
        self._kept: OrderedDict[str, Tensor] = OrderedDict()

    def cut(self, prompt: PromptText) -> Chunks:
        """Windows of tokens, each in a frame of its own."""
        return cut_prompt(prompt, self._count, self._room)

    def encode(
        self,
        prompts: Sequence[PromptText],
        windows: int,
        *,
        wanted: bool = True,  # noqa: ARG002
    ) -> Conditioning:
        """States without gradients; the pooled part is empty, (B, 0)."""
        texts = [text for prompt in prompts for text in filled(self.cut(prompt), windows)]
        states = torch.stack([self._state(text) for text in texts])
        sequence = states.reshape(len(prompts), -1, states.shape[-1])
        return Conditioning(sequence, sequence.new_zeros(len(prompts), 0))

    def _count(self, text: str) -> int:
        """With the space before it, which is a token's part here: so that pieces add up."""
        return self._tokens(f" {text}")

    def _framed(self, text: str) -> str:
        """A text as a person's turn in a chat, to which the model is about to answer."""
        framed: str = self._parts.tokenizer.apply_chat_template(
            [{"role": "user", "content": text}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=False,
        )
        return framed

    @torch.no_grad()
    def _state(self, text: str) -> Tensor:
        """Each text alone: its last bits must not hang on what else was asked for. (window, 3 D)."""
        if text not in self._kept:
            encoder = self._parts.text_encoder
            tokens = self._parts.tokenizer(
                self._framed(text),
                padding="max_length",
                truncation=True,
                max_length=_WINDOW,
                return_tensors="pt",
            ).to(encoder.device)
            hidden = encoder(
                input_ids=tokens.input_ids,
                attention_mask=tokens.attention_mask,
                output_hidden_states=True,
                use_cache=False,
            ).hidden_states
            self._kept[text] = torch.cat([hidden[layer][0] for layer in self._layers], dim=-1)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(text)
        return self._kept[text]
