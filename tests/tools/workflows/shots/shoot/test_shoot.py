from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.filled_studio import plan, shot, trained
from tests.support.micro_studio import WELL_READ, frame
from tests.support.several_sizes import SHAPES, with_several_sizes
from tools.compose import Studio
from tools.contracts.briefs import AspectRatio
from tools.contracts.progress import ignore_progress
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.errors import BadInput
from tools.imaging.pictures import load_picture
from tools.services import Services
from tools.workflows.shots.compare import compare
from tools.workflows.shots.decide.omit import omit
from tools.workflows.shots.shoot.shoot import shoot


@pytest.fixture
def services(noise_studio: Studio) -> Services:
    return noise_studio.services


def asked(services: Services, *, planned: bool) -> ShootRequest:
    """Shots 1A and 1B, as they stand in the shot table or in a list of the director's own."""
    version = trained(services, frames=[frame(2, number) for number in WELL_READ])
    adapter = CharacterAdapter(character="Daro", reference_set_id=version.reference_set_id)
    return ShootRequest(
        production="studio",
        base="micro",
        adapter=adapter,
        shots=(shot("1A"), shot("1B")),
        seed=5,
        max_tries=1,
        planned=planned,
    )


def test_a_shot_that_was_omitted_after_it_was_asked_for_is_passed_over(services: Services) -> None:
    plan(services, shot("1A"), shot("1B"))
    request = asked(services, planned=True)
    omit(services, "studio", ["1A"])
    assert [take.take for take in shoot(services, request, ignore_progress).takes] == ["1B T1"]
    omit(services, "studio", [], scene=1)
    again = request.model_copy(update={"seed": 6})
    assert shoot(services, again, ignore_progress).takes == ()


def test_a_shot_list_with_an_omitted_slate_is_refused(services: Services) -> None:
    request = asked(services, planned=False)
    shoot(services, request, ignore_progress)
    omit(services, "studio", ["1B"])
    with pytest.raises(BadInput, match="shot 1B was omitted; plan a new one, or bring it back"):
        shoot(services, request.model_copy(update={"seed": 6}), ignore_progress)


@pytest.mark.parametrize("ratio", SHAPES)
def test_takes_and_what_they_are_compared_with_have_the_productions_shape(
    services: Services, micro_home: Path, ratio: AspectRatio
) -> None:
    request = asked(services, planned=False)
    services = with_several_sizes(services, micro_home, ratio)
    for verb in (shoot, compare):
        for take in verb(services, request, ignore_progress).takes:
            picture = load_picture(services.files.path(str(take.digest)))
            assert picture.size == SHAPES[ratio]
