"""Histories that are mended."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage

from agent.repair import CUT, answer_dangling


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
