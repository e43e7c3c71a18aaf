"""A chat model that says what a test wrote down, and keeps what it was asked with."""

# The arguments are LangChain's.
# ruff: noqa: ARG002
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

Line = AIMessage | Callable[[list[BaseMessage]], AIMessage]


class ScriptedModel(BaseChatModel):
    """Says one line after the other; the last one again and again."""

    script: list[Any]
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    tools: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        self.tools[:] = [convert_to_openai_tool(tool) for tool in tools]
        return self.bind()

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        line = self._next(messages)
        for word in str(line.text).split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} ".lstrip()))
        last = AIMessageChunk(
            content="",
            tool_calls=line.tool_calls,
            invalid_tool_calls=line.invalid_tool_calls,
            chunk_position="last",
        )
        yield ChatGenerationChunk(message=last)

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        line: Line = self.script[min(len(self.asked), len(self.script) - 1)]
        self.asked.append(list(messages))
        return line if isinstance(line, AIMessage) else line(messages)


def calls(*wanted: tuple[str, dict[str, Any]], text: str = "") -> AIMessage:
    """A line that asks for calls, with ids that come again in every turn as some servers' do."""
    return AIMessage(
        text,
        tool_calls=[
            ToolCall(name=name, args=args, id=f"call_{number}", type="tool_call")
            for number, (name, args) in enumerate(wanted)
        ],
    )
