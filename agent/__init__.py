"""The chat agent; it plans, proposes and calls tools, and holds no domain logic."""
