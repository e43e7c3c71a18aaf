from __future__ import annotations

import pytest
from PIL import Image

from tests.support.micro_studio import WELL_READ, frame
from tests.support.paid_parts import PaidBackend
from tests.tools.workflows.conftest import BRIEF
from tools.compose import Studio
from tools.contracts.casting import CastingRequest, CutSheetRequest
from tools.contracts.progress import Progress, ignore_progress
from tools.errors import UnknownName
from tools.imaging.pictures import encode_png, load_picture
from tools.services import Services
from tools.workflows.people.casting import cast, cut_foreign_sheet
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.people.create import CreateRequest, create

REQUEST = CastingRequest(production="studio", character="Daro", base="micro", candidates=3, seed=1)


def test_every_candidate_is_a_sheet_with_its_portraits_and_the_best_is_suggested(
    noise_studio: Studio, backend: PaidBackend
) -> None:
    services, told = noise_studio.services, list[Progress]()
    found = cast(services, REQUEST, told.append)
    assert [each.number for each in found.candidates] == [1, 2, 3]
    assert backend.drawn == 3
    sheets = [(each.done, each.total) for each in told if "step" not in each.note]
    assert sheets == [(1, 3), (2, 3), (3, 3)]
    size = services.catalog.row("micro").sheet_size
    scores = [each.score for each in found.candidates]
    for each in found.candidates:
        assert len(each.portraits) == len(each.distances) == 6
        assert load_picture(services.files.path(each.sheet)).size == (size.width, size.height)
    assert found.suggested == 1 + scores.index(min(score for score in scores if score is not None))


def test_faces_are_cast_in_even_light_whatever_the_character_is_lit_by_later(
    noise_studio: Studio, backend: PaidBackend
) -> None:
    services = noise_studio.services
    lit = BRIEF.model_copy(update={"name": "Low Sun", "signature_light": "golden hour"})
    create(services, CreateRequest(brief=lit))
    cast(services, REQUEST.model_copy(update={"character": "Low Sun"}), ignore_progress)
    assert {request.cast[0].light for request in backend.asked} == {"soft window light"}


def test_the_same_request_gives_the_same_faces_and_another_seed_others(
    noise_studio: Studio,
) -> None:
    first, again = (cast(noise_studio.services, REQUEST, ignore_progress) for _ in range(2))
    assert first == again
    other = REQUEST.model_copy(update={"seed": 2})
    sheets = {each.sheet for each in first.candidates}
    found = cast(noise_studio.services, other, ignore_progress)
    assert sheets.isdisjoint(each.sheet for each in found.candidates)


def test_a_sheet_made_elsewhere_is_cut_and_measured(
    services: Services, daro: LoadedCharacter
) -> None:
    sheet = Image.new("RGB", (3 * 128, 2 * 128))
    for place, number in enumerate(WELL_READ):
        picture = Image.open(frame(2, number)).convert("RGB").resize((128, 128))
        sheet.paste(picture, (place % 3 * 128, place // 3 * 128))
    request = CutSheetRequest(
        production="studio",
        character="Daro",
        sheet=services.files.put_bytes(encode_png(sheet), ".png").digest,
        rows=2,
        columns=3,
    )
    found = cut_foreign_sheet(services, request, ignore_progress)
    [candidate] = found.candidates
    assert (candidate.number, len(candidate.portraits)) == (1, 6)
    gone = request.model_copy(update={"sheet": "a" * 64})
    with pytest.raises(UnknownName, match="no stored file aaaaaaaaaaaa…"):
        cut_foreign_sheet(services, gone, ignore_progress)
