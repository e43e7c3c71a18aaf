from __future__ import annotations

from typing import Any

import torch

from tools.architectures.chunks import captions_to_prompts, most_windows
from tools.architectures.sdxl.text import SdxlText
from tools.training.lora.learner import Conditioning


def encoded(pipeline: Any, captions: list[str], run: list[str] | None = None) -> Conditioning:
    """Encode captions as a run with these captions does."""
    text = SdxlText(pipeline)
    return text.encode(
        captions_to_prompts(captions), most_windows(text.cut, run or captions), wanted=False
    )


LONG = "Vera, " + ", ".join(["close-up photo of a young woman"] * 14) + ", SAME Vera: green eyes"


def test_a_short_caption_is_encoded_as_the_pipeline_does(maquette: Any) -> None:
    caption = "close-up photo of Vera, a young woman"
    sequence, _, pooled, _ = maquette.encode_prompt(caption, do_classifier_free_guidance=False)

    text = encoded(maquette, [caption])

    torch.testing.assert_close(text.sequence, sequence)
    torch.testing.assert_close(text.pooled, pooled)


def test_an_empty_caption_is_what_the_pipeline_draws_unconditionally_by(
    sdxl: Any, maquette: Any
) -> None:
    for pipeline in (sdxl, maquette):
        _, negative, _, negative_pooled = pipeline.encode_prompt(
            "Vera", do_classifier_free_guidance=True
        )

        text = encoded(pipeline, [""])

        torch.testing.assert_close(text.sequence, negative)
        torch.testing.assert_close(text.pooled, negative_pooled)


def test_the_last_word_of_a_long_caption_counts(maquette: Any) -> None:
    captions = [LONG, LONG.replace("green", "brown"), ""]
    text = encoded(maquette, captions)

    assert text.sequence.shape[1] > maquette.tokenizer.model_max_length
    assert (text.sequence[0] - text.sequence[1]).abs().max() > 1e-3
    assert (text.pooled[0] - text.pooled[1]).abs().max() > 1e-3


def test_captions_of_different_length_share_a_batch(maquette: Any) -> None:
    run = ["Vera", LONG, ""]
    together = encoded(maquette, ["Vera", LONG], run)
    alone = encoded(maquette, ["Vera"], run)

    torch.testing.assert_close(together.sequence[:1], alone.sequence)
    torch.testing.assert_close(together.pooled[:1], alone.pooled)
