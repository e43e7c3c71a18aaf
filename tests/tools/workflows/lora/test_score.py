from __future__ import annotations

import pytest

from tests.support.filled_studio import trained
from tests.support.micro_studio import WELL_READ, frame
from tests.support.paid_parts import A_PICTURE, PaidBackend
from tools.compose import Studio
from tools.contracts.progress import Progress
from tools.store.ledger import spent
from tools.store.lora_version import LoraVersion
from tools.workflows.drawing import Bill
from tools.workflows.lora.score import SCORE_LIGHT, Scoring, identity_score
from tools.workflows.people.characters import load_character


@pytest.fixture
def version(noise_studio: Studio) -> LoraVersion:
    return trained(noise_studio.services, frames=[frame(2, number) for number in WELL_READ])


def scoring(studio: Studio, version: LoraVersion, told: list[Progress], *seeds: int) -> Scoring:
    character = load_character(studio.services, "studio", "Daro")
    return Scoring(
        services=studio.services,
        bill=Bill(studio.services, character.production_id, "k" * 64),
        character=character,
        row=studio.services.catalog.row("micro"),
        reference_set_id=version.reference_set_id,
        calibration="maquette",
        seeds=seeds,
        steps=2,
        progress=told.append,
    )


def test_a_close_up_a_seed_is_drawn_with_the_adapter_and_held_against_the_set(
    noise_studio: Studio, version: LoraVersion, backend: PaidBackend
) -> None:
    told = list[Progress]()
    score = identity_score(scoring(noise_studio, version, told, 7, 8), version.digest)
    assert score is not None
    assert score >= 0
    assert [request.seed for request in backend.asked] == [7, 8]
    assert {request.loras[0].digest for request in backend.asked} == {version.digest}
    assert all(SCORE_LIGHT in request.prompt for request in backend.asked)
    assert {each.stage for each in told} == {"score"}
    with noise_studio.services.database.reading() as session:
        owner = load_character(noise_studio.services, "studio", "Daro").production_id
        assert spent(session=session, production_id=owner) == 2 * A_PICTURE


def test_no_seed_gives_no_score(
    noise_studio: Studio, version: LoraVersion, backend: PaidBackend
) -> None:
    assert identity_score(scoring(noise_studio, version, []), version.digest) is None
    assert backend.drawn == 0
