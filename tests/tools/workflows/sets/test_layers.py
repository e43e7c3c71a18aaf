from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.micro_studio import WELL_READ, frame
from tests.support.several_sizes import SHAPES, with_several_sizes
from tools.compose import Studio
from tools.contracts.briefs import AspectRatio
from tools.contracts.casting import LayeredSetRequest, LayerRequest
from tools.contracts.photography import Layer
from tools.contracts.progress import Progress, ignore_progress
from tools.errors import Refused
from tools.imaging.pictures import load_picture
from tools.references.plan import make_plan
from tools.services import Services
from tools.store.reference_set import get_set, list_images
from tools.workflows.sets.build.handing_over import store_layers
from tools.workflows.sets.layers import draw_layer, sheet_parents


@pytest.fixture
def services(noise_studio: Studio) -> Services:
    return noise_studio.services


def request(services: Services) -> LayerRequest:
    portraits = tuple(services.files.put_file(frame(2, each)).digest for each in WELL_READ)
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


def test_every_image_has_its_parent_its_words_and_its_distance(services: Services) -> None:
    asked, told = request(services), list[Progress]()
    made = draw_layer(services, asked, told.append)
    settled = {each.position for each in made.images} | {each.position for each in made.given_up}
    assert settled == {each.position for each in asked.planned}
    assert made.images
    parents = {each.digest for each in asked.parents}
    for image in made.images:
        assert image.parent in parents
        assert image.layer is Layer.CLOSE_UP
        assert image.caption is not None
        assert image.caption.startswith("Daro, close-up")
        assert image.csfd is not None
        assert services.files.path(image.digest).is_file()
    read = [each.csfd for each in made.images if each.csfd is not None]
    assert made.csfd_mean == pytest.approx(sum(read) / len(read), abs=1e-3)
    assert (told[-1].done, told[-1].total) == (len(asked.planned), len(asked.planned))


def test_a_layer_is_drawn_in_the_productions_frame(services: Services, micro_home: Path) -> None:
    wide = with_several_sizes(services, micro_home, AspectRatio.WIDE)
    images = draw_layer(wide, request(services), ignore_progress).images
    assert images
    for image in images:
        picture = load_picture(services.files.path(image.digest))
        assert picture.size == SHAPES[AspectRatio.WIDE]


def test_a_layer_without_parents_is_refused(services: Services) -> None:
    bare = request(services).model_copy(update={"parents": ()})
    with pytest.raises(Refused, match="layer close-up has no accepted image to be drawn from"):
        draw_layer(services, bare, ignore_progress)


def test_accepted_images_become_the_next_set(services: Services) -> None:
    images = draw_layer(services, request(services), ignore_progress).images
    asked = LayeredSetRequest(production="studio", character="Daro", images=images)
    made = store_layers(services, asked, ignore_progress)
    assert (made.version, made.count) == (1, len(images))
    with services.database.reading() as session:
        assert get_set(session=session, set_id=made.reference_set_id).verdict is None
        rows = list_images(session=session, set_id=made.reference_set_id)
    assert [(row.digest, row.caption) for row in rows] == [(i.digest, i.caption) for i in images]
    assert store_layers(services, asked, ignore_progress).version == 2
