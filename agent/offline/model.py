"""The offline director as a LangChain chat model: messages in, words or tool calls out.

Knows LangChain's form of a chat model; must not know what a sentence means.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ToolCall,
    ToolCallChunk,
)
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.offline.conversation import ASKED, listen
from agent.offline.director import Plan, answer

_NAMESPACE = uuid.UUID("5b1c2d3e-6f70-5a81-92b3-c4d5e6f70819")
_WORD = re.compile(r"\S+\s*|\s+")


class OfflineDirector(BaseChatModel):
    """Understands directors' sentences by rules; the same messages always give the same answer."""

    @property
    def _llm_type(self) -> str:
        return "samecast-offline-director"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model": "offline-director"}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Offer tools; what a sentence asks of a tool that is not offered is refused in words."""
        offered = [convert_to_openai_tool(tool) for tool in tools]
        return self.bind(tools=offered, tool_choice=tool_choice, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        del stop, run_manager
        plan = answer(listen(messages), _names(kwargs.get("tools")))
        message = AIMessage(
            content=plan.text,
            tool_calls=[
                ToolCall(name=call.tool, args=dict(call.args), id=_call_id(messages, index))
                for index, call in enumerate(plan.calls)
            ],
            additional_kwargs=_asked(plan),
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        del stop, run_manager
        plan = answer(listen(messages), _names(kwargs.get("tools")))
        for word in _WORD.findall(plan.text):
            yield ChatGenerationChunk(message=AIMessageChunk(content=word))
        for index, call in enumerate(plan.calls):
            chunk = ToolCallChunk(
                name=call.tool,
                args=json.dumps(dict(call.args)),
                id=_call_id(messages, index),
                index=index,
                type="tool_call_chunk",
            )
            yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=[chunk]))
        last = AIMessageChunk(content="", chunk_position="last", additional_kwargs=_asked(plan))
        yield ChatGenerationChunk(message=last)


def _names(tools: Sequence[Mapping[str, Any]] | None) -> frozenset[str] | None:
    return None if tools is None else frozenset(tool["function"]["name"] for tool in tools)


def _call_id(messages: Sequence[BaseMessage], index: int) -> str:
    """Give the same call of the same message the same id, so that a resumed turn knows it."""
    last = messages[-1] if messages else None
    said = (last.id or f"{len(messages)} {last.text}") if last else ""
    return f"call_{uuid.uuid5(_NAMESPACE, f'{said} {index}').hex}"


def _asked(plan: Plan) -> dict[str, Any]:
    return {ASKED: plan.asked.as_json()} if plan.asked else {}
