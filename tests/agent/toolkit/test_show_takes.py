"""`show_takes`: which takes are shown, how they are numbered and said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.context import ChatContext
from agent.toolkit.pick import Pick, pick
from agent.toolkit.show_takes import ShowTakes, show_takes
from tests.agent.toolkit.conftest import show_all
from tests.support.filled_studio import PASSED, plan, shot, takes
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.progress import ignore_progress
from tools.errors import UnknownName
from tools.services import Services
from tools.store.shot import get_shot, omit_shot
from tools.store.take import Take, TakeCreate, add_take, list_takes, reject_take
from tools.workflows.digest import production_row


def test_the_newest_take_of_every_shot_is_shown_and_numbered(
    context: ChatContext, filmed: str, shown: Callable[[], Shown]
) -> None:
    answer = show_takes(ShowTakes(), context, ignore_progress)
    assert answer.text.splitlines() == [
        "The newest take of every shot (2 takes):",
        "1. 12A T3: passed, distance 0.031",
        "2. 12B T1: for review, distance 0.052 (nearly equals the training picture reference 3)",
    ]
    assert shown() == Shown(kind=ShownKind.TAKES, labels=("12A T3", "12B T1"))
    assert [(each.number, each.take) for each in answer.pictures] == [(1, "12A T3"), (2, "12B T1")]
    assert answer.pictures[0].label == "12A T3: passed, distance 0.031"


def test_all_takes_of_a_shot_are_shown_with_why(context: ChatContext, filmed: str) -> None:
    assert show_all(context, "12A").splitlines() == [
        "3 takes of 12A:",
        "1. 12A T1: passed, distance 0.031",
        "2. 12A T2: rejected by QC (no readable face in a close-up: draw it again)",
        "3. 12A T3: passed, distance 0.031",
    ]


def test_only_decided_or_open_takes(
    context: ChatContext, filmed: str, shown: Callable[[], Shown]
) -> None:
    assert show_all(context, which="picked") == "No take is picked yet."
    show_all(context, "12A")
    pick(Pick(takes=("3",), note="for the eyes"), context, ignore_progress)
    with context.services.database.session() as session:
        ids = {take.slate: take.id for take in takes_of(context, "12A")}
        reject_take(session=session, take_id=ids["12A T2"], note="too dark")
    picked = show_all(context, which="picked").splitlines()
    assert picked == [
        "1 take picked:",
        "1. 12A T3: passed, distance 0.031; picked: for the eyes",
    ]
    assert "12A T2: rejected by QC" in show_all(context, which="rejected")
    assert show_all(context, which="rejected").endswith("; rejected by a person: too dark")
    show_all(context, which="open")
    assert shown().labels == ("12A T1", "12B T1")


def takes_of(context: ChatContext, slate: str) -> list[Take]:
    owner = production_row(context.services, context.production).id
    with context.services.database.reading() as session:
        row = get_shot(session=session, production_id=owner, slate=slate)
        return list_takes(session=session, shot_id=row.id)


def test_nothing_to_show_keeps_the_numbers(
    context: ChatContext, filmed: str, shown: Callable[[], Shown]
) -> None:
    show_all(context, "12A")
    assert show_all(context, "12C") == "12C: no takes were drawn yet."
    assert len(shown().labels) == 3
    with pytest.raises(UnknownName, match="no shot 99A in this production"):
        show_all(context, "99A")


def test_omitted_shots_and_undrawn_takes_are_not_shown(context: ChatContext, filmed: str) -> None:
    owner = production_row(context.services, context.production).id
    with context.services.database.session() as session:
        row = get_shot(session=session, production_id=owner, slate="12C")
        blank = TakeCreate(shot_id=row.id, key="blank", prompt="x", seed=1, request="{}")
        add_take(session=session, take=blank)
        gone = get_shot(session=session, production_id=owner, slate="12B")
        omit_shot(session=session, shot_id=gone.id)
    assert show_all(context).splitlines()[1:] == ["1. 12A T3: passed, distance 0.031"]


def test_a_long_list_is_said_in_part_and_shown_whole(
    context: ChatContext, services: Services, daro: str, shown: Callable[[], Shown]
) -> None:
    plan(services, shot("1A"))
    takes(services, shot("1A"), [PASSED] * 90)
    answer = show_takes(ShowTakes(slates=("1A",)), context, ignore_progress)
    assert answer.text.splitlines()[-1] == "… and 10 more, shown as pictures"
    assert len(answer.pictures) == len(shown().labels) == 90


def test_sketches_are_marked_and_stand_for_a_shot_only_where_there_is_no_take(
    context: ChatContext, filmed: str
) -> None:
    for slate in ("12B", "12C"):
        takes(context.services, shot(slate), [PASSED], sketch=True)
    everything = show_all(context)
    assert "12B T1: for review" in everything
    assert "12B T2" not in everything
    assert "12C T1: sketch, passed, distance 0.031" in everything
    assert show_all(context, which="sketches").startswith("2 sketches:\n1. 12B T2: sketch")
    assert "12C T1" not in show_all(context, which="open")
    assert show_all(context, "12B").startswith("1 take and 1 sketch of 12B:")
