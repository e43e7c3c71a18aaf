"""The agent's tools (`agent.toolkit.registry`) as LangChain tools.

Knows names, schemas and how a tool is called; must not know what any of them does. The model sees the
arguments only: context, progress and the call's id come from the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import StructuredTool
from langchain_core.utils.json_schema import dereference_refs
from pydantic import JsonValue, ValidationError

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.registry import TOOLS
from agent.toolkit.tool import AnyTool
from tools.contracts.model import Contract
from tools.contracts.progress import Progress, ProgressSink

ToolFunction = Callable[[Any, ChatContext, ProgressSink], Answer]
"""What a tool runs: its own argument model, the context, and where progress goes."""


class ToolBug(RuntimeError):
    """A tool raised a validation error of its own making, which must not pass for a bad argument."""


def build_tools(functions: Mapping[str, ToolFunction] | None = None) -> list[StructuredTool]:
    """Return all tools in a fixed order.

    Args:
        functions: use these instead of the toolkit's, by tool name.
    """
    given = functions or {}
    return [_tool(tool, given.get(tool.name, tool.run)) for tool in TOOLS]


def _tool(tool: AnyTool, function: ToolFunction) -> StructuredTool:
    def run(
        runtime: ToolRuntime[ChatContext, Any], **arguments: Any
    ) -> tuple[str, dict[str, JsonValue]]:
        typed = tool.checked(arguments)
        tell = runtime.stream_writer
        told = {"call_id": runtime.tool_call_id or "", "tool": tool.name}

        def watch(progress: Progress) -> None:
            tell({"kind": "tool_progress", **told, "progress": progress.model_dump(mode="json")})

        tell({"kind": "tool_started", **told, "arguments": arguments})
        try:
            answer = function(typed, runtime.context, watch)
        except ValidationError as error:
            raise ToolBug(f"{tool.name} built a value that its own contract refuses") from error
        return answer.text, answer.model_dump(mode="json")

    return StructuredTool.from_function(
        func=run,
        name=tool.name,
        description=" ".join((tool.arguments.__doc__ or tool.name).split()),
        args_schema=_schema(tool.arguments),
        response_format="content_and_artifact",
    )


def _schema(model: type[Contract]) -> dict[str, Any]:
    """The arguments as plain JSON schema: the tool itself checks them, and refuses unknown ones."""
    schema = dereference_refs(model.model_json_schema())
    schema.pop("$defs", None)
    return schema
