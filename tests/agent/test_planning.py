"""What a sentence would do: the model is asked and nothing is done."""

from __future__ import annotations

from datetime import UTC, datetime

from langchain_core.messages import AIMessage

from agent.events import PlannedCall
from agent.planning import MAX_EARLIER, PLANNED, Planner, earlier_messages
from tests.support.chat import scripted
from tests.support.scripted_model import calls
from tools.contracts.digest import StudioDigest
from tools.store.conversation import Message, MessageRole

DIGEST = StudioDigest(production="Northern Light")


def row(position: int, role: MessageRole) -> Message:
    return Message(
        id=str(position),
        conversation_id="c",
        position=position,
        role=role,
        author="x",
        text=f"{role.value} {position}",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_a_plan_holds_the_calls_and_what_was_said_beside_them() -> None:
    model = scripted(calls(("status", {}), ("cost", {}), text="I look."), AIMessage("Nothing."))
    planner = Planner(model, DIGEST)

    first, second = planner.plan("How do we stand?"), planner.plan("And now?")

    assert first.say == "How do we stand?"
    assert first.calls == (PlannedCall(tool="status"), PlannedCall(tool="cost"))
    assert first.reply == "I look."
    assert (second.calls, second.reply) == ((), "Nothing.")
    assert "Northern Light" in str(model.asked[0][0].text)


def test_a_later_sentence_is_asked_in_the_light_of_calls_that_were_answered() -> None:
    model = scripted(calls(("status", {}), ("cost", {})), AIMessage("Nothing."))
    planner = Planner(model, DIGEST)
    planner.plan("How do we stand?")
    planner.plan("And now?")

    later = model.asked[1]
    assert [each.type for each in later] == ["system", "human", "ai", "tool", "tool", "human"]
    assert {each.text for each in later if each.type == "tool"} == {PLANNED}


def test_earlier_messages_are_the_newest_without_reports() -> None:
    roles = (MessageRole.USER, MessageRole.ASSISTANT, MessageRole.REPORT)
    rows = [row(position, roles[position % 3]) for position in range(90)]

    earlier = earlier_messages(rows)

    assert len(earlier) == MAX_EARLIER
    assert [each.text for each in earlier[-2:]] == ["user 87", "assistant 88"]
    assert {each.type for each in earlier} == {"human", "ai"}
