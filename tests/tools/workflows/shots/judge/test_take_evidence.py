from __future__ import annotations

from tests.support.filled_studio import PASSED, plan, shot, takes, trained
from tests.support.micro_studio import WELL_READ, frame
from tools.compose import Studio
from tools.contracts.photography import Framing
from tools.contracts.shooting import CharacterAdapter, ShootRequest, ShootResult
from tools.store.shot import get_shot, revise_shot
from tools.store.take import take_of_slate
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind
from tools.workflows.shots.judge.take_evidence import (
    Evidence,
    evidence_of,
    judge_again,
    judge_of,
    stored_verdict,
    threshold_of,
)


def evidence(studio: Studio, slate: str) -> Evidence:
    owner = production_row(studio.services, "studio").id
    with studio.services.database.reading() as session:
        take = take_of_slate(session=session, production_id=owner, slate=slate)
        return evidence_of(studio.services, session, take)


def test_a_take_is_held_against_what_its_shoot_was_asked_with(noise_studio: Studio) -> None:
    services = noise_studio.services
    version = trained(services, frames=[frame(2, number) for number in WELL_READ])
    plan(services, shot("1A"))
    adapter = CharacterAdapter(
        character="Daro", reference_set_id=version.reference_set_id, lora_version_id=version.id
    )
    request = ShootRequest(
        production="studio",
        base="micro",
        adapter=adapter,
        shots=(shot("1A"),),
        seed=5,
        max_tries=1,
        planned=True,
    )
    [taken] = noise_studio.worker.call(Kind.SHOOT, request, ShootResult).takes
    owner = production_row(services, "studio").id
    with services.database.session() as session:
        row = get_shot(session=session, production_id=owner, slate="1A")
        wider = shot("1A", framing=Framing.WIDE)
        revise_shot(session=session, shot_id=row.id, request=wider)
    found = evidence(noise_studio, "1A T1")
    assert (found.base, found.reference_set_id) == ("micro", version.reference_set_id)
    assert found.shot.framing is Framing.CLOSE_UP, "as it was drawn, not as it was revised"
    assert found.character == "Daro"
    assert threshold_of(services, found).name == request.calibration
    judge = judge_of(services, found)
    assert judge is not None
    again = judge_again(services, found, judge)
    assert again.verdict == taken.verdict
    assert again.stranger is not None


def test_without_a_shoot_the_adapters_set_counts_and_without_either_the_row(
    noise_studio: Studio,
) -> None:
    services = noise_studio.services
    version = trained(services)
    plan(services, shot("1A"), shot("1B"))
    takes(services, shot("1A"), [PASSED], lora=version)
    takes(services, shot("1B"), [PASSED])
    by_adapter = evidence(noise_studio, "1A T1")
    assert (by_adapter.base, by_adapter.reference_set_id) == ("micro", version.reference_set_id)
    alone = evidence(noise_studio, "1B T1")
    assert (alone.base, alone.reference_set_id, alone.lora) == (None, None, None)
    assert judge_of(services, alone) is None
    kept = stored_verdict(alone.take)
    assert (kept.outcome, kept.csfd_own, kept.reasons) == (
        PASSED.outcome,
        PASSED.csfd_own,
        PASSED.reasons,
    )
