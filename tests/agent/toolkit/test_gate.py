"""`gate`: a pass, a refusal with what would mend it, and images that are dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.train import Train, train
from tests.support.judged_photos import EYES, bring_photos, judge, quick_eyed_studio, review
from tools.compose import Studio
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, Refused
from tools.imaging.pictures import load_picture
from tools.workflows.sets.review.set_review import StoredSet


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path, one_thread: None) -> Studio:
    return quick_eyed_studio(tmp_path / "studio", micro_home)


@pytest.fixture
def photos(context: ChatContext, daro: str, tmp_path: Path) -> StoredSet:
    return bring_photos(context, tmp_path / "photos")


def learn(context: ChatContext, steps: int | None = 2) -> Answer:
    return train(Train(character="Daro", steps=steps), context, ignore_progress)


def let_a_stranger_in(context: ChatContext, photos: StoredSet, position: int) -> None:
    image = next(image for image in photos.images if image.position == position)
    EYES.mark_stranger(load_picture(context.services.files.path(image.digest)))


def test_a_pass_is_told_with_its_numbers(context: ChatContext, photos: StoredSet) -> None:
    answer = judge(context)
    assert answer.text.startswith(
        "The gate passes reference set v1 of Daro: 21 images, mean distance 0.0"
    )
    assert ", worst 0.0" in answer.text
    assert "threshold" in answer.text
    assert answer.text.endswith("Next: train.")
    assert [picture.number for picture in answer.pictures] == list(range(1, 22))
    assert answer.pictures[0].label.endswith("passes")


def test_a_refusal_names_the_image_by_number_and_what_to_do(
    context: ChatContext, photos: StoredSet
) -> None:
    let_a_stranger_in(context, photos, 5)
    answer = judge(context)
    assert answer.text.startswith("The gate refuses reference set v1 of Daro: 21 images, mean")
    assert "(image 5)" in answer.text
    assert "Image 5: " in answer.text
    assert "Drop 5 and ask the gate again, or bring more or better photos." in answer.text
    with pytest.raises(
        Refused, match="the gate refuses reference set v1 of Daro; ask the gate to see"
    ):
        learn(context)

    dropped = review(context, 5)
    assert dropped.text.startswith(
        "Image 5 is out. The gate's word on the set is void; ask it again. "
        "Reference set v1 of Daro: 20 images, not judged by the gate."
    )
    assert 5 not in [picture.number for picture in dropped.pictures]
    passed = judge(context)
    assert passed.text.startswith("The gate passes reference set v1 of Daro: 20 images"), (
        "asked anew"
    )
    with pytest.raises(BadInput, match="no image 5, 99 in the set; there are 1, 2, 3, 4, 6"):
        review(context, 5, 99)


def test_dropping_below_the_floor_is_refused_with_another_remedy(
    context: ChatContext, photos: StoredSet
) -> None:
    review(context, 1, 2)
    answer = judge(context)
    assert (
        "19 images, at least 20 are needed. To mend it, bring more or better photos." in answer.text
    )
    with pytest.raises(BadInput, match="that would leave no image; build another set instead"):
        review(context, *range(3, 22))


def test_nothing_can_be_judged_or_trained_without_a_set(context: ChatContext, daro: str) -> None:
    for act in (judge, review, learn):
        with pytest.raises(Refused, match="Daro has no references yet; build them from a chosen"):
            act(context)
