"""The list of the tools, and what holds for every one of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from agent.toolkit.registry import TOOLS, check_arguments, find_tool, tools_by_name
from agent.toolkit.tool import AnyTool, never, plain_card
from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.workflows.kinds import Kind

NAMES = [
    "create_character",
    "change_character",
    "set_style",
    "cast",
    "choose_face",
    "add_photos",
    "build_references",
    "review_references",
    "gate",
    "train",
    "list_versions",
    "choose_version",
    "plan_shots",
    "shoot",
    "show_takes",
    "pick",
    "reject",
    "omit",
    "explain_verdict",
    "status",
    "cancel",
    "cost",
    "add_base",
    "deliver",
]
DRAWING = {"cast", "build_references", "review_references", "shoot", "reject"}
GOES_ON = {
    Kind.CAST,
    Kind.BUILD_SET,
    Kind.TRAIN,
    Kind.SHOOT,
    Kind.SKETCH,
    Kind.DELIVER,
    Kind.ADD_BASE,
}
"""A chat starts it, and hears of its end later."""
WAITED_FOR = {Kind.CUT_SHEET, Kind.PHOTOS, Kind.GATE}
"""A chat starts it and waits for it."""
NOT_OF_A_CHAT = {Kind.LAYER, Kind.LAYERED_SET, Kind.COMPARE, Kind.ADD_LORA}
json_values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
every_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)


def test_the_tools_are_those_of_the_issue() -> None:
    assert [tool.name for tool in TOOLS] == NAMES


@every_tool
def test_every_tool_says_what_it_is_for_and_can_be_run(tool: AnyTool) -> None:
    assert tool.arguments.__doc__ != Contract.__doc__
    assert callable(tool.run)
    assert find_tool(tool.name) is tool


@every_tool
def test_a_tool_whose_calls_may_wait_has_a_card_of_its_own(tool: AnyTool) -> None:
    may_wait = tool.waits is not never or tool.draws is not never

    assert may_wait is (tool.card is not plain_card)


def test_these_tools_draw() -> None:
    assert {tool.name for tool in TOOLS if tool.draws is not never} == DRAWING


def test_each_kind_of_job_that_goes_on_is_told_by_exactly_one_tool() -> None:
    told = Counter(kind for tool in TOOLS for kind in tool.reports)

    assert set(Kind) == GOES_ON | WAITED_FOR | NOT_OF_A_CHAT, "say who tells of a new kind"
    assert set(told.values()) == {1}
    assert GOES_ON <= set(told) <= GOES_ON | WAITED_FOR


@given(st.sampled_from(NAMES), st.dictionaries(st.text(max_size=12), json_values, max_size=4))
def test_any_arguments_are_typed_or_refused(name: str, arguments: dict[str, JsonValue]) -> None:
    try:
        typed = check_arguments(name, arguments)
    except BadInput:
        return

    assert isinstance(typed, tools_by_name()[name].arguments)
    assert isinstance(typed, Contract)


def test_a_refusal_names_the_argument_and_what_was_expected() -> None:
    with pytest.raises(BadInput, match=r"train cannot be called like this: steps: .*greater than"):
        check_arguments("train", {"character": "Lirien", "steps": 0})


def test_an_unknown_tool_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"there is no tool 'rm'; there are: create_character, "):
        check_arguments("rm", {})
