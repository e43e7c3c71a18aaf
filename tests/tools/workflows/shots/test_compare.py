from __future__ import annotations

from tests.support.filled_studio import shot, trained
from tests.support.micro_studio import WELL_READ, frame
from tools.compose import Studio
from tools.contracts.progress import Progress, ignore_progress
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.store.take import list_production_takes
from tools.workflows.digest import production_row
from tools.workflows.shots.compare import compare
from tools.workflows.shots.shoot.shoot import shoot


def test_the_base_draws_the_first_tries_words_and_seeds_and_nothing_becomes_a_take(
    noise_studio: Studio,
) -> None:
    services, told = noise_studio.services, list[Progress]()
    version = trained(services, frames=[frame(2, number) for number in WELL_READ])
    adapter = CharacterAdapter(
        character="Daro", reference_set_id=version.reference_set_id, lora_version_id=version.id
    )
    request = ShootRequest(
        production="studio",
        base="micro",
        adapter=adapter,
        shots=tuple(shot(f"1{letter}") for letter in "ABCDE"),
        seed=5,
        max_tries=1,
    )
    alone = compare(services, request, told.append)
    assert [each.take for each in alone.takes] == [f"1{letter} base" for letter in "ABCDE"]
    batches = [each.done for each in told if "step" not in each.note]
    assert batches == [4, 5], "in the batches of a shoot"
    owner = production_row(services, "studio").id
    with services.database.reading() as session:
        assert list_production_takes(session=session, production_id=owner) == []
    own = shoot(services, request, ignore_progress)
    assert [(each.prompt, each.seed) for each in alone.takes] == [
        (each.prompt, each.seed) for each in own.takes
    ]
    assert all(services.files.path(each.digest).is_file() for each in alone.takes)
