"""How SDXL reads text: two CLIP encoders side by side, pooled by the second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from tools.architectures.chunks import Chunks, PromptText, cut_prompt, filled, ids_of, token_counter
from tools.training.lora.learner import Conditioning


class SdxlText:
    """See `tools.architectures.architecture.TextReader`."""

    def __init__(self, pipeline: Any) -> None:
        """Take a pipeline; its encoders need be there only while something is read."""
        self._parts = pipeline
        self._tokenizers = (pipeline.tokenizer, pipeline.tokenizer_2)
        self._window = min(tokenizer.model_max_length for tokenizer in self._tokenizers)
        self._count = token_counter(*self._tokenizers)
        self._zeros = bool(pipeline.config.force_zeros_for_empty_prompt)

    def cut(self, prompt: PromptText) -> Chunks:
        """Windows of 75 tokens between their marks."""
        return cut_prompt(prompt, self._count, self._window - 2)

    def encode(
        self, prompts: Sequence[PromptText], windows: int, *, wanted: bool = True
    ) -> Conditioning:
        """Penultimate states side by side; nothing at all for an empty text that is not wanted.

        Whether that is zeros or an encoded empty text is the pipeline's own setting.
        """
        chunks = [self.cut(prompt) for prompt in prompts]
        texts = [text for each in chunks for text in filled(each, windows)]
        encoders = (self._parts.text_encoder, self._parts.text_encoder_2)
        outputs = [
            encoder(
                ids_of(tokenizer, texts, self._window, encoder.device), output_hidden_states=True
            )
            for tokenizer, encoder in zip(self._tokenizers, encoders, strict=True)
        ]
        states = torch.cat([output.hidden_states[-2] for output in outputs], dim=-1)
        sequence = states.reshape(len(prompts), -1, states.shape[-1])
        pooled = outputs[1].text_embeds.reshape(len(prompts), windows, -1)
        places = torch.tensor([each.anchor for each in chunks], device=pooled.device)
        chosen = pooled[torch.arange(len(prompts), device=pooled.device), places]
        if self._zeros and not wanted:
            return _emptied(Conditioning(sequence, chosen), prompts)
        return Conditioning(sequence, chosen)


def _emptied(text: Conditioning, prompts: Sequence[PromptText]) -> Conditioning:
    kept: Tensor = torch.tensor(
        [float(bool(prompt.text)) for prompt in prompts], device=text.pooled.device
    )
    return Conditioning(text.sequence * kept[:, None, None], text.pooled * kept[:, None])
