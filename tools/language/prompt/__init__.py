"""Slots in a base's words: vocabulary, identity block, SAME anchor, prompts, captions, and what stays out."""
