"""How Flux reads text: T5's states in one window, CLIP's pooled vector of the piece with the anchor."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tools.architectures.chunks import captions_to_prompts, most_windows
from tools.architectures.flux import text as flux_text
from tools.architectures.flux.text import FluxText
from tools.errors import BadInput
from tools.training.lora.learner import Conditioning

LONG = "Vera, " + ", ".join(["close-up photo of a young woman"] * 60) + ", SAME Vera: green eyes"


def encoded(reader: FluxText, captions: list[str]) -> Conditioning:
    with torch.no_grad():
        return reader.encode(captions_to_prompts(captions), most_windows(reader.cut, captions))


def test_a_short_caption_is_encoded_as_the_pipeline_does(flux: Any) -> None:
    reader = FluxText(flux)
    prompt, pooled, _ = flux.encode_prompt("Vera", None, max_sequence_length=reader._window)
    text = encoded(reader, ["Vera"])
    torch.testing.assert_close(text.sequence, prompt)
    torch.testing.assert_close(text.pooled, pooled)


def test_the_anchor_of_a_long_caption_counts_in_both(flux: Any) -> None:
    reader = FluxText(flux)
    text = encoded(reader, [LONG, LONG.replace("green", "brown")])
    assert text.sequence.shape[1] == reader._window
    assert not torch.equal(text.sequence[0], text.sequence[1])
    assert not torch.equal(text.pooled[0], text.pooled[1])


def test_a_text_alone_and_among_others_is_the_same_to_the_last_bit(flux: Any) -> None:
    alone = encoded(FluxText(flux), ["Vera"])
    among = encoded(FluxText(flux), ["Jonah", "Vera"])
    assert torch.equal(alone.sequence[0], among.sequence[1])


def test_only_so_many_states_are_kept_the_oldest_go_first(flux: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(flux_text, "_KEPT", 2)
    reader = FluxText(flux)
    for caption in ("a", "b", "a", "c"):
        encoded(reader, [caption])
    assert list(reader._kept) == ["a", "c"]


def test_the_window_leaves_room_for_the_end_mark(flux: Any) -> None:
    reader = FluxText(flux)
    chunks = reader.cut(captions_to_prompts([LONG])[0])
    (text,) = chunks.texts
    assert reader._window - 32 < len(flux.tokenizer_2(text).input_ids) <= reader._window
    assert text.startswith("Vera, close-up photo of a young woman, ")
    assert text.endswith(", SAME Vera: green eyes")
    assert chunks.left_out.startswith("close-up photo")


def test_an_anchor_beyond_the_window_is_refused(flux: Any) -> None:
    long = "SAME Vera: " + ", ".join(["a scar on the left cheek"] * 60)
    with pytest.raises(
        BadInput, match=r"'SAME Vera: a scar.*…' takes \d+ tokens where the base reads"
    ):
        encoded(FluxText(flux), [long])
