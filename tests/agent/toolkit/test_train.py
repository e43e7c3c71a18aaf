"""`train`: what is started, what its report says, and which version draws after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.choose_version import ChooseVersion, choose_version
from agent.toolkit.list_versions import ListVersions, list_versions
from agent.toolkit.train import Train, train, train_report
from tests.support.judged_photos import bring_photos, judge, quick_eyed_studio, review
from tools.compose import Studio
from tools.contracts.progress import ignore_progress
from tools.errors import UnknownName
from tools.store.job import Job
from tools.workflows.lora.adapters import adapter_of
from tools.workflows.sets.review.set_review import StoredSet


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path, one_thread: None) -> Studio:
    return quick_eyed_studio(tmp_path / "studio", micro_home)


@pytest.fixture
def photos(context: ChatContext, daro: str, tmp_path: Path) -> StoredSet:
    return bring_photos(context, tmp_path / "photos")


def learn(context: ChatContext, steps: int | None = 2) -> Answer:
    return train(Train(character="Daro", steps=steps), context, ignore_progress)


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
    assert lines[1].endswith("2 steps on micro (sdxl), reference set v1, in use.")
    assert lines[2].endswith("3 steps on micro (sdxl), reference set v1.")
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
