"""Briefs of characters, changes and styles from free text and YAML, by rules."""
