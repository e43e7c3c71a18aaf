"""The chat agent; it plans, proposes and calls tools, and holds no domain logic."""

import os

# LangGraph reads this once, when it is imported: a checkpoint may only name types of the allow-list.
os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
