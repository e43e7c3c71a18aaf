"""Studios in which sentences are said to the offline director, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from agent.offline.model import OfflineDirector
from agent.prompts import system_message
from agent.tools import build_tools
from tools.contracts.digest import StudioDigest

_FILE = Path(__file__).parents[1] / "agent" / "offline" / "studios.yaml"


def studio(name: str) -> StudioDigest:
    """Return one of the studios of `tests/agent/offline/studios.yaml`."""
    return StudioDigest.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8"))[name])


def answer(name: str, text: str, earlier: Sequence[BaseMessage] = ()) -> AIMessage:
    """Say a sentence in a studio, after earlier messages, with all tools bound."""
    bound = OfflineDirector().bind_tools(build_tools())
    return bound.invoke([system_message(studio(name)), *earlier, HumanMessage(text)])


def calls(name: str, text: str, earlier: Sequence[BaseMessage] = ()) -> list[tuple[str, object]]:
    """Return the calls that a sentence gives, as tool and arguments."""
    return [(call["name"], call["args"]) for call in answer(name, text, earlier).tool_calls]
