"""`pick`: takes by number and by slate, one pick a shot, and who may pick."""

from __future__ import annotations

import pytest

from agent.context import ChatContext
from agent.toolkit.pick import Pick, pick
from tests.agent.toolkit.conftest import show_all
from tests.support.filled_studio import PASSED, shot, takes
from tools.contracts.progress import ignore_progress
from tools.errors import Refused
from tools.store.user import Role, UserCreate, add_user
from tools.workflows.digest import production_row


def test_takes_are_picked_by_number_and_by_slate(context: ChatContext, filmed: str) -> None:
    show_all(context, "12A")
    answer = pick(Pick(takes=("1", "12B T1")), context, ignore_progress)
    assert answer.text == "Picked 12A T1 and 12B T1."
    answer = pick(Pick(takes=("3",), note="for the eyes"), context, ignore_progress)
    assert answer.text == (
        "Picked 12A T3. 12A T1 lost the pick: a shot has one. Noted: for the eyes."
    )


def test_two_takes_of_one_shot_are_one_pick_and_that_is_said(
    context: ChatContext, filmed: str
) -> None:
    show_all(context, "12A")
    answer = pick(Pick(takes=("1", "2")), context, ignore_progress)
    assert answer.text == (
        "Picked 12A T1. A shot has one pick, and of the takes named the best by QC has it; "
        "12A T2 stays open and can be picked instead."
    )


def test_a_reviewer_does_not_pick_in_the_chat(context: ChatContext, filmed: str) -> None:
    owner = production_row(context.services, context.production).id
    with context.services.database.session() as session:
        user = UserCreate(
            name="director", role=Role.REVIEWER, password_hash="x", production_id=owner
        )
        add_user(session=session, user=user)
    with pytest.raises(Refused, match="reviewers vote"):
        pick(Pick(takes=("12A T1",)), context, ignore_progress)


def test_a_picked_sketch_is_a_wish_and_that_is_said(context: ChatContext, filmed: str) -> None:
    takes(context.services, shot("12C"), [PASSED], sketch=True)
    answer = pick(Pick(takes=("12C T1",)), context, ignore_progress)
    assert answer.text == (
        "12C T1 is a sketch: noted as what you like, not as what is delivered. When a LoRA is "
        "trained, say: make 12C T1 real."
    )
    assert "Picked 12A T1. 12C T1 is a sketch" in (
        pick(Pick(takes=("12A T1", "12C T1")), context, ignore_progress).text
    )
