"""A chat model behind an OpenAI-compatible address.

Knows the provider's errors, which are named here and nowhere else; must not know what is said. The key is
a secret: it is in no message, representation or log. Imported only where there is an address to ask: the
provider's client takes a tenth of the chat's start.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openai
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage, ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI

from agent.answer import storable
from tools.errors import FailedError, SamecastError

BROKEN = "cut or malformed: "
"""Before arguments that are no JSON; nothing closes its brackets for it then."""
LARGEST_NUMBER = 2**63
"""Whole numbers from here on fit into no checkpoint."""


class RemoteModel(ChatOpenAI):
    """A chat model behind an address, whose failures are the studio's."""

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        with _provider_errors(self):
            return super()._generate(messages, stop, run_manager, **kwargs)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        with _provider_errors(self):
            yield from _whole_calls(super()._stream(*args, **kwargs))


def _whole_calls(chunks: Iterator[ChatGenerationChunk]) -> Iterator[ChatGenerationChunk]:
    """Pass words on as they come and calls when they are complete.

    LangChain closes open brackets of a streamed call that was cut, and the cut call would be made with
    what happened to be there. Such a call is marked, so that it is taken for malformed.
    """
    calls: dict[object, ToolCallChunk] = {}
    empty = True
    for chunk in chunks:
        empty = False
        if isinstance(chunk.message.content, str):
            chunk.message.content = storable(chunk.message.content)
        if isinstance(chunk.message, AIMessageChunk) and chunk.message.tool_call_chunks:
            for piece in chunk.message.tool_call_chunks:
                calls[piece["index"]] = _joined(calls.get(piece["index"]), piece)
            none: dict[str, list[object]] = {
                name: [] for name in ("tool_call_chunks", "tool_calls", "invalid_tool_calls")
            }
            chunk.message = chunk.message.model_copy(update=none)
        yield chunk
    if empty:
        raise ValueError("an empty stream")
    if calls:
        whole = [_marked(call) for call in calls.values()]
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=whole))


def _joined(before: ToolCallChunk | None, piece: ToolCallChunk) -> ToolCallChunk:
    if before is None:
        return piece
    return {
        **before,
        "name": before["name"] or piece["name"],
        "id": before["id"] or piece["id"],
        "args": (before["args"] or "") + (piece["args"] or ""),
    }


def _marked(call: ToolCallChunk) -> ToolCallChunk:
    try:
        arguments = json.loads(call["args"] or "{}", parse_int=_small_number)
        json.dumps(arguments, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {**call, "args": f"{BROKEN}{storable(call['args'] or '')}"}
    return call


def _small_number(digits: str) -> int:
    number = int(digits)
    if abs(number) >= LARGEST_NUMBER:
        raise ValueError("a number that cannot be kept")
    return number


@contextmanager
def _provider_errors(model: ChatOpenAI) -> Iterator[None]:
    """Turn whatever a foreign server's answer leads to into one clear line.

    A process boundary: an answer that is no chat completion breaks the client in any of many ways,
    none of which is a fault of this program.
    """
    try:
        yield
    except SamecastError:
        raise
    except openai.OpenAIError as error:
        raise FailedError(_line(error, model)) from None
    except Exception as error:  # noqa: BLE001
        raise FailedError(
            f"the chat model at {_address(model)} sent an answer that is no chat completion "
            f"({type(error).__name__}); check SAMECAST_CHAT_BASE_URL and SAMECAST_CHAT_MODEL"
        ) from None


def _line(error: openai.OpenAIError, model: ChatOpenAI) -> str:
    where = f"the chat model at {_address(model)}"
    match error:
        case openai.APITimeoutError():
            return f"{where} did not answer in time; say it again, or set SAMECAST_CHAT_TIMEOUT"
        case openai.APIConnectionError():
            return f"{where} cannot be reached; check the network and SAMECAST_CHAT_BASE_URL"
        case openai.RateLimitError():
            return f"{where} has had too many requests (429); wait a little and say it again"
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return f"{where} does not take the key; check SAMECAST_CHAT_API_KEY"
        case openai.NotFoundError():
            return f"{where} knows no model {model.model_name!r}; check SAMECAST_CHAT_MODEL"
        case openai.APIStatusError(status_code=status):
            return f"{where} failed ({status}); say it again, or look at the server"
        case _:
            return f"{where} failed ({type(error).__name__}); say it again, or look at the server"


def _address(model: ChatOpenAI) -> str:
    """Scheme, host and port: a path or query may hold a token."""
    from urllib.parse import urlsplit

    parts = urlsplit(model.openai_api_base or "https://api.openai.com")
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"
