from __future__ import annotations

import pytest

from tests.support.filled_studio import shot
from tools.contracts.casting import CastingRequest
from tools.contracts.sets import GateRequest
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.job import JobState
from tools.workflows.cancelling import What, cancel_work
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind


@pytest.fixture
def jobs(services: Services) -> JobStore:
    """A casting, a gate and a shoot that wait, and a casting of another production."""
    store = JobStore(services.database)
    cast = CastingRequest(production="studio", character="Daro", base="maquette", seed=1)
    adapter = CharacterAdapter(character="Daro", reference_set_id="a")
    shoot = ShootRequest(
        production="studio", base="maquette", adapter=adapter, shots=(shot("1A"),), seed=1
    )
    for production, kind, payload in (
        ("studio", Kind.CAST, cast),
        ("studio", Kind.GATE, GateRequest(reference_set_id="a")),
        ("studio", Kind.SHOOT, shoot),
        ("Salt", Kind.CAST, cast.model_copy(update={"production": "Salt"})),
    ):
        owner = production_row(services, production).id
        store.enqueue(kind=kind, payload=payload, production_id=owner)
    return store


@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("cast", {"cast"}),
        ("references", {"gate"}),
        ("train", set()),
        ("everything", {"cast", "gate", "shoot"}),
    ],
)
def test_what_is_named_is_cancelled_and_nothing_else(
    services: Services, jobs: JobStore, what: What, kinds: set[str]
) -> None:
    cancelled = cancel_work(services, jobs, "studio", what)
    assert {job.kind for job in cancelled} == kinds
    assert all(job.state is JobState.CANCELLED for job in cancelled)
    assert cancel_work(services, jobs, "studio", what) == []
    assert len(cancel_work(services, jobs, "Salt", "everything")) == 1
