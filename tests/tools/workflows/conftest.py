from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.paid_parts import PaidBackend, paid_studio
from tools.compose import Studio, build_services, build_studio
from tools.contracts.briefs import CharacterBrief
from tools.services import Services
from tools.settings import Settings
from tools.workflows.people.characters import LoadedCharacter, load_character
from tools.workflows.people.create import CreateRequest, create

BRIEF = CharacterBrief(
    name="Daro",
    person="man",
    age="young",
    skin="tan skin",
    hair="short black hair",
    eyes="green eyes",
    wardrobe=("white coat",),
)


@pytest.fixture
def services(tmp_path: Path) -> Services:
    """A fresh studio."""
    return build_services(Settings(home=tmp_path / "studio", device="cpu", threads=1))


@pytest.fixture
def make_character(services: Services) -> Callable[..., LoadedCharacter]:
    """Store Daro, with whatever a test wants different."""

    def make(**changes: object) -> LoadedCharacter:
        brief = CharacterBrief.model_validate(BRIEF.model_dump() | changes)
        create(services, CreateRequest(brief=brief))
        return load_character(services, "studio", brief.name)

    return make


@pytest.fixture
def daro(make_character: Callable[..., LoadedCharacter]) -> LoadedCharacter:
    return make_character()


@pytest.fixture
def backend() -> PaidBackend:
    """Draws noise at four cents a picture."""
    return PaidBackend()


@pytest.fixture
def noise_studio(
    tmp_path: Path, micro_home: Path, backend: PaidBackend, one_thread: None
) -> Studio:
    """A studio with Daro in it that draws noise, and sees Daro in whatever it looks at."""
    settings = Settings(home=tmp_path / "noise", device="cpu", threads=1, base="micro")
    studio = paid_studio(build_studio(settings, bases_home=micro_home), backend)
    create(studio.services, CreateRequest(brief=BRIEF))
    return studio
