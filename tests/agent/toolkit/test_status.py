"""`status`: what there is, what runs and what comes next."""

from __future__ import annotations

import pytest

from agent.context import ChatContext
from agent.toolkit.status import Status, status
from tests.agent.toolkit.conftest import started
from tests.support.filled_studio import PASSED, plan, shot, takes, trained
from tools.compose import Studio
from tools.contracts.digest import CharacterState, SceneState, ShotState, StudioDigest
from tools.contracts.photography import Framing
from tools.contracts.progress import Progress, ignore_progress
from tools.contracts.verdicts import Outcome
from tools.errors import UnknownName
from tools.store.take import pick_take
from tools.workflows.kinds import Kind
from tools.workflows.next_steps import next_step, production_steps


def test_status_of_an_empty_production_says_how_to_begin(context: ChatContext) -> None:
    assert status(Status(), context, ignore_progress).text.splitlines() == [
        "studio: 1:1, drawn with micro, no locked style.",
        "Nobody is in the cast yet.",
        "Nothing is running.",
        "Next: create a character from a brief.",
    ]


def test_status_says_what_there_is_what_runs_and_what_comes_next(
    context: ChatContext, studio: Studio, daro: str
) -> None:
    trained(context.services)
    plan(context.services, shot("12A"), shot("12B"))
    takes(context.services, shot("12A"), [PASSED, PASSED])
    (job_id,) = started(context, Kind.TRAIN)
    claim = studio.worker.store.claim(job_id)
    assert claim is not None
    lease = studio.worker.store.lease(claim)
    lease.write_progress(Progress(stage="train", done=40, total=100))
    started(context, Kind.CAST)
    assert status(Status(), context, ignore_progress).text.splitlines() == [
        "studio: 1:1, drawn with micro, no locked style.",
        "Daro: 1 reference image, gate not asked yet, LoRA versions v1, v1 in use.",
        "Scene 12 (a cafe, soft window light): 2 shots, 2 takes, 0 picked.",
        "train of Daro is running, 40 of 100.",
        "cast of Daro waits for its turn.",
        "Next: shoot 12B; pick a take of 12A.",
    ]
    assert status(Status(character="Daro"), context, ignore_progress).text.splitlines() == [
        "Daro: 1 reference image, gate not asked yet, LoRA versions v1, v1 in use.",
        "Looks: default.",
        "With Daro: 2 shots, 2 takes, 0 picked.",
        "train of Daro is running, 40 of 100.",
        "cast of Daro waits for its turn.",
        "Next: Daro is ready to shoot.",
    ]


def test_status_of_nobody_lists_the_cast(context: ChatContext, daro: str) -> None:
    with pytest.raises(UnknownName, match="Lirien is not in the cast; there are: Daro"):
        status(Status(character="Lirien"), context, ignore_progress)


@pytest.mark.parametrize(
    ("known", "step"),
    [
        ({}, "cast Daro, or add photos"),
        ({"candidates": 4}, "choose a face for Daro"),
        ({"candidates": 4, "chosen_face": 2}, "build the references of Daro"),
        ({"references": 20}, "ask the gate about the references of Daro"),
        ({"references": 20, "gate": Outcome.PASS}, "train Daro"),
        ({"references": 20, "gate": Outcome.REVIEW}, "train Daro"),
        ({"references": 20, "gate": Outcome.REJECT}, "the gate refused the references of Daro"),
        ({"versions": (1,), "version_in_use": 1}, "Daro is ready to shoot"),
    ],
)
def test_a_character_s_next_step(known: dict[str, object], step: str) -> None:
    character = CharacterState.model_validate({"name": "Daro", **known})
    assert next_step(character).startswith(step)


def test_the_next_steps_of_shots() -> None:
    ready = CharacterState(name="Daro", versions=(1,), version_in_use=1)
    digest = StudioDigest(production="x", characters=(ready,))
    assert production_steps(digest) == ["plan a scene, or describe a shot"]
    done = ShotState(slate="1A", framing=Framing.WIDE, takes=1, picked="1A T1")
    scene = SceneState(number=1, shots=(done,))
    assert production_steps(digest.model_copy(update={"scenes": (scene,)})) == ["deliver the picks"]
    many = tuple(ShotState(slate=f"1{letter}", framing=Framing.WIDE) for letter in "ABCDEFGH")
    digest = digest.model_copy(update={"scenes": (SceneState(number=1, shots=many),)})
    assert production_steps(digest) == ["shoot 1A, 1B, 1C, 1D, 1E, 1F and 2 more"]


def test_picked_shots_are_counted(context: ChatContext, daro: str) -> None:
    plan(context.services, shot("12A"))
    (only,) = takes(context.services, shot("12A"), [PASSED])
    with context.services.database.session() as session:
        pick_take(session=session, take_id=only.id)
    assert "1 shot, 1 take, 1 picked" in status(Status(), context, ignore_progress).text
