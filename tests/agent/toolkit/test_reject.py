from __future__ import annotations

import pytest

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.numbers import show_takes_as
from agent.toolkit.reject import Reject, reject
from tests.agent.toolkit.conftest import Linked
from tests.support.filled_studio import PASSED, plan, shot, takes, trained
from tools.contracts.progress import ignore_progress
from tools.contracts.shooting import ShootRequest
from tools.contracts.shots import ShotRequest
from tools.errors import Refused, UnknownName
from tools.services import Services
from tools.store.shot import get_shot
from tools.store.take import Take, pick_take, take_of_slate
from tools.store.user import Role, UserCreate, add_user
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind


@pytest.fixture
def filmed(context: ChatContext, services: Services, daro: str) -> str:
    """12A has three takes that were shown, 12B one; Daro has a LoRA."""
    trained(services, "Daro")
    plan(services, shot("12A"), shot("12B"))
    takes(services, shot("12A"), [PASSED, PASSED, PASSED])
    takes(services, shot("12B"), [PASSED])
    show_takes_as(context, ["12A T1", "12A T2", "12A T3", "12B T1"])
    return daro


def ask(context: ChatContext, *names: str, note: str | None = None, **options: bool) -> Answer:
    return reject(Reject(takes=names, note=note, **options), context, ignore_progress)


def take(context: ChatContext, slate: str) -> Take:
    owner = production_row(context.services, context.production).id
    with context.services.database.reading() as session:
        return take_of_slate(session=session, production_id=owner, slate=slate)


def stored(context: ChatContext, slate: str) -> ShotRequest:
    owner = production_row(context.services, context.production).id
    with context.services.database.reading() as session:
        row = get_shot(session=session, production_id=owner, slate=slate)
    return ShotRequest.model_validate_json(row.request)


def shoots(context: ChatContext, answer: Answer) -> list[ShootRequest]:
    rows = context.jobs.jobs(list(answer.jobs))
    return [ShootRequest.model_validate_json(row.payload) for row in rows]


def test_without_a_note_takes_are_only_marked(context: ChatContext, filmed: str) -> None:
    before = stored(context, "12A")
    answer = ask(context, "2", "12A T3")
    assert answer == Answer(text="Rejected 12A T2 and 12A T3.")
    assert take(context, "12A T2").rejected_at is not None
    assert take(context, "12A T1").rejected_at is None
    assert stored(context, "12A") == before


def test_a_note_changes_the_shot_and_the_answer_says_what(
    context: ChatContext, filmed: str
) -> None:
    answer = ask(context, "1", note="wider, and he should be angry")
    assert answer.text.splitlines()[1] == (
        "12A: framing changed from close-up to medium close-up; expression set to angry."
    )
    assert "The next prompt's scene part: “Daro, medium close-up film still of " in answer.text
    assert "SAME Daro" not in answer.text
    assert stored(context, "12A").framing.value == "medium close-up"
    assert take(context, "12A T1").note == "wider, and he should be angry"
    assert answer.jobs == ()


def test_several_takes_of_one_shot_revise_it_once(context: ChatContext, filmed: str) -> None:
    answer = ask(context, "1", "2", "4", note="wider")
    assert answer.text.count("framing changed from close-up to medium close-up") == 2
    assert stored(context, "12A").framing.value == "medium close-up"
    assert stored(context, "12B").framing.value == "medium close-up"


def test_again_draws_the_revised_shot_with_another_seed(
    context: ChatContext, filmed: str, linked: Linked
) -> None:
    first = ask(context, "1", again=True)
    second = ask(context, "2", note="he should smile", again=True)
    (one,), (two,) = shoots(context, first), shoots(context, second)
    assert [each.slate for each in two.shots] == ["12A"]
    assert one.seed != two.seed
    assert str(two.shots[0].expression) == "smiling"
    assert linked.ids == [*first.jobs, *second.jobs]
    assert second.text.endswith(
        "Drawing 12A again with another seed was started; the takes are shown here when they are done."
    )


def test_a_note_against_the_identity_names_two_remedies_and_draws_nothing(
    context: ChatContext, filmed: str, linked: Linked
) -> None:
    before = stored(context, "12A")
    answer = ask(context, "2", note="the hair is wrong", again=True)
    assert answer.jobs == ()
    assert linked.ids == []
    assert stored(context, "12A") == before
    assert "draw again with the anchor as it is" in answer.text
    assert "change the look or the identity block, which asks you first" in answer.text
    assert answer.text.endswith("Which one?")


def test_the_anchor_as_it_is_draws_again(context: ChatContext, filmed: str) -> None:
    before = stored(context, "12A")
    answer = ask(context, "2", note="the hair is wrong", again=True, keep_anchor=True)
    (request,) = shoots(context, answer)
    assert request.shots == (before,)
    assert "12A stays as it was planned" in answer.text


def test_light_of_the_scene_leaves_the_anchor_and_says_so(
    context: ChatContext, filmed: str
) -> None:
    answer = ask(context, "1", note="make it night")
    assert "light changed from soft window light to moonlight" in answer.text
    assert "The anchor goes on saying that Daro is lit by soft window light" in answer.text
    assert stored(context, "12A").cast[0].light == "soft window light"


def test_light_on_the_person_is_the_anchors(context: ChatContext, filmed: str) -> None:
    answer = ask(context, "1", note="candlelight on his face")
    assert "light on Daro set to candlelight" in answer.text
    assert stored(context, "12A").light == "soft window light"


def test_what_the_base_cannot_show_and_what_was_not_understood_is_said(
    context: ChatContext, filmed: str
) -> None:
    answer = ask(context, "1", note="use an 85mm lens, it is boring")
    assert "micro has no word for lens: 85mm; the picture will not show it." in answer.text
    assert "Nothing was changed by “it is boring”." in answer.text


def test_a_pick_that_is_rejected_is_taken_back(context: ChatContext, filmed: str) -> None:
    with context.services.database.session() as session:
        pick_take(session=session, take_id=take(context, "12A T1").id)
    answer = ask(context, "1")
    assert "12A T1 was the pick of its shot and is not any more." in answer.text
    assert take(context, "12A T1").picked_at is None


def test_without_a_lora_the_rejection_stands_and_the_reason_is_said(
    context: ChatContext, services: Services, daro: str
) -> None:
    plan(services, shot("3A"))
    takes(services, shot("3A"), [PASSED])
    answer = ask(context, "3A T1", note="closer", again=True)
    assert answer.jobs == ()
    assert "Not drawn again: Daro has no LoRA for micro yet" in answer.text
    assert take(context, "3A T1").rejected_at is not None
    assert stored(context, "3A").framing.value == "extreme close-up"


def test_reviewers_and_unknown_takes_change_nothing(context: ChatContext, filmed: str) -> None:
    with pytest.raises(UnknownName, match="no take 12A T9"):
        ask(context, "1", "12A T9", note="closer")
    with context.services.database.session() as session:
        owner = production_row(context.services, context.production).id
        add_user(
            session=session,
            user=UserCreate(
                name="director", role=Role.REVIEWER, password_hash="x", production_id=owner
            ),
        )
    with pytest.raises(Refused, match="reviewers vote, the director decides"):
        ask(context, "1", note="closer")
    assert take(context, "12A T1").rejected_at is None
    assert stored(context, "12A").framing.value == "close-up"


def test_a_refused_sketch_is_sketched_again_even_with_a_lora(
    context: ChatContext, services: Services, daro: str
) -> None:
    trained(services)
    plan(services, shot("3A"))
    takes(services, shot("3A"), [PASSED], sketch=True)
    answer = ask(context, "3A T1", note="closer", again=True)
    assert "Sketching 3A again with another seed was started" in answer.text
    (job,) = context.jobs.jobs(list(answer.jobs))
    assert job.kind == Kind.SKETCH
