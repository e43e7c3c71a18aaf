"""The tools as a model sees them, and as they are called."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import JsonValue

from agent.tools import argument_models, build_tools, check_arguments, load_function
from tools.contracts.model import Contract
from tools.errors import BadInput

NAMES = """create_character change_character set_style cast choose_face add_photos build_references
review_references gate train list_versions choose_version plan_shots shoot show_takes pick reject
explain_verdict status cancel cost add_base deliver"""
json_values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_the_tools_are_those_of_the_issue() -> None:
    assert [tool.name for tool in build_tools()] == NAMES.split()


@pytest.mark.parametrize("name", NAMES.split())
def test_every_tool_has_its_function(name: str) -> None:
    assert callable(load_function(name))


@pytest.mark.parametrize("tool", build_tools(), ids=lambda tool: tool.name)
def test_a_model_sees_bounded_arguments_and_nothing_of_the_run(tool: object) -> None:
    schema = convert_to_openai_tool(tool)  # type: ignore[arg-type]
    parameters = schema["function"]["parameters"]

    assert schema["function"]["description"]
    assert parameters["additionalProperties"] is False
    assert not {"runtime", "context", "production", "conversation_id"} & set(
        parameters["properties"]
    )
    assert "$ref" not in json.dumps(schema)


@given(
    st.sampled_from(NAMES.split()), st.dictionaries(st.text(max_size=12), json_values, max_size=4)
)
def test_any_arguments_are_typed_or_refused(name: str, arguments: dict[str, JsonValue]) -> None:
    try:
        typed = check_arguments(name, arguments)
    except BadInput:
        return

    assert isinstance(typed, argument_models()[name])
    assert isinstance(typed, Contract)


def test_a_refusal_names_the_argument_and_what_was_expected() -> None:
    with pytest.raises(BadInput, match=r"train cannot be called like this: steps: .*greater than"):
        check_arguments("train", {"character": "Lirien", "steps": 0})


def test_an_unknown_tool_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"there is no tool 'rm'; there are: create_character, "):
        check_arguments("rm", {})
