"""Tokens are counted by the base's own tokenizer."""

from __future__ import annotations

from tools.backends.shipped import shipped_folder
from tools.backends.tokens import count_tokens


def test_known_words_are_one_token_and_names_are_spelled_from_pieces() -> None:
    folder = shipped_folder()
    assert count_tokens(folder, "close-up photo of a young woman") <= 8
    assert count_tokens(folder, "Xyloquarth") > 1
    assert count_tokens(folder, "") == 0
