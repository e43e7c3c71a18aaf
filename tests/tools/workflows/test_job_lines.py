from __future__ import annotations

import pytest

from tests.support.filled_studio import shot
from tools.contracts.casting import CastingRequest
from tools.contracts.delivery import DeliverRequest, DeliveryTake
from tools.contracts.model import Contract
from tools.contracts.sets import GateRequest
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.store.job import Job, JobState
from tools.workflows.job_lines import job_line, job_subject, listed_slates

ADAPTER = CharacterAdapter(character="Daro", reference_set_id="a")


@pytest.mark.parametrize(
    ("request_", "subject"),
    [
        (CastingRequest(production="studio", character="Mara", base="maquette", seed=1), "Mara"),
        (
            ShootRequest(
                production="studio",
                base="maquette",
                adapter=ADAPTER,
                shots=(shot("1A"), shot("1B")),
                seed=1,
            ),
            "Daro 1A, 1B",
        ),
        (
            DeliverRequest(
                production="studio",
                stamp="2026-01-01_001",
                aspect_ratio="1:1",
                takes=(DeliveryTake(take="1A T2", digest="a" * 64),),
            ),
            "1A T2",
        ),
        (GateRequest(reference_set_id="a"), ""),
    ],
)
def test_a_job_is_about_its_character_and_its_slates(request_: Contract, subject: str) -> None:
    assert job_subject(request_.model_dump_json()) == subject


def test_a_line_says_how_far_it_is() -> None:
    job = Job(
        id="j",
        key="k",
        kind="cast",
        payload='{"character": "Daro"}',
        state=JobState.CLAIMED,
        done=2,
        total=4,
    )
    line = job_line(job)
    assert (line.subject, line.state, line.done, line.total) == ("Daro", "claimed", 2, 4)


def test_of_many_slates_the_first_are_named() -> None:
    assert listed_slates([]) == ""
    assert listed_slates([f"{number}A" for number in range(1, 10)]) == (
        "1A, 2A, 3A, 4A, 5A, 6A and 3 more"
    )
