from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.context import ChatContext
from agent.toolkit.explain_verdict import ExplainVerdict, explain_verdict
from agent.toolkit.numbers import show, take_slates
from agent.toolkit.pick import Pick, pick
from agent.toolkit.show_takes import ShowTakes, show_takes
from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.progress import ignore_progress
from tools.contracts.verdicts import Outcome
from tools.errors import BadInput, Refused, UnknownName
from tools.services import Services
from tools.store.shot import get_shot, omit_shot
from tools.store.take import Take, TakeCreate, add_take, list_takes, reject_take
from tools.store.user import Role, UserCreate, add_user
from tools.workflows.digest import production_row

REVIEW = PASSED.model_copy(
    update={
        "outcome": Outcome.REVIEW,
        "csfd_own": 0.052,
        "reasons": (
            "distance 0.052 to the character, threshold 0.049",
            "nearly equals the training picture reference 3",
        ),
    }
)


@pytest.fixture
def filmed(services: Services, daro: str) -> str:
    """12A has three takes, 12B one that is for review, 12C none."""
    plan(services, shot("12A"), shot("12B"), shot("12C"))
    takes(services, shot("12A"), [PASSED, REJECTED, PASSED])
    takes(services, shot("12B"), [REVIEW])
    return daro


def show_all(context: ChatContext, *slates: str, which: str = "all") -> str:
    arguments = ShowTakes.model_validate({"slates": slates, "which": which})
    return show_takes(arguments, context, ignore_progress).text


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


def test_a_number_stands_only_for_what_was_shown(context: ChatContext, filmed: str) -> None:
    with pytest.raises(BadInput, match="take 1: no takes were shown yet; name the take by its sla"):
        pick(Pick(takes=("1",)), context, ignore_progress)
    show_all(context, "12A")
    with pytest.raises(BadInput, match=r"no take 4: 3 shown last, 1 \(12A T1\) to 3 \(12A T3\)"):
        pick(Pick(takes=("4",)), context, ignore_progress)
    show(context, Shown(kind=ShownKind.FACES, character="Daro", labels=("1", "2")))
    with pytest.raises(BadInput, match="take 2: the numbers shown last are of candidate faces"):
        pick(Pick(takes=("2",)), context, ignore_progress)
    with pytest.raises(UnknownName, match="no take 12A T7; there are: 12A T1, 12A T2, 12A T3"):
        pick(Pick(takes=("12A T7",)), context, ignore_progress)
    with pytest.raises(BadInput, match="'12I T1' is no take"):
        take_slates(context, ["12I T1"])


def test_numbers_and_slates_of_one_take_are_one(context: ChatContext, filmed: str) -> None:
    show_all(context, "12A")
    assert take_slates(context, ["2", "12A T2", "12a t2"]) == ["12A T2"]


def test_a_reviewer_does_not_pick_in_the_chat(context: ChatContext, filmed: str) -> None:
    owner = production_row(context.services, context.production).id
    with context.services.database.session() as session:
        user = UserCreate(
            name="director", role=Role.REVIEWER, password_hash="x", production_id=owner
        )
        add_user(session=session, user=user)
    with pytest.raises(Refused, match="reviewers vote"):
        pick(Pick(takes=("12A T1",)), context, ignore_progress)


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
