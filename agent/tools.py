"""The agent's tools: each function of `agent.toolkit` with its argument model, as a LangChain tool.

Knows names, schemas and how a function is called; must not know what any of them does. The model
sees the arguments only: context, progress and the call's id come from the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import StructuredTool
from langchain_core.utils.json_schema import dereference_refs
from pydantic import JsonValue, ValidationError

from agent import arguments as asked
from agent.answer import Answer
from agent.context import ChatContext
from tools.contracts.model import Contract
from tools.contracts.progress import Progress, ProgressSink
from tools.errors import BadInput

ARGUMENTS: tuple[type[Contract], ...] = (
    asked.CreateCharacter,
    asked.ChangeCharacter,
    asked.SetStyle,
    asked.Cast,
    asked.ChooseFace,
    asked.AddPhotos,
    asked.BuildReferences,
    asked.ReviewReferences,
    asked.Gate,
    asked.Train,
    asked.ListVersions,
    asked.ChooseVersion,
    asked.PlanShots,
    asked.Shoot,
    asked.ShowTakes,
    asked.Pick,
    asked.Reject,
    asked.ExplainVerdict,
    asked.Status,
    asked.Cancel,
    asked.Cost,
    asked.AddBase,
    asked.Deliver,
)

ToolFunction = Callable[[Any, ChatContext, ProgressSink], Answer]
"""A tool: its own argument model, the context, and where progress goes."""


class ToolBug(RuntimeError):
    """A tool raised a validation error of its own making, which must not pass for a bad argument."""


def tool_name(arguments: type[Contract]) -> str:
    """The name of a tool: its argument model's, in snake case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", arguments.__name__).lower()


@cache
def argument_models() -> Mapping[str, type[Contract]]:
    """Every tool's argument model by the tool's name."""
    return {tool_name(arguments): arguments for arguments in ARGUMENTS}


def check_arguments(tool: str, arguments: Mapping[str, JsonValue]) -> Contract:
    """Return a call's typed arguments.

    Raises:
        BadInput: there is no such tool, or they do not fit; the message says what was expected.
    """
    model = argument_models().get(tool)
    if model is None:
        raise BadInput(f"there is no tool {tool!r}; there are: {', '.join(argument_models())}")
    try:
        return model.model_validate(arguments)
    except ValidationError as error:
        faults = "; ".join(_fault(detail) for detail in error.errors(include_url=False)[:5])
        raise BadInput(f"{tool} cannot be called like this: {faults}") from error


def load_function(tool: str) -> ToolFunction:
    """Import a tool's function; each module is imported when it is first called."""
    function: ToolFunction = getattr(import_module(f"agent.toolkit.{tool}"), tool)
    return function


def build_tools(functions: Mapping[str, ToolFunction] | None = None) -> list[StructuredTool]:
    """Return all tools in a fixed order.

    Args:
        functions: use these instead of the toolkit's, by tool name.
    """
    given = functions or {}
    return [_tool(name, model, given.get(name)) for name, model in argument_models().items()]


def _fault(detail: Any) -> str:
    place = ".".join(str(part) for part in detail["loc"])
    return f"{place}: {detail['msg']}" if place else str(detail["msg"])


def _tool(name: str, model: type[Contract], function: ToolFunction | None) -> StructuredTool:
    def run(
        runtime: ToolRuntime[ChatContext, Any], **arguments: Any
    ) -> tuple[str, dict[str, JsonValue]]:
        typed = check_arguments(name, arguments)
        tell = runtime.stream_writer
        told = {"call_id": runtime.tool_call_id or "", "tool": name}

        def watch(progress: Progress) -> None:
            tell({"kind": "tool_progress", **told, "progress": progress.model_dump(mode="json")})

        tell({"kind": "tool_started", **told, "arguments": arguments})
        try:
            answer = (function or load_function(name))(typed, runtime.context, watch)
        except ValidationError as error:
            raise ToolBug(f"{name} built a value that its own contract refuses") from error
        return answer.text, answer.model_dump(mode="json")

    return StructuredTool.from_function(
        func=run,
        name=name,
        description=" ".join((model.__doc__ or name).split()),
        args_schema=_schema(model),
        response_format="content_and_artifact",
    )


def _schema(model: type[Contract]) -> dict[str, Any]:
    """The arguments as plain JSON schema: the tool itself checks them, and refuses unknown ones."""
    schema = dereference_refs(model.model_json_schema())
    schema.pop("$defs", None)
    return schema
