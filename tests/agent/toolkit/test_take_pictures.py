"""Takes as numbered pictures."""

from __future__ import annotations

from agent.toolkit.take_pictures import take_pictures
from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tools.services import Services
from tools.store.take import reject_take


def test_drawn_takes_are_numbered_on_and_undrawn_ones_left_out(
    services: Services, daro: str
) -> None:
    plan(services, shot("12A"))
    first, second, third = takes(services, shot("12A"), [PASSED, REJECTED, PASSED])

    undrawn = second.model_copy(update={"digest": None})
    pictures = take_pictures([first, undrawn, third], first=4)

    assert [(each.number, each.take) for each in pictures] == [(4, "12A T1"), (5, "12A T3")]
    assert pictures[0].label == "12A T1: passed, distance 0.031"
    assert pictures[1].digest == third.digest


def test_a_long_note_is_cut_to_what_fits_under_a_picture(services: Services, daro: str) -> None:
    plan(services, shot("12A"))
    [take] = takes(services, shot("12A"), [REJECTED])
    with services.database.session() as session:
        refused = reject_take(session=session, take_id=take.id, note="the left eye is gone " * 20)

    [picture] = take_pictures([refused])

    assert len(picture.label) == 200
    assert picture.label.startswith("12A T1: rejected by QC; rejected by a person: the left eye")
    assert picture.label.endswith("…")
