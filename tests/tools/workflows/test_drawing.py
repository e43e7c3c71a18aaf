"""What a result cost is kept, on every path that draws or trains, and once."""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from tests.support.filled_studio import shot, trained
from tests.support.micro_studio import WELL_READ, frame
from tests.support.paid_parts import (
    A_PICTURE,
    A_TRAINING,
    SECONDS,
    Killed,
    PaidBackend,
)
from tools.compose import Studio
from tools.contracts.casting import Candidates, CastingRequest, LayerMade, LayerRequest
from tools.contracts.learning import LearnRequest, LoraMade
from tools.contracts.model import Contract
from tools.contracts.photography import Layer
from tools.contracts.progress import Progress, ignore_progress
from tools.contracts.shooting import CharacterAdapter, ShootRequest, ShootResult
from tools.contracts.training import LoraConfig
from tools.contracts.verdicts import GateImage, GateReport, Outcome
from tools.errors import Cancelled
from tools.jobs.keys import job_key
from tools.references.plan import make_plan
from tools.store.job import find_job
from tools.store.ledger import LedgerEntry
from tools.store.lora_version import LoraVersion
from tools.store.production import Production
from tools.store.reference_set import record_gate
from tools.workflows.costs import cost_report
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind
from tools.workflows.lora.train import train
from tools.workflows.people.casting import cast
from tools.workflows.sets.layers import draw_layer, sheet_parents
from tools.workflows.shots.compare import compare
from tools.workflows.shots.shoot.shoot import shoot

TOOLS = Path(__file__).parents[3] / "tools"


@pytest.fixture
def studio(noise_studio: Studio) -> Studio:
    return noise_studio


@pytest.fixture
def version(studio: Studio) -> LoraVersion:
    """Daro's reference set, which the gate has passed, and a version of it."""
    found = trained(studio.services, frames=[frame(2, number) for number in WELL_READ])
    with studio.services.database.session() as session:
        record_gate(session=session, set_id=found.reference_set_id, report=passing())
    return found


def passing() -> GateReport:
    images = tuple(
        GateImage(file=str(number), csfd=0.0, verdict=Outcome.PASS, reason="")
        for number in WELL_READ
    )
    return GateReport(
        verdict=Outcome.PASS, csfd_mean=0.0, csfd_worst=0.0, threshold=1.0, images=images
    )


def bill(studio: Studio) -> list[LedgerEntry]:
    with studio.services.database.reading() as session:
        return list(session.exec(select(LedgerEntry)))


def casting(candidates: int = 3) -> CastingRequest:
    return CastingRequest(
        production="studio", character="Daro", base="micro", candidates=candidates, seed=1
    )


def shoot_request(version: LoraVersion) -> ShootRequest:
    adapter = CharacterAdapter(
        character="Daro", reference_set_id=version.reference_set_id, lora_version_id=version.id
    )
    return ShootRequest(
        production="studio",
        base="micro",
        adapter=adapter,
        shots=(shot("1A"), shot("1B")),
        seed=5,
        max_tries=1,
    )


def layer_request(studio: Studio) -> LayerRequest:
    files = studio.services.files
    portraits = tuple(files.put_file(frame(2, number)).digest for number in WELL_READ)
    return LayerRequest(
        production="studio",
        character="Daro",
        base="micro",
        layer=Layer.CLOSE_UP,
        planned=make_plan(12).of_layer(Layer.CLOSE_UP),
        parents=sheet_parents(portraits),
        anchors=portraits,
        seed=3,
    )


def learn_request(version: LoraVersion) -> LearnRequest:
    return LearnRequest(
        production="studio",
        character="Daro",
        base="micro",
        reference_set_id=version.reference_set_id,
        config=LoraConfig(steps=2, rank=4, alpha=4, batch_size=2, crop_share=0, resolution=64),
        regularisation_images=2,
        score_seeds=(1, 2, 3),
    )


def require_booked(
    studio: Studio, kind: Kind, request: Contract, pictures: int, more: Decimal = Decimal(0)
) -> None:
    """The ledger holds what the pictures cost, under their job, and the cost report says so."""
    entries = bill(studio)
    assert sum(entry.amount for entry in entries) == pictures * A_PICTURE + more
    with studio.services.database.reading() as session:
        job = find_job(session=session, key=job_key(kind, request))
        assert job is not None
    assert {entry.job_id for entry in entries} == {job.id}
    assert {entry.base for entry in entries} == {"micro"}
    drawn = [entry for entry in entries if entry.amount == A_PICTURE]
    assert [entry.seconds for entry in drawn] == [SECONDS] * pictures
    assert cost_report(studio.services, "studio").spent == pictures * A_PICTURE + more


def test_casting_books_every_sheet(studio: Studio) -> None:
    studio.worker.call(Kind.CAST, casting(), Candidates)
    require_booked(studio, Kind.CAST, casting(), 3)


def test_a_layer_books_every_roll(studio: Studio, backend: PaidBackend) -> None:
    request = layer_request(studio)
    made = studio.worker.call(Kind.LAYER, request, LayerMade)
    assert made.drawn == backend.drawn > 0
    require_booked(studio, Kind.LAYER, request, backend.drawn)


def test_a_shoot_books_every_take(studio: Studio, version: LoraVersion) -> None:
    request = shoot_request(version)
    studio.worker.call(Kind.SHOOT, request, ShootResult)
    require_booked(studio, Kind.SHOOT, request, 2)


def test_the_bases_own_row_is_booked(studio: Studio, version: LoraVersion) -> None:
    request = shoot_request(version)
    studio.worker.call(Kind.COMPARE, request, ShootResult)
    require_booked(studio, Kind.COMPARE, request, 2)


def test_training_books_regularisation_score_and_the_trainer(
    studio: Studio, version: LoraVersion
) -> None:
    request = learn_request(version)
    studio.worker.call(Kind.TRAIN, request, LoraMade)
    require_booked(studio, Kind.TRAIN, request, 2 + 3, more=A_TRAINING)


def test_the_report_says_what_each_kind_of_job_cost(studio: Studio) -> None:
    owner = production_row(studio.services, "studio").id
    studio.worker.call(Kind.CAST, casting(), Candidates, production_id=owner)
    [line] = cost_report(studio.services, "studio").work
    assert (line.kind, line.jobs, line.spent) == ("cast", 1, 3 * A_PICTURE)


def test_a_killed_and_resumed_job_books_once(studio: Studio, backend: PaidBackend) -> None:
    backend.dies_after = 2
    with pytest.raises(Killed):
        studio.worker.call(Kind.CAST, casting(), Candidates)
    assert sum(entry.amount for entry in bill(studio)) == 2 * A_PICTURE
    studio.worker.call(Kind.CAST, casting(), Candidates)
    assert backend.drawn == 2 + 3
    require_booked(studio, Kind.CAST, casting(), 3)


def test_what_was_paid_is_booked_even_over_the_budget(studio: Studio) -> None:
    with studio.services.database.session() as session:
        owner = session.exec(select(Production)).one()
        owner.budget = Decimal("0.05")
        session.add(owner)
    studio.worker.call(Kind.CAST, casting(), Candidates)
    assert cost_report(studio.services, "studio").left == Decimal("0.05") - 3 * A_PICTURE


def test_a_verb_that_is_called_without_a_job_books_too(
    studio: Studio, version: LoraVersion
) -> None:
    compare(studio.services, shoot_request(version), ignore_progress)
    assert [entry.job_id for entry in bill(studio)] == [None, None]


@pytest.mark.parametrize("work", ["sheets", "layer", "takes", "the base alone", "class", "score"])
def test_every_drawing_tells_its_steps_and_stops_within_them(
    work: str, studio: Studio, version: LoraVersion, backend: PaidBackend
) -> None:
    """A card that is slow takes minutes a batch: to cancel between batches is no cancelling."""
    services = studio.services

    def cancel(progress: Progress) -> None:
        stage = {"class": "regularisation", "score": "score"}.get(work, progress.stage)
        if progress.stage == stage and "step" in progress.note:
            raise Cancelled(progress.note)

    verbs: dict[str, Callable[[], object]] = {
        "sheets": lambda: cast(services, casting(), cancel),
        "layer": lambda: draw_layer(services, layer_request(studio), cancel),
        "takes": lambda: shoot(services, shoot_request(version), cancel),
        "the base alone": lambda: compare(services, shoot_request(version), cancel),
        "class": lambda: train(services, learn_request(version), cancel),
        "score": lambda: train(services, learn_request(version), cancel),
    }
    with pytest.raises(Cancelled, match="step 1 of "):
        verbs[work]()
    assert backend.drawn == {"score": 2 + 1}.get(work, 1)


def test_nobody_else_asks_a_backend_or_a_trainer() -> None:
    """A path that went round `drawing` would lose its bill."""
    asking = {
        path.relative_to(TOOLS).as_posix()
        for path in TOOLS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in ("backend", "trainer")
        and ast.unparse(node.value).endswith("services")
    }
    assert asking == {"workflows/drawing.py"}
