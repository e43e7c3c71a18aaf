"""A served studio with two productions, three people and a few takes, for tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.filled_studio import PASSED, plan, shot, takes
from tests.support.page_orders import Bodies
from tests.support.served_page import House, add_people, open_studio, served
from tools.compose import Studio
from tools.store.production import get_production


def fill(studio: Studio) -> None:
    """People, and three takes of shot 12A in both productions."""
    add_people(studio)
    for production in ("Harbour", "Desert"):
        asked = shot("12A")
        plan(studio.services, asked, production=production)
        side = 600 if production == "Harbour" else 32
        takes(studio.services, asked, [PASSED] * 3, production=production, side=side)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Shared by all tests of a run: a test that changes something undoes it or uses its own rows."""
    studio = open_studio(tmp_path_factory.mktemp("house"))
    fill(studio)
    with served(studio) as opened:
        yield opened


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """One of a test's own."""
    studio = open_studio(tmp_path / "home")
    fill(studio)
    with served(studio) as opened:
        yield opened


@dataclass(frozen=True)
class Browsers:
    """Clients of the shared house, each signed in once."""

    ida: httpx.Client
    rosa: httpx.Client
    dan: httpx.Client
    stranger: httpx.Client


@pytest.fixture(scope="session")
def browsers(house: House) -> Iterator[Browsers]:
    with ExitStack() as stack:
        names = ("Ida", "Rosa", "Dan", None)
        yield Browsers(*(stack.enter_context(house.browser(name)) for name in names))


@pytest.fixture(scope="session")
def harbour(house: House) -> str:
    return production_id(house, "Harbour")


@pytest.fixture(scope="session")
def desert(house: House) -> str:
    return production_id(house, "Desert")


@pytest.fixture
def bodies(house: House, harbour: str) -> Bodies:
    return Bodies(house, harbour)


def production_id(house: House, name: str) -> str:
    with house.studio.services.database.reading() as session:
        return get_production(session=session, name=name).id
