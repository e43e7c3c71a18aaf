"""How FLUX.2 klein reads text: three layers of its language model, in windows with a frame each."""

from __future__ import annotations

from typing import Any

import torch

from tools.architectures.chunks import captions_to_prompts, most_windows
from tools.architectures.flux2.text import Flux2Text
from tools.training.lora.learner import Conditioning

LONG = "Vera, " + ", ".join(["close-up photo of a young woman"] * 30) + ", SAME Vera: green eyes"


def encoded(reader: Flux2Text, captions: list[str]) -> Conditioning:
    return reader.encode(captions_to_prompts(captions), most_windows(reader.cut, captions))


def test_a_short_caption_is_encoded_as_the_pipeline_does(flux2: Any) -> None:
    with torch.no_grad():
        prompt, _ = flux2.encode_prompt("Vera", text_encoder_out_layers=(1, 2, 3))
    text = encoded(Flux2Text(flux2), ["Vera"])
    torch.testing.assert_close(text.sequence, prompt)
    assert text.pooled.shape == (1, 0)


def test_the_layers_are_those_of_the_real_encoder(flux2: Any) -> None:
    flux2.text_encoder.config.num_hidden_layers = 36
    assert Flux2Text(flux2)._layers == [9, 18, 27]


def test_the_end_of_a_long_caption_counts(flux2: Any) -> None:
    reader = Flux2Text(flux2)
    text = encoded(reader, [LONG, LONG.replace("green", "brown")])
    assert text.sequence.shape[1] > 512
    assert not torch.equal(text.sequence[0], text.sequence[1])
    longest = max(
        len(flux2.tokenizer(reader._framed(piece)).input_ids)
        for piece in reader.cut(captions_to_prompts([LONG])[0]).texts
    )
    assert longest <= 512


def test_a_text_alone_and_among_others_is_the_same_to_the_last_bit(flux2: Any) -> None:
    alone = encoded(Flux2Text(flux2), ["Vera"])
    among = encoded(Flux2Text(flux2), ["Jonah", "Vera"])
    assert torch.equal(alone.sequence[0], among.sequence[1])


def test_only_so_many_states_are_kept_the_oldest_go_first(flux2: Any) -> None:
    reader = Flux2Text(flux2)
    for number in range(30):
        encoded(reader, [f"Vera {number}"])
    assert list(reader._kept) == [f"Vera {number}" for number in range(6, 30)]
