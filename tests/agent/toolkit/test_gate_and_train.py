from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.add_photos import AddPhotos, add_photos
from agent.toolkit.choose_version import ChooseVersion, choose_version
from agent.toolkit.gate import Gate, gate
from agent.toolkit.list_versions import ListVersions, list_versions
from agent.toolkit.review_references import ReviewReferences, review_references
from agent.toolkit.train import Train, train, train_report
from tests.support.micro_studio import frame, twenty_photos
from tests.support.readable_faces import ReadableFaces, quick_studio
from tools.compose import Studio, build_studio
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, Refused, UnknownName
from tools.imaging.pictures import load_picture
from tools.settings import Settings
from tools.store.job import Job
from tools.workflows.lora.adapters import adapter_of
from tools.workflows.people.characters import load_character
from tools.workflows.sets.review.set_review import StoredSet, newest_stored_set

EYES = ReadableFaces()


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path, one_thread: None) -> Studio:
    """The fresh studio, with eyes that are quick."""
    settings = Settings(home=tmp_path / "studio", device="cpu", threads=1, base="micro")
    EYES.strangers.clear()
    return quick_studio(build_studio(settings, bases_home=micro_home), EYES)


@pytest.fixture
def photos(context: ChatContext, daro: str, tmp_path: Path) -> StoredSet:
    """Daro's reference set of twenty-one photos."""
    folder = twenty_photos(tmp_path / "photos")
    Image.open(frame(2, 14)).convert("RGB").save(folder / "zz.png")
    arguments = AddPhotos(character=daro, folder=str(folder))
    add_photos(arguments, replace(context, local_files=True), ignore_progress)
    return stored(context)


def stored(context: ChatContext) -> StoredSet:
    found = newest_stored_set(
        context.services, load_character(context.services, "studio", "Daro").id
    )
    assert found is not None
    return found


def judge(context: ChatContext) -> Answer:
    return gate(Gate(character="Daro"), context, ignore_progress)


def review(context: ChatContext, *drop: int) -> Answer:
    arguments = ReviewReferences(character="Daro", drop=drop)
    return review_references(arguments, context, ignore_progress)


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


def test_training_versions_and_which_of_them_draws(
    context: ChatContext, photos: StoredSet, finish: Callable[[str], Job]
) -> None:
    with pytest.raises(UnknownName, match="no LoRA"):
        choose(context, 1)
    assert list_versions(ListVersions(character="Daro"), context, ignore_progress).text == (
        "Daro has no LoRA version yet; train one on a set that passes the gate."
    )
    started = learn(context)
    assert review(context).text.endswith("gate: pass."), "a set that nobody judged is judged first"
    assert started.text == (
        "The training of Daro is started: 2 steps on micro, preset fast, "
        "21 images of reference set v1."
    )
    report = train_report(context, finish(started.jobs[0]))
    assert report.text.startswith("LoRA v1 of Daro is trained: 2 steps on micro in ")
    assert "identity score 0.0" in report.text
    assert "Warning: the adapter is weak: " in report.text, "two steps teach nothing"
    assert report.text.endswith("Next: plan a scene, or shoot.")
    again = learn(context)
    assert again.jobs == ()
    assert again.text.startswith("This training was done before and is not run again. LoRA v1")

    assert choose(context, 1).startswith("Daro is drawn with LoRA v1 (identity score 0.0")
    second = train_report(context, finish(learn(context, 3).jobs[0]))
    assert second.text.endswith("v1 stays in use; choose v2 to draw with it.")
    lines = list_versions(ListVersions(character="Daro"), context, ignore_progress).text.split("\n")
    assert lines[0] == "Daro has 2 LoRA versions."
    assert lines[1].startswith("v1: identity score 0.0")
    assert lines[1].endswith("2 steps on micro, reference set v1, in use.")
    assert lines[2].endswith("3 steps on micro, reference set v1.")
    assert drawn_with(context) == lora_id(context, 1)
    assert choose(context, 2).endswith("from now on.")
    assert choose(context, 2).endswith("as before.")
    assert drawn_with(context) == lora_id(context, 2)
    with pytest.raises(UnknownName, match="no LoRA v7 of this character; there are: v1, v2"):
        choose(context, 7)

    review(context, 21)
    judge(context)
    assert learn(context).text.startswith("The training of Daro is started"), "another set by now"


def choose(context: ChatContext, version: int) -> str:
    arguments = ChooseVersion(character="Daro", version=version)
    return choose_version(arguments, context, ignore_progress).text


def drawn_with(context: ChatContext) -> str | None:
    return adapter_of(context.services, "studio", "Daro", "micro").lora_version_id


def lora_id(context: ChatContext, version: int) -> str | None:
    return adapter_of(context.services, "studio", "Daro", "micro", version).lora_version_id
