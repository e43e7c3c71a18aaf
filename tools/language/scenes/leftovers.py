"""Which words of a text nothing covers: the audit of a plan, independent of how it was made."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.language.lexicon import character_lexicon
from tools.language.scenes.coverage_rules import coverage_rules
from tools.language.scenes.parse_scene import scene_words
from tools.language.text import words_of


def leftovers(text: str, covers: Sequence[str]) -> tuple[str, ...]:
    """Return the runs of a text that are in none of the covers, in reading order.

    Runs of nothing but connective words, marks and numbers do not count. White space is folded.
    """
    rest = " ".join(text.split())
    for cover in sorted({" ".join(cover.split()) for cover in covers}, key=len, reverse=True):
        if cover:
            rest = rest.replace(cover, "\n")
    runs = [run.strip(" ,;:.-*#") for run in rest.split("\n")]
    return tuple(run for run in runs if _has_content(run))


def _has_content(run: str) -> bool:
    if run.lower() in scene_words().scene_labels:
        return False
    stop = character_lexicon().stop | coverage_rules().connectives
    return any(
        word.lower not in stop and not re.fullmatch(r"\d+", word.text)
        for word in words_of(run)
        if not word.is_mark
    )
