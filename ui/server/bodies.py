"""How long a request's body may be, and reading one whole.

Knows paths' bounds; must not know what a body means.
"""

from __future__ import annotations

from starlette.types import Message, Receive

KILO = 1024
UPLOAD = 240 * KILO * KILO
"""All pictures of one upload together."""

_STREAMED = "/act/upload/"
_BOUNDS = (
    (_STREAMED, UPLOAD),
    ("/act/", 64 * KILO),
    ("/studio/", 1024 * KILO),
    ("/login", 4 * KILO),
    ("/logout", KILO),
)


class BodyTooLong(Exception):
    """A body went over its bound while it was read; only the door and uploads see this."""


def longest_body(path: str) -> int:
    """Return how many bytes a body sent to a path may have."""
    return next((bound for start, bound in _BOUNDS if path.startswith(start)), 0)


def is_streamed(path: str) -> bool:
    """Say whether a body is too long to be held in memory whole."""
    return path.startswith(_STREAMED)


async def read_body(receive: Receive, longest: int) -> bytes:
    """Read a body whole.

    Raises:
        BodyTooLong: it has more than `longest` bytes.
    """
    read = bytearray()
    while True:
        message = await receive()
        read += message.get("body", b"")
        if len(read) > longest:
            raise BodyTooLong
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(read)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read once more; what comes after it comes from the connection."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again


def counted(receive: Receive, longest: int) -> Receive:
    """Pass a body through until it is too long; see `read_body`."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > longest:
            raise BodyTooLong
        return message

    return counting
