from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import FinishedDemo
from tests.support.filled_studio import plan, shot, trained
from tools.compose import Studio, build_studio
from tools.contracts.photography import Framing
from tools.contracts.shooting import CharacterAdapter, ShootRequest, ShootResult
from tools.errors import BadInput
from tools.jobs.job_store import JobStore
from tools.jobs.local_worker import read_result
from tools.services import Services
from tools.settings import Settings
from tools.store.character import choose_lora
from tools.store.production import list_productions
from tools.store.shot import get_shot, revise_shot
from tools.workflows.job_kinds import job_kinds
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.judge.explain import explain_take, explanation_lines
from tools.workflows.shots.shoot.shoot_shots import fresh_seed, start_shoot

ADAPTER = CharacterAdapter(character="Daro", reference_set_id="a")


@pytest.fixture
def demo_studio(tmp_path: Path, finished_demo: FinishedDemo) -> Studio:
    """A copy of the studio in which the micro demo was made, with Daro and his LoRA."""
    home = tmp_path / "studio"
    shutil.copytree(finished_demo.out / "studio", home)
    settings = Settings(home=home, device="cpu", threads=1, base="micro", max_tries=1)
    return build_studio(settings, bases_home=finished_demo.home)


def test_a_shoot_draws_what_was_planned_when_it_was_started(
    demo_studio: Studio, one_thread: None
) -> None:
    services = demo_studio.services
    with services.database.reading() as session:
        (production,) = list_productions(session=session)
    asked = shot("9A", framing=Framing.MEDIUM)
    plan(services, asked, production=production.name)
    jobs = start_shoot(services, demo_studio.worker.store, production.name, ["9A"])
    with services.database.session() as session:
        row = get_shot(session=session, production_id=production.id, slate="9A")
        closer = asked.model_copy(update={"framing": Framing.CLOSE_UP})
        revise_shot(session=session, shot_id=row.id, request=closer)
    (job,) = demo_studio.worker.run_until_done(jobs)
    (taken,) = read_result(job, ShootResult).takes
    assert (taken.take, taken.framing) == ("9A T1", Framing.MEDIUM)
    assert "medium shot" in taken.prompt
    assert job_kinds()[Kind.SHOOT].units(job) == 1, "one take was made"
    again = start_shoot(services, demo_studio.worker.store, production.name, ["9A"])
    (second,) = demo_studio.worker.run_until_done(again)
    (other,) = read_result(second, ShootResult).takes
    assert (other.take, other.framing) == ("9A T2", Framing.CLOSE_UP)
    assert other.seed != taken.seed
    found = explain_take(services, production.name, "9A T1")
    assert found.verdict == taken.verdict, "judged again, the verdict is the same"
    assert explanation_lines(found)[0].startswith(f"9A T1 is a {taken.verdict.outcome.value}: ")


def test_the_chosen_version_draws(services: Services, daro: LoadedCharacter) -> None:
    first, second = trained(services, base="maquette"), trained(services, base="maquette")
    plan(services, shot("1A"))
    store = JobStore(services.database)

    def used(job_id: str) -> str | None:
        (job,) = store.jobs([job_id])
        return ShootRequest.model_validate_json(job.payload).adapter.lora_version_id

    (newest,) = start_shoot(services, store, "studio", ["1A"])
    with services.database.session() as session:
        choose_lora(session=session, character_id=daro.id, version=1)
    (chosen,) = start_shoot(services, store, "studio", ["1A"])
    assert (used(newest), used(chosen)) == (second.id, first.id)


def test_no_slates_is_no_shoot(services: Services, daro: LoadedCharacter) -> None:
    with pytest.raises(BadInput, match="no shots; plan some first, or describe one"):
        start_shoot(services, JobStore(services.database), "studio", [])


def test_a_fresh_seed_steps_over_used_ones() -> None:
    request = ShootRequest(
        production="studio", base="micro", adapter=ADAPTER, shots=(shot("1A"),), seed=0
    )
    first = fresh_seed(request, [])
    assert fresh_seed(request, []) == first
    second = fresh_seed(request, [first])
    third = fresh_seed(request, [second, first])
    assert len({first, second, third}) == 3
    clash = fresh_seed(request, [7])
    assert fresh_seed(request, [clash]) != clash
