from __future__ import annotations

import pytest

from tests.support.filled_studio import plan, shot
from tools.contracts.photography import Framing
from tools.contracts.shots import ShotRequest
from tools.errors import UnknownName
from tools.services import Services
from tools.store.shot import get_shot
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.plan.revise_shot import revise_shot


def stored(services: Services, daro: LoadedCharacter) -> ShotRequest:
    with services.database.reading() as session:
        row = get_shot(session=session, production_id=daro.production_id, slate="12A")
    return ShotRequest.model_validate_json(row.request)


def test_a_note_changes_the_shot_that_is_drawn_next(
    services: Services, daro: LoadedCharacter
) -> None:
    plan(services, shot("12A"))
    done = revise_shot(services, "studio", "12A", "make it a wide shot")
    assert {change.field for change in done.revision.changes} == {"framing"}
    assert stored(services, daro).framing is Framing.WIDE
    assert done.scene_part is not None
    assert ("wide shot", "full-body shot") in done.said_otherwise
    assert "full-body shot" in done.scene_part
    assert done.anchor is not None
    assert done.anchor.startswith("SAME Daro: ")
    assert "SAME" not in done.scene_part


def test_a_note_without_a_change_stores_nothing(services: Services, daro: LoadedCharacter) -> None:
    plan(services, shot("12A"))
    before = stored(services, daro)
    done = revise_shot(services, "studio", "12A", "lovely")
    assert (done.revision.changes, done.scene_part, done.anchor) == ((), None, None)
    assert stored(services, daro) == before
    with pytest.raises(UnknownName, match="no shot 12B"):
        revise_shot(services, "studio", "12B", "closer")
