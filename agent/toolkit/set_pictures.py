"""Reference images as pictures of an answer, numbered by their position in the set.

Knows stored sets and layers on their way; must not know what is decided about them.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.answer import AnswerPicture
from agent.context import ChatContext
from agent.toolkit.numbers import show
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.references import SetImage
from tools.contracts.verdicts import Outcome
from tools.workflows.sets.review.set_review import StoredSet

_WORDS = {Outcome.PASS: "passes", Outcome.REVIEW: "to be looked at", Outcome.REJECT: "refused"}


def set_pictures(found: StoredSet) -> tuple[AnswerPicture, ...]:
    """Return the pictures of a stored set."""
    return tuple(
        AnswerPicture(
            digest=image.digest,
            label=_label(
                image.position,
                image.layer,
                image.view,
                _distance(image.csfd),
                _WORDS[image.verdict] if image.verdict else None,
            ),
            number=image.position,
        )
        for image in found.images
    )


def layer_pictures(images: Sequence[SetImage]) -> tuple[AnswerPicture, ...]:
    """Return the pictures of a set that is being built."""
    return tuple(
        AnswerPicture(
            digest=image.digest,
            label=_label(image.position, image.layer, image.view, _distance(image.csfd)),
            number=image.position,
        )
        for image in images
    )


def show_references(context: ChatContext, name: str, pictures: Sequence[AnswerPicture]) -> None:
    """Let the director's numbers stand for these images."""
    labels = tuple(str(picture.number) for picture in pictures)
    show(context, Shown(kind=ShownKind.REFERENCES, character=name, labels=labels))


def _label(position: int | None, *parts: str | None) -> str:
    said = ", ".join(str(part) for part in parts if part)
    return f"{position}: {said}"


def _distance(csfd: float | None) -> str:
    return "no distance" if csfd is None else f"distance {csfd:.3f}"
