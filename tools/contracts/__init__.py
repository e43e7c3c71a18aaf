"""Frozen models that cross a boundary. They hold values and their bounds, never behaviour."""
