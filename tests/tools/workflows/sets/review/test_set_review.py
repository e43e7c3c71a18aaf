from __future__ import annotations

import pytest

from tests.support.filled_studio import trained
from tests.support.micro_studio import frame
from tools.contracts.outfits import Wardrobe
from tools.contracts.verdicts import GateImage, GateReport, Outcome
from tools.errors import BadInput
from tools.services import Services
from tools.store.reference_set import record_gate
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.review.set_review import (
    StoredSet,
    drop_from_set,
    newest_stored_set,
    wardrobe_of,
)


@pytest.fixture
def stored(services: Services, daro: LoadedCharacter) -> StoredSet:
    """Three images, which the gate has passed."""
    trained(services, base="maquette", frames=[frame(2, number) for number in (0, 5, 6)])
    found = newest_stored_set(services, daro.id)
    assert found is not None
    images = tuple(
        GateImage(file=str(each.position), csfd=0.0, verdict=Outcome.PASS, reason="")
        for each in found.images
    )
    with services.database.session() as session:
        report = GateReport(
            verdict=Outcome.PASS, csfd_mean=0.0, csfd_worst=0.0, threshold=1.0, images=images
        )
        record_gate(session=session, set_id=found.row.id, report=report)
    return found


def newest(services: Services, daro: LoadedCharacter) -> StoredSet:
    found = newest_stored_set(services, daro.id)
    assert found is not None
    return found


def test_a_set_with_an_image_less_is_judged_by_nobody(
    services: Services, daro: LoadedCharacter, stored: StoredSet
) -> None:
    assert newest(services, daro).row.verdict is Outcome.PASS
    drop_from_set(services, stored, (2, 2))
    found = newest(services, daro)
    assert [image.position for image in found.images] == [1, 3]
    assert (found.dropped, found.row.verdict) == ((2,), None)


def test_what_is_not_there_or_would_leave_nothing_changes_nothing(
    services: Services, daro: LoadedCharacter, stored: StoredSet
) -> None:
    with pytest.raises(BadInput, match="7"):
        drop_from_set(services, stored, (1, 7))
    with pytest.raises(BadInput, match="that would leave no image; build another set instead"):
        drop_from_set(services, stored, (1, 2, 3))
    assert newest(services, daro).dropped == ()
    assert newest(services, daro).row.verdict is Outcome.PASS


def test_the_garments_of_a_set_are_said_where_they_can_be_read(
    services: Services, daro: LoadedCharacter
) -> None:
    trained(services, base="maquette", frames=[frame(2, number) for number in (10, 13, 16, 17)])
    shown = wardrobe_of(services, newest(services, daro), "maquette")
    assert shown is not None
    assert (shown.kind, shown.counts) == (Wardrobe.LOCKED, {"white": 3})
    assert shown.words.startswith("wardrobe: locked (white in 3 of 3 pictures that show clothes)")
    assert wardrobe_of(services, newest(services, daro), "sdxl") is None


def test_nobody_has_a_set_before_one_is_stored(services: Services, daro: LoadedCharacter) -> None:
    assert newest_stored_set(services, daro.id) is None
