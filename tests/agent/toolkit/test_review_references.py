"""`review_references` on a finished set; sets on their way are in `test_build_references`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.review_references import TOOL, ReviewReferences, review_references
from tests.support.filled_studio import trained
from tests.support.micro_studio import frame
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, Refused


@pytest.fixture
def finished(context: ChatContext, daro: str) -> str:
    """Daro has a finished set of three images."""
    trained(context.services, frames=[frame(2, number) for number in (1, 2, 3)])
    return daro


def look(context: ChatContext, *drop: int, next_layer: bool = False) -> Answer:
    arguments = ReviewReferences(character="Daro", drop=drop, next_layer=next_layer)
    return review_references(arguments, context, ignore_progress)


def test_the_images_are_numbered_and_the_numbers_stand_for_them(
    context: ChatContext, finished: str, shown: Callable[[], Shown]
) -> None:
    answer = look(context)

    assert answer.text == "Reference set v1 of Daro: 3 images, not judged by the gate."
    assert [picture.number for picture in answer.pictures] == [1, 2, 3]
    assert shown() == Shown(kind=ShownKind.REFERENCES, character="Daro", labels=("1", "2", "3"))


def test_images_are_dropped_by_number_once(
    context: ChatContext, finished: str, shown: Callable[[], Shown]
) -> None:
    answer = look(context, 2, 2)

    assert answer.text.startswith("Image 2 is out. Reference set v1 of Daro: 2 images")
    assert shown().labels == ("1", "3")
    with pytest.raises(BadInput, match="no image 2 in the set; there are 1, 3"):
        look(context, 2)
    with pytest.raises(BadInput, match="that would leave no image"):
        look(context, 1, 3)


def test_a_finished_set_has_no_next_layer(context: ChatContext, finished: str) -> None:
    with pytest.raises(
        Refused, match="no set of Daro is being built; v1 is finished: ask the gate"
    ):
        look(context, next_layer=True)


def test_nobody_is_asked_about_a_look(context: ChatContext) -> None:
    assert not TOOL.draws(ReviewReferences(character="Daro", drop=(1,)))
    wanted = ReviewReferences(character="Daro", next_layer=True)
    assert TOOL.draws(wanted)
    assert TOOL.card(wanted, context) == "Draw the next layer of Daro's reference set."
