"""The tools as a model sees them."""

from __future__ import annotations

import json

import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.toolkit.registry import TOOLS
from agent.tools import build_tools


def test_a_model_is_offered_every_tool_in_the_list_s_order() -> None:
    assert [tool.name for tool in build_tools()] == [tool.name for tool in TOOLS]


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
