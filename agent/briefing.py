"""What the model is asked with: the studio as it is now, the newest messages, the pictures attached.

Everything here is made for one call and thrown away: the state keeps neither the system message nor
pictures. When a call waits from the answer before, or the turn has failed, the model is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage
from typing_extensions import override

from agent.context import ChatContext
from agent.prompts import system_message
from agent.sight import picture_blocks
from agent.state import StudioState
from tools.store.conversation import MessageRole, list_unused
from tools.store.conversation_ends import last_messages
from tools.workflows.digest import studio_digest

MAX_MESSAGES = 60
"""Newest messages that a model is given; the system message says how things stand."""
MAX_REPORTS = 5
STAND_IN = "stand_in"
"""Marks a message that was put in the model's place; never sent to a model."""


class Briefing(AgentMiddleware[StudioState, ChatContext, Any]):
    """Stands around the call of the model."""

    state_schema = StudioState

    def __init__(self, *, sees_images: bool = False) -> None:
        """Show attached pictures only to a model that sees."""
        self._sees_images = sees_images

    @override
    def wrap_model_call(
        self,
        request: ModelRequest[ChatContext],
        handler: Callable[[ModelRequest[ChatContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        """Ask the model, or answer in its place."""
        state: Any = request.state
        if failure := state.get("failure"):
            return AIMessage(failure, additional_kwargs={STAND_IN: True})
        if waiting := state.get("waiting"):
            return AIMessage("", tool_calls=list(waiting))
        context = request.runtime.context
        messages = newest(request.messages)
        if self._sees_images:
            messages = _with_pictures(messages, context)
        return handler(request.override(system_message=_system(context), messages=messages))


def newest(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """Return the last messages, from a message of the director on, so that no call is torn apart."""
    tail = list(messages[-MAX_MESSAGES:])
    starts = [index for index, each in enumerate(tail) if isinstance(each, HumanMessage)]
    return tail[starts[0] :] if starts else list(messages)


def _system(context: ChatContext) -> SystemMessage:
    digest = studio_digest(context.services, context.production, context.conversation_id)
    with context.services.database.reading() as session:
        reports = last_messages(
            session=session,
            conversation_id=context.conversation_id,
            roles=[MessageRole.REPORT],
            limit=MAX_REPORTS,
        )
    return system_message(digest, [row.text for row in reports])


def _with_pictures(messages: list[AnyMessage], context: ChatContext) -> list[AnyMessage]:
    with context.services.database.reading() as session:
        uploads = list_unused(session=session, conversation_id=context.conversation_id)
    blocks = picture_blocks(context.services.files, [upload.digest for upload in uploads])
    last = max(i for i, each in enumerate(messages) if isinstance(each, HumanMessage))
    words: list[str | dict[Any, Any]] = [{"type": "text", "text": messages[last].text}]
    shown = HumanMessage(content=[*words, *blocks], id=messages[last].id)
    return [*messages[:last], shown, *messages[last + 1 :]] if blocks else messages
