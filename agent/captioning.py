"""Words for photos, from a chat model that sees: one call a picture, all at once.

What comes back is data about a picture, cut to a caption's length; it is never read as an instruction.
Must not know what the captions are for.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypedDict

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.types import RetryPolicy, Send

from agent.prompts import render
from agent.sight import picture_block
from tools.errors import FailedError
from tools.store.files import FileStore

MAX_LETTERS = 300
MAX_ATTEMPTS = 3
AT_ONCE = 4


class _Batch(TypedDict):
    digests: list[str]
    captions: Annotated[dict[str, str], operator.or_]


class _One(TypedDict):
    digest: str


def build_captioner(
    model: BaseChatModel, files: FileStore
) -> Callable[[Sequence[str]], Mapping[str, str]]:
    """Return a function that describes stored pictures.

    A picture whose call fails three times fails all of them with `FailedError`. A picture of which the
    model says nothing is left out.
    """

    def caption(one: _One) -> dict[str, dict[str, str]]:
        block = picture_block(files.read(one["digest"]))
        text = {"type": "text", "text": render("caption.md.j2")}
        said = model.invoke([HumanMessage(content=[text, block])])
        words = as_caption(str(said.text))
        return {"captions": {one["digest"]: words} if words else {}}

    def spread(batch: _Batch) -> list[Send]:
        return [Send("caption", _One(digest=digest)) for digest in batch["digests"]]

    builder = StateGraph(_Batch)
    retry = RetryPolicy(
        max_attempts=MAX_ATTEMPTS, retry_on=FailedError, initial_interval=0.1, jitter=False
    )
    node: Any = caption
    builder.add_node("caption", node, input_schema=_One, retry_policy=retry)
    builder.add_conditional_edges(START, spread, ["caption"])
    builder.add_edge("caption", END)
    graph = builder.compile(checkpointer=False)

    def describe(digests: Sequence[str]) -> Mapping[str, str]:
        if not digests:
            return {}
        start = _Batch(digests=list(dict.fromkeys(digests)), captions={})
        # Its own run: a caption is no part of the conversation, nor of its checkpoints.
        captions: dict[str, str] = graph.invoke(
            start, {"max_concurrency": AT_ONCE, "callbacks": [], "configurable": {}}
        )["captions"]
        return captions

    return describe


def as_caption(text: str) -> str:
    """One line of printable letters, at most 300, cut at a word."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) <= MAX_LETTERS:
        return line
    return line[:MAX_LETTERS].rpartition(" ")[0]
