"""The chat agent: a model, the tools, and what stands between them, as one graph.

Knows which part stands where; each part knows its own business. Holds no conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models.chat_models import BaseChatModel
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph

from agent.approvals import Approvals
from agent.briefing import Briefing
from agent.context import ChatContext
from agent.failures import ToolFailures
from agent.order import Order
from agent.repair import Repair
from agent.state import StudioState
from agent.toolkit.registry import tools_by_name
from agent.tools import ToolFunction, build_tools


def build_agent(
    model: BaseChatModel,
    checkpointer: BaseCheckpointSaver[Any] | None,
    *,
    sees_images: bool = False,
    functions: Mapping[str, ToolFunction] | None = None,
) -> CompiledStateGraph[Any, ChatContext, Any, Any]:
    """Return the agent's graph.

    The order matters: errors stand around the approvals, so that a card that cannot be made is an answer
    to the model and no crash; an approval's pause passes through them.

    Args:
        model: Any chat model that can bind tools.
        checkpointer: Where its state is kept between messages.
        sees_images: Whether the model takes pictures.
        functions: Tools to use instead of the toolkit's, by name.
    """
    return create_agent(
        model,
        build_tools(functions),
        middleware=[
            ToolFailures(),
            Approvals(tuple(tools_by_name())),
            Briefing(sees_images=sees_images),
            Order(),
            Repair(),
        ],
        state_schema=StudioState,
        context_schema=ChatContext,
        checkpointer=checkpointer,
    )
