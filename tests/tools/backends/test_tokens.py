"""Tokens are counted by the base's own tokenizer."""

from __future__ import annotations

from pathlib import Path

from tests.support.tiny_models import build_tiny_flux
from tools.backends.shipped import shipped_folder
from tools.backends.tokens import count_tokens


def test_known_words_are_one_token_and_names_are_spelled_from_pieces() -> None:
    folder = shipped_folder()
    assert count_tokens(folder, "close-up photo of a young woman") <= 8
    assert count_tokens(folder, "Xyloquarth") > 1
    assert count_tokens(folder, "") == 0


def test_a_base_with_two_tokenizers_counts_by_the_one_that_is_asked_for(tmp_path: Path) -> None:
    folder = build_tiny_flux(tmp_path / "flux")
    text = "snow field"
    assert count_tokens(folder, text, part="tokenizer_2") == len("▁snow▁field")
    assert count_tokens(folder, text) == len("snowfield")
