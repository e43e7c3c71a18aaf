from __future__ import annotations

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.verdicts import GateImage, GateReport, Outcome
from tools.errors import UnknownName
from tools.store.character import Character
from tools.store.reference_set import (
    Origin,
    ReferenceImageCreate,
    ReferenceSet,
    SetStatus,
    add_image,
    drop_image,
    get_set,
    list_images,
    newest_set,
    record_gate,
    start_set,
)


@pytest.fixture
def reference_set(session: Session, character: Character) -> ReferenceSet:
    return start_set(session=session, character_id=character.id, origin=Origin.PHOTOS)


def image(reference_set: ReferenceSet, digit: str) -> ReferenceImageCreate:
    return ReferenceImageCreate(
        set_id=reference_set.id,
        digest=digit * 64,
        caption="MARA, a woman",
        layer=Layer.PHOTO,
        framing=Framing.CLOSE_UP,
        view=View.THREE_QUARTER_RIGHT,
        expression=Expression.NEUTRAL,
        seed=2**32 - 1,
    )


def test_sets_are_versions(session: Session, character: Character) -> None:
    first = start_set(session=session, character_id=character.id, origin=Origin.LAYERS)
    second = start_set(session=session, character_id=character.id, origin=Origin.PHOTOS)
    assert (first.version, second.version) == (1, 2)
    assert newest_set(session=session, character_id=character.id) == second
    with pytest.raises(UnknownName, match="no reference set"):
        get_set(session=session, set_id="none")


def test_a_dropped_image_keeps_its_position(session: Session, reference_set: ReferenceSet) -> None:
    rows = [add_image(session=session, image=image(reference_set, digit)) for digit in "abc"]
    drop_image(session=session, image_id=rows[2].id)
    added = add_image(session=session, image=image(reference_set, "d"))
    kept = list_images(session=session, set_id=reference_set.id)
    assert [row.position for row in kept] == [1, 2, 4]
    assert added.seed == 2**32 - 1
    everything = list_images(session=session, set_id=reference_set.id, with_dropped=True)
    assert [row.position for row in everything] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "wrong", [{"digest": "abc"}, {"layer": "torso"}, {"strength": 1.5}, {"seed": -1}]
)
def test_a_faulty_image_is_refused_before_it_is_stored(
    reference_set: ReferenceSet, wrong: dict[str, object]
) -> None:
    values = image(reference_set, "a").model_dump() | wrong
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ReferenceImageCreate.model_validate(values)


def test_the_gate_is_stored_with_each_image(session: Session, reference_set: ReferenceSet) -> None:
    rows = [add_image(session=session, image=image(reference_set, digit)) for digit in "abc"]
    drop_image(session=session, image_id=rows[0].id)
    judged = (
        GateImage(file="b.png", csfd=0.05, verdict=Outcome.PASS, reason="same person"),
        GateImage(file="c.png", csfd=None, verdict=Outcome.REVIEW, reason="no face"),
    )
    report = GateReport(
        verdict=Outcome.PASS, csfd_mean=0.05, csfd_worst=0.05, threshold=0.07, images=judged
    )
    stored = record_gate(session=session, set_id=reference_set.id, report=report)
    assert (stored.status, stored.verdict) == (SetStatus.JUDGED, Outcome.PASS)
    assert (stored.csfd_mean, stored.threshold) == (0.05, 0.07)
    assert [row.csfd for row in rows] == [None, 0.05, None]
    assert [row.verdict for row in rows] == [None, Outcome.PASS, Outcome.REVIEW]
