from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.micro_studio import frame
from tests.support.readable_faces import ReadableFaces
from tools.contracts.casting import CandidateFace, Candidates, GivenUp, LayerMade, LayerRequest
from tools.contracts.photography import Layer, View
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.contracts.references import SetImage
from tools.contracts.sets import ReferenceSetMade
from tools.errors import Refused
from tools.imaging.pictures import encode_png
from tools.jobs.handler import Handler
from tools.jobs.local_worker import LocalWorker
from tools.references.plan import make_plan
from tools.services import Services
from tools.store.reference_set import list_images
from tools.workflows.job_kinds import build_handlers
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.build.layer_folder import write_layers
from tools.workflows.sets.build.set_building import (
    GATE_ROUNDS,
    NEARER_ROUNDS,
    SetBuilder,
    SetOptions,
)
from tools.workflows.stages import StageRunner


class Painter:
    """Stands in for the model: a layer's images are plain noise, so that order and choice show."""

    def __init__(self, services: Services, eyes: ReadableFaces) -> None:
        self._services = services
        self._eyes = eyes
        self.asked: list[LayerRequest] = []
        self.fails_at: set[int] = set()
        """Positions that no try brings."""
        self.fails_in: Layer | None = None
        """A layer that no try brings."""
        self.strangers_at: set[int] = set()
        """Positions at which somebody else is drawn."""
        self.twins: dict[int, int] = {}
        """Positions at which the picture of another is drawn again."""

    def _picture(self, position: int) -> str:
        seed = self.twins.get(position, position)
        pixels = np.random.default_rng(seed).integers(0, 256, (128, 128, 3), dtype=np.uint8)
        picture = Image.fromarray(pixels)
        if position in self.strangers_at:
            self._eyes.mark_stranger(picture)
        return self._services.files.put_bytes(encode_png(picture), ".png").digest

    def _fails(self, request: LayerRequest, position: int) -> bool:
        return request.layer is self.fails_in or position in self.fails_at

    def draw(self, request: LayerRequest, progress: ProgressSink) -> LayerMade:
        progress(Progress(stage=str(request.layer), done=1, total=1))
        self.asked.append(request)
        images = [
            SetImage(
                file=f"{planned.position:02d}.png",
                digest=self._picture(planned.position),
                layer=request.layer,
                caption="Daro, close-up",
                position=planned.position,
                framing=planned.framing,
                view=planned.view,
                strength=0.6,
                tries=1,
                csfd=0.05,
            )
            for planned in request.planned
            if not self._fails(request, planned.position)
        ]
        return LayerMade(
            layer=request.layer,
            images=tuple(images),
            given_up=tuple(
                GivenUp(position=planned.position, reason="too far")
                for planned in request.planned
                if self._fails(request, planned.position)
            ),
            drawn=len(images),
            csfd_mean=0.05,
        )


@pytest.fixture
def eyes() -> ReadableFaces:
    return ReadableFaces()


@pytest.fixture
def services(services: Services, eyes: ReadableFaces) -> Services:
    """The fresh studio, with eyes that see a face in noise."""
    return replace(services, load_faces=lambda _name: eyes)


@pytest.fixture
def painter(services: Services, eyes: ReadableFaces) -> Painter:
    return Painter(services, eyes)


@pytest.fixture
def builder(services: Services, daro: LoadedCharacter, painter: Painter) -> SetBuilder:
    handlers = {
        **build_handlers(services),
        Kind.LAYER: Handler(payload=LayerRequest, result=LayerMade, work=painter.draw),
    }
    options = SetOptions(
        production="studio",
        character="Daro",
        base="maquette",
        size=20,
        seed=1,
        candidates=1,
        calibration="maquette",
    )
    stages = StageRunner(LocalWorker(services.database, handlers), ignore_progress)
    return SetBuilder(services, stages, options)


@pytest.fixture
def found(services: Services) -> Candidates:
    digest = services.files.put_file(frame(2, 0)).digest
    face = CandidateFace(
        number=1, sheet=digest, portraits=(digest,) * 6, distances=(0.1,) * 6, score=0.1
    )
    return Candidates(candidates=(face,), suggested=1)


LAYERS = [
    Layer.CLOSE_UP,
    Layer.CLOSE_UP_PORTRAIT,
    Layer.PORTRAIT,
    Layer.THREE_QUARTER,
    Layer.FULL_BODY,
]


def stored(services: Services, made: ReferenceSetMade | None) -> list[int]:
    assert made is not None
    with services.database.reading() as session:
        rows = list_images(session=session, set_id=made.reference_set_id)
    return [row.position for row in rows]


def test_all_layers_are_drawn_in_the_papers_order_each_from_those_before(
    services: Services, builder: SetBuilder, painter: Painter, found: Candidates
) -> None:
    state = builder.layers(found)
    assert [layer.layer for layer in state.made] == LAYERS
    assert stored(services, state.finished) == list(range(1, 21))
    first, *later = painter.asked
    assert {parent.layer for parent in first.parents} == {Layer.SHEET}
    for request in later:
        assert {parent.layer for parent in request.parents} <= set(
            LAYERS[: LAYERS.index(request.layer)]
        )
        assert request.anchors == found.candidates[0].portraits
    assert builder.layers(found) == state
    assert len(painter.asked) == len(LAYERS), "asked for again, nothing is drawn"


def test_other_images_stand_in_for_those_that_were_given_up(
    services: Services, builder: SetBuilder, painter: Painter, found: Candidates
) -> None:
    painter.fails_at = {2, 5, 101}
    state = builder.layers(found)
    close_ups = state.made[0]
    assert [image.position for image in close_ups.images] == [1, 3, 4, *range(6, 11), 102, 103]
    assert [each.position for each in close_ups.given_up] == [2, 5, 101]
    poses = [planned for request in painter.asked[:3] for planned in request.planned]
    assert len({(p.view, p.expression, p.tilt, p.light, p.place) for p in poses}) == len(poses)
    assert len(stored(services, state.finished)) == 20


def test_review_stops_after_each_layer_until_all_are_drawn(
    builder: SetBuilder, painter: Painter, found: Candidates
) -> None:
    for count in range(1, len(LAYERS) + 1):
        state = builder.layers(found, one_layer=True)
        assert len(state.made) == len(painter.asked) == count
        assert state.finished is None
    last = builder.layers(found, one_layer=True)
    assert last.finished is not None
    assert last.finished.count == 20


def test_a_dropped_image_is_no_parent_and_no_part_of_the_set(
    services: Services, builder: SetBuilder, painter: Painter, found: Candidates, tmp_path: Path
) -> None:
    first = builder.layers(found, one_layer=True)
    write_layers(services.files, "Daro", first.made, tmp_path)
    dropped = first.made[0].images[0]
    assert dropped.position is not None
    assert (tmp_path / dropped.file).is_file()

    state = builder.layers(found, drop=[dropped.position])
    write_layers(services.files, "Daro", state.made, tmp_path, [dropped.position])
    second = painter.asked[1]
    assert dropped.position not in {parent.position for parent in second.parents}
    assert state.finished is not None
    assert state.made[0].images[-1].position == 101, "another stands in for it"
    assert state.finished.count == 20
    assert not (tmp_path / dropped.file).exists()
    assert len(list(tmp_path.glob("[0-9]*.png"))) == 20
    assert (tmp_path / "sheet" / "contact_sheet.png").is_file()


def test_a_set_of_which_everything_is_dropped_is_refused(
    builder: SetBuilder, found: Candidates
) -> None:
    with pytest.raises(Refused, match="no layer kept an image; cast another face"):
        builder.layers(found, drop=range(1, 999))


def test_dropping_another_image_later_draws_one_picture_more(
    builder: SetBuilder, painter: Painter, found: Candidates
) -> None:
    builder.layers(found, drop=[3], one_layer=True)
    asked = list(painter.asked)
    again = builder.layers(found, drop=[3, 101], one_layer=True)
    new = painter.asked[len(asked) :]
    assert [planned.position for planned in new[0].planned] == [102]
    kept = [i.position for i in again.made[0].images if i.position not in (3, 101)]
    assert len(kept) == 10
    assert kept[-1] == 102


def test_another_image_stands_in_for_one_that_the_gate_would_refuse(
    services: Services, builder: SetBuilder, painter: Painter, found: Candidates
) -> None:
    painter.strangers_at = {3}
    painter.twins = {5: 1}
    state = builder.layers(found)
    close_ups = state.made[0]
    assert [image.position for image in close_ups.images] == [1, 2, 4, *range(6, 11), 101, 102]
    reasons = {each.position: each.reason for each in close_ups.given_up}
    assert "; drop it" in reasons[3]
    assert reasons[5] == "repeats 01.png, counts once"
    assert len(stored(services, state.finished)) == 20
    later = [request for request in painter.asked if request.layer is not Layer.CLOSE_UP]
    assert len(later) == len(LAYERS) - 1, "the other layers are not drawn again"
    assert builder.layers(found) == state


def test_what_no_round_brings_is_given_up_and_said(
    services: Services, builder: SetBuilder, painter: Painter, found: Candidates
) -> None:
    painter.strangers_at = {3, *range(101, 200)}
    state = builder.layers(found)
    rounds = GATE_ROUNDS + NEARER_ROUNDS
    assert {each.position for each in state.made[0].given_up} == {3, *range(101, 101 + rounds)}
    assert state.finished is not None
    assert state.finished.count == 19


@pytest.mark.parametrize(
    ("layer", "instead"),
    [(Layer.PORTRAIT, Layer.CLOSE_UP_PORTRAIT), (Layer.CLOSE_UP_PORTRAIT, Layer.CLOSE_UP)],
)
def test_what_a_layer_cannot_bring_is_drawn_in_the_one_before(
    builder: SetBuilder, painter: Painter, found: Candidates, layer: Layer, instead: Layer
) -> None:
    painter.fails_in = layer
    state = builder.layers(found)
    kept = {made.layer: len(made.images) for made in state.made}
    wanted = {spec: len(make_plan(20).of_layer(spec)) for spec in LAYERS}
    assert state.finished is not None
    assert state.finished.count == 20
    assert kept == wanted | {layer: 0, instead: wanted[instead] + wanted[layer]}
    assert next(made for made in state.made if made.layer is layer).given_up


def test_where_a_base_draws_no_profiles_none_is_asked_for(
    builder: SetBuilder, painter: Painter, found: Candidates
) -> None:
    assert not builder.services.catalog.row("maquette").draws_profiles
    painter.fails_at = {2, 3, 4, 5}
    builder.layers(found, one_layer=True)
    views = {planned.view for request in painter.asked for planned in request.planned}
    assert views == {View.FRONTAL, View.THREE_QUARTER_LEFT, View.THREE_QUARTER_RIGHT}
