"""The agent's tools as plain functions, one file a tool; they know no chat framework."""
