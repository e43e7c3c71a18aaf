"""What needs a base on this machine refuses an endpoint in one clear line, and makes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.endpoint_table import LOCAL, write_table
from tests.support.filled_studio import shot, trained
from tests.support.image_requests import image_request
from tests.support.micro_studio import frame
from tools.backends.bases import BaseCatalog, read_table
from tools.backends.local.draw import LocalBackend
from tools.backends.local.trainer import LocalTrainer
from tools.contracts.bases import AddBaseRequest
from tools.contracts.casting import CastingRequest, LayerRequest
from tools.contracts.learning import LearnRequest
from tools.contracts.photography import Layer
from tools.contracts.progress import ignore_progress
from tools.contracts.sets import PhotoFile, PhotoSetRequest
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.contracts.training import LoraConfig
from tools.errors import BadInput
from tools.references.plan import make_plan
from tools.services import Services
from tools.workflows.bases.doctor import diagnose
from tools.workflows.bases.install_base import install_base
from tools.workflows.digest import usable_bases
from tools.workflows.lora.train import train
from tools.workflows.people.casting import cast
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.people.production_settings import ProductionChange, change_production
from tools.workflows.sets.layers import draw_layer, sheet_parents
from tools.workflows.sets.photos.audit import audit_folder
from tools.workflows.sets.photos.take_photos import take_photos
from tools.workflows.shots.compare import compare
from tools.workflows.shots.shoot.shoot import shoot

CLOUD = "nano-banana-2"
CONFIG = LoraConfig(steps=1)


@pytest.fixture
def cloud(services: Services, tmp_path: Path, daro: LoadedCharacter) -> Services:
    """The studio, whose table has an endpoint too."""
    catalog = BaseCatalog(services.settings.home, read_table(write_table(tmp_path)))
    backend = LocalBackend(catalog, services.files.path, device="cpu")
    trainer = LocalTrainer(catalog, device="cpu")
    return replace(
        services, catalog=catalog, load_backend=lambda: backend, load_trainer=lambda: trainer
    )


def shoot_request(services: Services) -> ShootRequest:
    version = trained(services, frames=[frame(2, 0)])
    adapter = CharacterAdapter(character="Daro", reference_set_id=version.reference_set_id)
    return ShootRequest(
        production="studio", base=CLOUD, adapter=adapter, shots=(shot("1A"),), seed=1
    )


def cast_there(services: Services) -> None:
    request = CastingRequest(production="studio", character="Daro", base=CLOUD, seed=1)
    cast(services, request, ignore_progress)


def layer_there(services: Services) -> None:
    face = services.files.put_file(frame(2, 0)).digest
    request = LayerRequest(
        production="studio",
        character="Daro",
        base=CLOUD,
        layer=Layer.CLOSE_UP,
        planned=make_plan(12).of_layer(Layer.CLOSE_UP),
        parents=sheet_parents([face]),
        anchors=(face,),
        seed=1,
    )
    draw_layer(services, request, ignore_progress)


def take_photos_there(services: Services) -> None:
    photo = PhotoFile(name="a.webp", digest=services.files.put_file(frame(2, 0)).digest)
    request = PhotoSetRequest(production="studio", character="Daro", base=CLOUD, photos=(photo,))
    take_photos(services, request, ignore_progress)


def train_there(services: Services) -> None:
    request = LearnRequest(
        production="studio", character="Daro", base=CLOUD, reference_set_id="a", config=CONFIG
    )
    train(services, request, ignore_progress)


PLACES: dict[str, Callable[[Services], object]] = {
    "cast": cast_there,
    "layer": layer_there,
    "photos": take_photos_there,
    "audit": lambda services: audit_folder(services, frame(2, 0).parent, CLOUD, ignore_progress),
    "train": train_there,
    "shoot": lambda services: shoot(services, shoot_request(services), ignore_progress),
    "compare": lambda services: compare(services, shoot_request(services), ignore_progress),
    "settings": lambda services: change_production(
        services, "studio", ProductionChange(base=CLOUD)
    ),
    "install": lambda services: install_base(
        services, AddBaseRequest(name=CLOUD, source="owner/name"), ignore_progress
    ),
    "backend": lambda services: list(services.backend.draw([image_request(CLOUD)])),
    "trainer": lambda services: list(
        services.trainer.train(CLOUD, [], CONFIG, services.settings.home / "run")
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_endpoint_is_refused_by_name(cloud: Services, place: str) -> None:
    with pytest.raises(
        BadInput,
        match=r"^base nano-banana-2 is an endpoint \(fal-ai/nano-banana-2\); what is asked needs a "
        rf"base on this machine: {', '.join(LOCAL)}$",
    ):
        PLACES[place](cloud)


def test_an_endpoint_is_listed_beside_the_others_and_draws_nothing_yet(cloud: Services) -> None:
    [found] = [each for each in diagnose(cloud).bases if each.what == CLOUD]
    assert not found.ok
    assert found.detail.startswith(
        "Nano Banana 2; the provider's terms; ask before commercial use; an endpoint"
    )
    assert usable_bases(cloud) == ("maquette",)
