"""Errors of tools, limits of a turn, and histories that are mended."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage

from agent.answer import Answer
from agent.events import ToolEnded, TurnFailed
from agent.order import MAX_CALLS, MAX_STEPS, first_step
from agent.policy import ApprovalPolicy
from agent.repair import CUT, answer_dangling
from agent.tools import ToolBug
from tests.support.chat import ChatMaker, ended
from tests.support.scripted_model import calls
from tools.contracts.progress import Progress
from tools.errors import BadInput, BaseUnavailable, UnknownName


def test_an_error_that_can_be_mended_goes_back_to_the_model(chat: ChatMaker) -> None:
    def gate(*_: Any) -> Answer:
        raise UnknownName("no character named 'Zoe'; there are: Lirien")

    talk = chat(calls(("gate", {"character": "Zoe"})), lambda m: AIMessage(m[-1].text), gate=gate)

    events = talk.say("Ask the gate about Zoe")

    assert ended(events).kind == "turn_ended"
    assert ended(events).reply == "no character named 'Zoe'; there are: Lirien"
    [failed] = [e for e in events if isinstance(e, ToolEnded)]
    assert (failed.answer, failed.error) == (None, ended(events).reply)


def test_a_failed_service_ends_the_turn_and_what_was_to_follow(chat: ChatMaker) -> None:
    def gate(*_: Any) -> Answer:
        raise BaseUnavailable("the base sdxl is not installed; samecast base add sdxl")

    talk = chat(
        calls(("status", {}), ("gate", {"character": "Lirien"}), ("cost", {})),
        AIMessage("Next time."),
        gate=gate,
    )

    end = talk.ask("Status, gate, cost")

    assert isinstance(end, TurnFailed)
    assert end.error == "the base sdxl is not installed; samecast base add sdxl"
    assert end.reply == f"status is done.\n\n{end.error}"
    assert talk.calls.names == ["status"]
    assert len(talk.asked) == 1
    assert [m.type for m in talk.history()] == ["human", "ai", "tool", "ai", "tool", "ai"]
    assert talk.ask("Well").reply == "Next time."


def test_a_validation_error_inside_a_tool_is_a_bug_and_no_bad_argument(chat: ChatMaker) -> None:
    def status(*_: Any) -> Answer:
        Progress(stage="x", done=-1, total=0)
        return Answer(text="never")

    talk = chat(calls(("status", {})), AIMessage("never"), status=status)

    with pytest.raises(ToolBug, match="status built a value"):
        talk.say("Status")


def test_a_model_that_never_stops_is_stopped(chat: ChatMaker) -> None:
    talk = chat(calls(("status", {})))

    end = talk.ask("How do we stand?")

    assert isinstance(end, TurnFailed)
    assert "at most 12 calls" in end.error
    assert end.reply.endswith(end.error)
    assert len(talk.calls.made) == MAX_STEPS
    assert talk.history()[-1].tool_calls == []


def test_an_answer_with_too_many_calls_runs_none(chat: ChatMaker) -> None:
    talk = chat(calls(*[("status", {})] * (MAX_CALLS + 1)))

    end = talk.ask("Status, thirteen times")

    assert "at most 12 calls" in end.reply
    assert talk.calls.made == []


def test_twelve_calls_of_one_answer_all_run(chat: ChatMaker) -> None:
    talk = chat(calls(*[("status", {})] * MAX_CALLS), AIMessage("All twelve."))

    assert talk.ask("Status, twelve times").reply == "All twelve."
    assert len(talk.calls.made) == MAX_CALLS


TRAIN = ToolCall(name="train", args={"character": "Lirien"}, id="t")
COST = ToolCall(name="cost", args={}, id="c")


@given(st.lists(st.sampled_from([TRAIN, COST]), min_size=1, max_size=8))
def test_a_step_is_one_call_or_a_run_of_proposals_from_the_head(wanted: list[ToolCall]) -> None:
    step = first_step(wanted, ApprovalPolicy())

    assert step == wanted[: len(step)]
    assert len(step) >= 1
    if len(step) > 1 or step[0] is TRAIN:
        assert all(call is TRAIN for call in step)
        assert len(step) == len(wanted) or wanted[len(step)] is COST


def _ai(*ids: str) -> AIMessage:
    return AIMessage("", tool_calls=[ToolCall(name="cost", args={}, id=each) for each in ids])


messages = st.lists(
    st.one_of(
        st.builds(HumanMessage, st.just("hm")),
        st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(lambda ids: _ai(*ids)),
        st.sampled_from("abc").map(lambda each: ToolMessage("ok", tool_call_id=each)),
    ),
    max_size=12,
)


@given(messages)
def test_a_mended_history_has_an_answer_to_each_call_before_the_next_word(
    history: list[AnyMessage],
) -> None:
    mended = answer_dangling(history)

    assert [m for m in mended if m.content != CUT] == history
    for index, message in enumerate(mended):
        if isinstance(message, AIMessage):
            following = mended[index + 1 :]
            talk = [i for i, m in enumerate(following) if not isinstance(m, ToolMessage)]
            answers = following[: talk[0]] if talk else following
            answered = {m.tool_call_id for m in answers if isinstance(m, ToolMessage)}
            assert {call["id"] for call in message.tool_calls} <= answered
    assert answer_dangling(mended) == mended


@pytest.mark.usefixtures("plain_cards")
def test_endless_words_leave_room_for_what_waits(chat: ChatMaker) -> None:
    talk = chat(calls(("train", {"character": "Lirien"}), text="x" * 50_000), AIMessage("Good."))

    end = talk.ask("Train Lirien")

    assert len(end.reply) == 20_000
    assert end.reply.endswith("This waits for you: train of Lirien?")
    assert talk.rows[-1].text == end.reply
    assert talk.ask("Go on").reply == "Good."


@pytest.mark.usefixtures("plain_cards")
def test_endless_proposals_are_kept_as_far_as_they_fit(
    chat: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.approvals.proposal_card", lambda *_: "y" * 30_000)
    talk = chat(calls(("train", {"character": "Lirien"}), text="I would."))

    end = talk.ask("Train Lirien")

    assert len(end.reply) == 20_000
    assert len(end.proposals) == 1


def test_a_message_with_half_a_letter_is_refused(chat: ChatMaker) -> None:
    with pytest.raises(BadInput, match="half a letter"):
        chat(AIMessage("Good.")).say("a \ud83d b")
