"""Brings a long prompt into the windows of a text encoder, the closing anchor kept whole.

The one reader of drawing and training: what was learned from a caption is what a prompt asks for. Knows
text, tokenizers and windows; must not know encoders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tools.errors import BadInput
from tools.language.prompt.anchor import anchor_start, shorten_scene

_PHRASE_END = re.compile(r"(?<=[,;.])\s+")

TokenCount = Callable[[str], int]


@dataclass(frozen=True)
class PromptText:
    """A prompt and where its closing anchor begins; its length when there is none."""

    text: str
    anchor_start: int


@dataclass(frozen=True)
class Chunks:
    """A prompt in pieces, in order."""

    texts: tuple[str, ...]
    anchor: int
    """Index of the piece in which the anchor begins: its pooled vector stands for the prompt."""
    left_out: str = ""
    """The end of the scene, where there was no room for it."""


def read_prompt(text: str) -> PromptText:
    """A prompt or caption with the place where its anchor begins, found by its words alone.

    A caption has no cast beside it; a prompt that were read by its own could be cut elsewhere.
    """
    return PromptText(text, anchor_start(text))


def captions_to_prompts(captions: Sequence[str]) -> list[PromptText]:
    """Captions with the places where their anchors begin."""
    return [read_prompt(caption) for caption in captions]


def most_windows(cut: Callable[[PromptText], Chunks], captions: Sequence[str]) -> int:
    """Windows that the longest of some captions takes, at least one."""
    return max((len(cut(each).texts) for each in captions_to_prompts(captions)), default=1)


def cut_prompt(prompt: PromptText, count: TokenCount, room: int) -> Chunks:
    """Cut a prompt into pieces of at most `room` tokens.

    The anchor shares the last piece with as many of the scene's closing phrases as fit, so that its
    pooled vector says something of the scene too. Cuts fall between phrases; a phrase longer than a
    piece is cut between words, a word longer than a piece between letters. An anchor longer than a
    piece is cut the same way, and loses nothing.

    Args:
        prompt: the whole prompt.
        count: tokens of a text, without start and end marks; adds up over words.
        room: tokens that fit between the marks.
    """
    scene = prompt.text[: prompt.anchor_start].strip()
    anchor = prompt.text[prompt.anchor_start :].strip()
    phrases = _units(scene, count, room)
    if count(anchor) > room:
        before = _packed_from_end(phrases, count, room)
        after = _packed_from_start(_units(anchor, count, room), count, room)
        return Chunks(texts=(*before, *after), anchor=len(before))
    pieces = _packed_from_end([*phrases, anchor] if anchor else phrases, count, room)
    return Chunks(texts=tuple(pieces) or ("",), anchor=max(0, len(pieces) - 1) if anchor else 0)


def fit_prompt(prompt: PromptText, count: TokenCount, room: int) -> Chunks:
    """Bring a prompt into one piece of at most `room` tokens: the scene gives way, the anchor never.

    The scene's last phrases go first, and of the last one that is left its last words.

    Args:
        prompt: the whole prompt.
        count: as `cut_prompt`.
        room: tokens that fit beside the marks.

    Raises:
        BadInput: the anchor alone is longer.
    """
    if count(prompt.text) <= room:
        return Chunks((prompt.text,), anchor=0)
    anchor = prompt.text[prompt.anchor_start :].strip()
    if (needed := count(anchor)) > room:
        raise BadInput(
            f"'{anchor[:40]}…' takes {needed} tokens where the base reads {room} at once; "
            "shorten the identity block, or have fewer people in frame"
        )
    scene = prompt.text[: prompt.anchor_start].strip(", ")
    short = shorten_scene(scene, anchor, count_tokens=count, budget=room)
    while short and count(_closed(short, anchor)) > room:
        short = _without_end(short)
    return Chunks((_closed(short, anchor),), anchor=0, left_out=scene[len(short) :].strip(",; "))


def _closed(scene: str, anchor: str) -> str:
    return ", ".join(part for part in (scene, anchor) if part)


def _without_end(scene: str) -> str:
    """A scene without its last phrase; a single phrase without its last word."""
    ends = [found.start() for found in _PHRASE_END.finditer(scene)]
    return scene[: ends[-1]].rstrip(",;") if ends else scene.rpartition(" ")[0]


def filled(chunks: Chunks, windows: int) -> list[str]:
    """The pieces, followed by empty ones up to so many windows."""
    return [*chunks.texts, *[""] * (windows - len(chunks.texts))]


def token_counter(*tokenizers: Any) -> TokenCount:
    """Tokens of a text by the tokenizer that needs most."""

    def count(text: str) -> int:
        return max(
            len(tokenizer(text, add_special_tokens=False, verbose=False).input_ids)
            for tokenizer in tokenizers
        )

    return count


def ids_of(tokenizer: Any, texts: Sequence[str], window: int, device: torch.device) -> Tensor:
    """Token ids of pieces, padded to the window: (texts, window)."""
    table: Tensor = tokenizer(
        list(texts), padding="max_length", truncation=True, max_length=window, return_tensors="pt"
    ).input_ids
    return table.to(device)


def _packed_from_start(units: Sequence[str], count: TokenCount, room: int) -> list[str]:
    pieces: list[str] = []
    for unit in units:
        if pieces and count(pieces[-1]) + count(unit) <= room:
            pieces[-1] = f"{pieces[-1]} {unit}"
        else:
            pieces.append(unit)
    return pieces


def _packed_from_end(units: Sequence[str], count: TokenCount, room: int) -> list[str]:
    pieces: list[str] = []
    for unit in reversed(units):
        if pieces and count(pieces[0]) + count(unit) <= room:
            pieces[0] = f"{unit} {pieces[0]}"
        else:
            pieces.insert(0, unit)
    return pieces


def _units(text: str, count: TokenCount, room: int) -> list[str]:
    """Phrases of a text, the too long ones cut into words, and those into halves until they fit."""
    units: list[str] = []
    for phrase in filter(None, _PHRASE_END.split(text)):
        if count(phrase) <= room:
            units.append(phrase)
        else:
            for word in phrase.split():
                units.extend(_halves(word, count, room))
    return units


def _halves(word: str, count: TokenCount, room: int) -> list[str]:
    if count(word) <= room or len(word) == 1:
        return [word]
    middle = len(word) // 2
    return [*_halves(word[:middle], count, room), *_halves(word[middle:], count, room)]
