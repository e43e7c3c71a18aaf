"""Turns of a conversation: what is said, kept, run, settled and reported."""
