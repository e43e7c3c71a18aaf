"""`explain_verdict`: why a take was judged as it was, with the numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.context import ChatContext
from agent.toolkit.explain_verdict import ExplainVerdict, explain_verdict
from tests.agent.toolkit.conftest import show_all
from tools.contracts.digest import Shown
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput
from tools.store.shot import get_shot
from tools.store.take import TakeCreate, add_take
from tools.workflows.digest import production_row


def test_a_verdict_without_a_set_is_explained_from_what_is_stored(
    context: ChatContext, filmed: str, shown: Callable[[], Shown]
) -> None:
    show_all(context, "12A")
    answer = explain_verdict(ExplainVerdict(take="2"), context, ignore_progress)
    lines = answer.text.splitlines()
    assert lines[0] == "12A T2 is a reject: no readable face in a close-up: draw it again."
    assert lines[1].startswith("Distance to Daro: none, because no single face could be read (thre")
    assert "Faces found: 0, where one was asked for." in lines
    assert lines[-1] == "Copy check: it repeats no picture of the reference set."
    assert len(shown().labels) == 3, "explaining leaves the numbers as they were"
    assert [each.number for each in answer.pictures] == [None]


def test_numbers_of_a_read_face_are_all_said(context: ChatContext, filmed: str) -> None:
    text = explain_verdict(ExplainVerdict(take="12B T1"), context, ignore_progress).text
    assert "Distance to Daro: 0.052, which is " in text
    assert "of the threshold 0." in text
    assert "calibrated" in text
    assert "Other people: mean of the strangers 0.200." in text


def test_an_undrawn_take_has_no_verdict(context: ChatContext, filmed: str) -> None:
    owner = production_row(context.services, context.production).id
    with context.services.database.session() as session:
        row = get_shot(session=session, production_id=owner, slate="12C")
        blank = TakeCreate(shot_id=row.id, key="blank", prompt="x", seed=1, request="{}")
        add_take(session=session, take=blank)
    with pytest.raises(BadInput, match="12C T1 was not judged yet; wait until its shoot has ended"):
        explain_verdict(ExplainVerdict(take="12C T1"), context, ignore_progress)
