"""A server that speaks enough of OpenAI's chat completions over real HTTP, and keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server sends for one request."""

    text: str = ""
    calls: Sequence[tuple[str, str]] = ()
    """Name and arguments of tool calls; the arguments as the raw text that a model wrote."""
    status: int = 200
    body: str | None = None
    """Sent as it is, in place of a completion."""
    cut: bool = False
    """The stream ends in the middle, without its closing line."""


@dataclass
class StubOpenAI:
    """A running server; the last reply is given again and again."""

    url: str
    replies: list[Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of the requests in order."""
    headers: list[Mapping[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_reply(self, body: dict[str, Any], headers: Mapping[str, str]) -> Reply:
        with self.lock:
            reply = self.replies[min(len(self.requests), len(self.replies) - 1)]
            self.requests.append(body)
            self.headers.append({name.lower(): value for name, value in headers.items()})
            return reply


@contextmanager
def stub_openai(*replies: Reply) -> Iterator[StubOpenAI]:
    """Serve the replies in order at an address of this machine."""
    stub = StubOpenAI("", list(replies))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = stub.next_reply(body, dict(self.headers.items()))
            if reply.body is not None or reply.status != 200:
                error = reply.body or json.dumps({"error": {"message": "no", "type": "stub"}})
                self._send(reply.status, "application/json", error.encode())
            elif body.get("stream"):
                self._send(200, "text/event-stream", stream(reply).encode())
            else:
                self._send(200, "application/json", json.dumps(completion(reply)).encode())

        def _send(self, status: int, kind: str, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("retry-after-ms", "1")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: ARG002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def completion(reply: Reply) -> dict[str, Any]:
    """The whole answer in one JSON object."""
    message = {"role": "assistant", "content": reply.text, "tool_calls": _calls(reply) or None}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {**_head("chat.completion"), "choices": [choice], "usage": usage}


def stream(reply: Reply) -> str:
    """The answer as server-sent events: a word an event, then the calls in two pieces each."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": f"{word} "} for word in reply.text.split()]
    for call in _calls(reply):
        text = call["function"]["arguments"]
        half = len(text) // 2
        first = {**call, "function": {**call["function"], "arguments": text[:half]}}
        deltas.append({"tool_calls": [first]})
        rest = {"index": call["index"], "function": {"arguments": text[half:]}}
        deltas.append({"tool_calls": [rest]})
    lines = [f"data: {json.dumps(_chunk(delta))}\n\n" for delta in deltas]
    if reply.cut:
        return "".join(lines) + 'data: {"id": "1", "choi\n\n'
    last = {**_head("chat.completion.chunk")}
    last["choices"] = [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    return "".join(lines) + f"data: {json.dumps(last)}\n\ndata: [DONE]\n\n"


def _calls(reply: Reply) -> list[dict[str, Any]]:
    return [
        {
            "index": index,
            "id": f"call_{index}",
            "type": "function",
            "function": {"name": name, "arguments": arguments},
        }
        for index, (name, arguments) in enumerate(reply.calls)
    ]


def _chunk(delta: dict[str, Any]) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return {**_head("chat.completion.chunk"), "choices": [choice]}


def _head(kind: str) -> dict[str, Any]:
    return {"id": "stub", "object": kind, "created": 1, "model": "stub"}
