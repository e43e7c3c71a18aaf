"""What a base that takes reference pictures is shown, and how the prompt says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.filled_studio import shot, trained
from tests.support.micro_studio import WELL_READ, frame
from tests.support.tiny_models import build_tiny_klein
from tools.backends.bases import BaseCatalog, read_table
from tools.backends.local.draw import LocalBackend
from tools.contracts.bases import BaseRow
from tools.contracts.images import ImageRequest, Purpose
from tools.contracts.model import Size
from tools.contracts.progress import ignore_progress
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.imaging.pictures import load_picture
from tools.language.prompt.anchor import same_anchor, split_anchor
from tools.references.ranking import ranked
from tools.services import Services
from tools.store.reference_set import list_images
from tools.store.take import take_of_slate
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.shoot.requests import compose_take
from tools.workflows.shots.shoot.shoot import shoot
from tools.workflows.shots.shoot.shown import with_references
from tools.workflows.shots.shoot.sketches import lay_out

FRAMES = [frame(2, number) for number in WELL_READ]


@pytest.fixture
def klein(services: Services) -> BaseRow:
    """The row of a base that takes four pictures; nothing of it need be installed to write prompts."""
    return services.catalog.row("flux2-klein-4b")


def test_the_best_of_the_set_are_named_before_the_anchor(
    services: Services, daro: LoadedCharacter, klein: BaseRow
) -> None:
    version = trained(services, frames=FRAMES)
    adapter = CharacterAdapter(character="Daro", reference_set_id=version.reference_set_id)
    composed = compose_take(services, daro, shot("1A"), klein)

    shown = with_references(services, composed, adapter, shot("1A"), klein)

    with services.database.reading() as session:
        images = list_images(session=session, set_id=version.reference_set_id)
    assert shown.references == tuple(each.digest for each in ranked(images, shot("1A"))[:4])
    scene, anchor = split_anchor(shown.composed.text, composed.cast)
    assert scene == f"{split_anchor(composed.text, composed.cast)[0]}, " + (
        "images 1 to 4 show Daro"
    )
    assert anchor == same_anchor(composed.cast)


def test_without_a_set_the_portraits_are_shown_in_the_place_of_a_start_picture(
    services: Services, daro: LoadedCharacter, klein: BaseRow
) -> None:
    adapter = CharacterAdapter(character="Daro", portraits=("a" * 64,))
    composed = compose_take(services, daro, shot("1A"), klein)
    shown = with_references(services, composed, adapter, shot("1A"), klein)
    assert shown.references == ("a" * 64,)
    assert ", image 1 shows Daro, SAME Daro: " in shown.composed.text

    request = ShootRequest(
        production="studio", base=klein.name, adapter=adapter, shots=(shot("1A"),), seed=1
    )
    assert lay_out(services, request, shot("1A"), klein, klein.sizes[0]) is None


def test_a_base_that_takes_none_and_a_person_without_pictures_leave_the_prompt_alone(
    services: Services, daro: LoadedCharacter, klein: BaseRow
) -> None:
    version = trained(services, frames=FRAMES)
    adapter = CharacterAdapter(character="Daro", reference_set_id=version.reference_set_id)
    for row, who in (
        (services.catalog.row("maquette"), adapter),
        (klein, CharacterAdapter(character="Daro")),
    ):
        composed = compose_take(services, daro, shot("1A"), row)
        shown = with_references(services, composed, who, shot("1A"), row)
        assert (shown.composed, shown.references) == (composed, ())


@pytest.fixture
def small(services: Services, klein: BaseRow, tmp_path: Path) -> Services:
    """The studio with a tiny random klein, which draws small pictures."""
    size = Size(width=128, height=128)
    rows = [
        row.model_copy(update={"sizes": (size,)}) if row.name == klein.name else row
        for row in read_table()
    ]
    catalog = BaseCatalog(tmp_path / "home", rows)
    catalog.add(klein.name, str(build_tiny_klein(tmp_path / "klein")))
    backend = LocalBackend(catalog, services.files.path, device="cpu")
    return replace(services, catalog=catalog, load_backend=lambda: backend)


def test_a_sketch_is_drawn_with_them(small: Services, daro: LoadedCharacter) -> None:
    version = trained(small, frames=FRAMES)
    adapter = CharacterAdapter(character="Daro", reference_set_id=version.reference_set_id)
    request = ShootRequest(
        production="studio",
        base="flux2-klein-4b",
        adapter=adapter,
        shots=(shot("1A"),),
        seed=1,
        max_tries=1,
    )

    (taken,) = shoot(small, request, ignore_progress).takes

    with small.database.reading() as session:
        stored = take_of_slate(session=session, production_id=daro.production_id, slate=taken.take)
    asked = ImageRequest.model_validate_json(stored.request)
    assert len(asked.references) == 4
    assert (asked.init_image, asked.purpose) == (None, Purpose.SKETCH)
    assert "images 1 to 4 show Daro, SAME Daro: " in asked.prompt
    assert load_picture(small.files.path(taken.digest)).size == (128, 128)
