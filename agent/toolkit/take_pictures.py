"""Takes as pictures of an answer, numbered as the director may call them.

Knows takes and answers; must not know what is decided about them.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.answer import AnswerPicture
from tools.store.take import Take
from tools.workflows.shots.cards.take_lines import decision_words, take_label


def take_pictures(takes: Sequence[Take], first: int = 1) -> tuple[AnswerPicture, ...]:
    """Return the pictures of drawn takes, numbered from `first` in this order."""
    drawn = [take for take in takes if take.digest is not None]
    return tuple(
        AnswerPicture(
            digest=str(take.digest),
            label=_label(take),
            number=number,
            take=take.slate,
        )
        for number, take in enumerate(drawn, start=first)
    )


def _label(take: Take) -> str:
    text = f"{take.slate}: {take_label(take)}{decision_words(take)}"
    return text if len(text) <= 200 else f"{text[:199]}…"
