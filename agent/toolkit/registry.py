"""Every chat tool, in the order in which a model is offered them: this list is what the agent can do.

Knows the tools' values; must not know a chat framework, nor what any of them does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import JsonValue

from agent.toolkit import (
    add_base,
    add_photos,
    build_references,
    cancel,
    cast,
    change_character,
    choose_face,
    choose_version,
    cost,
    create_character,
    deliver,
    explain_verdict,
    gate,
    list_versions,
    omit,
    pick,
    plan_shots,
    reject,
    review_references,
    set_style,
    shoot,
    show_takes,
    status,
    train,
)
from agent.toolkit.tool import AnyTool
from tools.contracts.model import Contract
from tools.errors import BadInput

TOOLS: tuple[AnyTool, ...] = (
    create_character.TOOL,
    change_character.TOOL,
    set_style.TOOL,
    cast.TOOL,
    choose_face.TOOL,
    add_photos.TOOL,
    build_references.TOOL,
    review_references.TOOL,
    gate.TOOL,
    train.TOOL,
    list_versions.TOOL,
    choose_version.TOOL,
    plan_shots.TOOL,
    shoot.TOOL,
    show_takes.TOOL,
    pick.TOOL,
    reject.TOOL,
    omit.TOOL,
    explain_verdict.TOOL,
    status.TOOL,
    cancel.TOOL,
    cost.TOOL,
    add_base.TOOL,
    deliver.TOOL,
)


@cache
def tools_by_name() -> Mapping[str, AnyTool]:
    """Every tool by its name."""
    return MappingProxyType({tool.name: tool for tool in TOOLS})


def find_tool(name: str) -> AnyTool:
    """Return a tool.

    Raises:
        BadInput: there is none of this name; the message lists those there are.
    """
    found = tools_by_name().get(name)
    if found is None:
        raise BadInput(f"there is no tool {name!r}; there are: {', '.join(tools_by_name())}")
    return found


def check_arguments(tool: str, arguments: Mapping[str, JsonValue]) -> Contract:
    """Return a call's typed arguments.

    Raises:
        BadInput: there is no such tool, or they do not fit; the message says what was expected.
    """
    typed: Contract = find_tool(tool).checked(arguments)
    return typed
