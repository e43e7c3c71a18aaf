"""Scenes from prose: place, light, who is there, and the shots that cover them, by rules."""
