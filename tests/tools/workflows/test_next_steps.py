"""What comes next, from a digest."""

from __future__ import annotations

from tools.contracts.digest import CharacterState, JobLine, StudioDigest
from tools.workflows.next_steps import next_step, production_steps

MARTA = CharacterState(name="Marta", chosen_face=2)


def _job(kind: str, subject: str) -> JobLine:
    return JobLine(id="1", kind=kind, state="claimed", subject=subject)


def test_a_step_that_is_under_way_is_not_asked_for_again() -> None:
    running = (_job("build-set", "Marta"),)
    assert next_step(MARTA) == "build the references of Marta"
    assert next_step(MARTA, running) == "wait for the build set of Marta"
    digest = StudioDigest(production="studio", characters=(MARTA,), jobs=running)
    assert production_steps(digest) == ["wait for the build set of Marta"]


def test_jobs_of_others_and_deliveries_do_not_count() -> None:
    jobs = (_job("build-set", "Daro"), _job("deliver", "Marta"))
    assert next_step(MARTA, jobs) == "build the references of Marta"
