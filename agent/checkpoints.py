"""Where the graph keeps its state: a file of its own beside the studio's database.

Knows the serializer's allow-list; must not know what a conversation is about.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from tools.errors import StorageFailed

BUSY_S = 15.0

ALLOWED: tuple[tuple[str, str], ...] = (
    ("agent.policy", "ApprovalPolicy"),
    ("agent.policy", "KnownLook"),
    ("agent.state", "ApprovalPolicy"),
    ("agent.state", "KnownLook"),
)
"""Types beside LangChain's messages that a checkpoint may hold; any other is not built again.

Older checkpoints name the policy in `agent.state`.
"""


def strict_serializer() -> JsonPlusSerializer:
    """A serializer that builds nothing outside the allow-list and never unpickles."""
    return JsonPlusSerializer(pickle_fallback=False, allowed_msgpack_modules=ALLOWED)


class Checkpoints(SqliteSaver):
    """Checkpoints in `conversations.db`; a finished turn keeps its last one only."""

    def keep_last(self, thread_id: str) -> None:
        """Drop all but the newest checkpoint of a thread, so that the file does not grow with every step."""
        newest = "SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ?"
        with self.cursor() as cursor:
            for table in ("checkpoints", "writes"):
                cursor.execute(
                    f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id < ({newest})",
                    (thread_id, thread_id),
                )


def open_checkpoints(home: Path) -> Checkpoints:
    """Open the checkpoints of a studio, one connection for all threads of this process.

    Raises:
        StorageFailed: the file cannot be used.
    """
    # Absolute: SQLite would take a relative `file:...` for a URI.
    path = home.absolute() / "conversations.db"
    try:
        home.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, check_same_thread=False, timeout=BUSY_S)
        saver = Checkpoints(connection, serde=strict_serializer())
        saver.jsonplus_serde = strict_serializer()
        saver.setup()
    except (OSError, sqlite3.Error) as error:
        raise StorageFailed(f"cannot use {path}: {error}; check free space and rights") from error
    return saver
