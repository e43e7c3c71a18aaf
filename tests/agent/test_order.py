"""Calls one after the other, and the limits of a turn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, ToolCall

from agent.events import TurnFailed
from agent.order import MAX_STEPS, first_step
from agent.policy import ApprovalPolicy
from tests.support.chat import ChatMaker
from tests.support.scripted_model import calls
from tools.contracts.limits import MOST_CALLS


def test_a_model_that_never_stops_is_stopped(chat: ChatMaker) -> None:
    talk = chat(calls(("status", {})))

    end = talk.ask("How do we stand?")

    assert isinstance(end, TurnFailed)
    assert "at most 12 calls" in end.error
    assert end.reply.endswith(end.error)
    assert len(talk.calls.made) == MAX_STEPS
    assert talk.history()[-1].tool_calls == []


def test_an_answer_with_too_many_calls_runs_none(chat: ChatMaker) -> None:
    talk = chat(calls(*[("status", {})] * (MOST_CALLS + 1)))

    end = talk.ask("Status, thirteen times")

    assert "at most 12 calls" in end.reply
    assert talk.calls.made == []


def test_twelve_calls_of_one_answer_all_run(chat: ChatMaker) -> None:
    talk = chat(calls(*[("status", {})] * MOST_CALLS), AIMessage("All twelve."))

    assert talk.ask("Status, twelve times").reply == "All twelve."
    assert len(talk.calls.made) == MOST_CALLS


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
