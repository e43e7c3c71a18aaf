from __future__ import annotations

from typing import Any

import torch

from tools.training.lora.text import ChunkedTokens, SdxlText

LONG = "Vera, " + ", ".join(["close-up photo of a young woman"] * 14) + ", SAME Vera: green eyes"


def test_a_short_caption_is_encoded_as_the_pipeline_does(maquette: Any) -> None:
    caption = "close-up photo of Vera, a young woman"
    sequence, _, pooled, _ = maquette.encode_prompt(caption, do_classifier_free_guidance=False)

    text = SdxlText(maquette, [caption, ""]).encode([caption])

    torch.testing.assert_close(text.sequence, sequence)
    torch.testing.assert_close(text.pooled, pooled)


def test_an_empty_caption_is_what_the_pipeline_draws_unconditionally_by(
    sdxl: Any, maquette: Any
) -> None:
    for pipeline in (sdxl, maquette):
        _, negative, _, negative_pooled = pipeline.encode_prompt(
            "Vera", do_classifier_free_guidance=True
        )

        text = SdxlText(pipeline, ["Vera", ""]).encode([""])

        torch.testing.assert_close(text.sequence, negative)
        torch.testing.assert_close(text.pooled, negative_pooled)


def test_the_last_word_of_a_long_caption_counts(maquette: Any) -> None:
    captions = [LONG, LONG.replace("green", "brown"), ""]
    encoder = SdxlText(maquette, captions)

    text = encoder.encode(captions)

    assert len(ChunkedTokens(maquette.tokenizer).chunks(LONG)) > 1
    assert (text.sequence[0] - text.sequence[1]).abs().max() > 1e-3
    assert (text.pooled[0] - text.pooled[1]).abs().max() > 1e-3


def test_captions_of_different_length_share_a_batch(maquette: Any) -> None:
    encoder = SdxlText(maquette, ["Vera", LONG, ""])

    together = encoder.encode(["Vera", LONG])
    alone = encoder.encode(["Vera"])

    torch.testing.assert_close(together.sequence[:1], alone.sequence)
    torch.testing.assert_close(together.pooled[:1], alone.pooled)
