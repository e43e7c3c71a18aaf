"""Text and data that the tools and the agent read: vocabularies, plans, prompts. No code."""
