"""How long and how many: the limits that several rooms keep, each with its reason.

A limit of one room alone stands in that room.
"""

from __future__ import annotations

LONGEST_TEXT = 4000
"""Letters of a brief, a scene or a message that rules read: two pages, and what a shot list needs."""
LONGEST_PHRASE = 300
"""Letters of one description or note; a longer one would push the closing anchor out of a prompt."""
LONGEST_NAME = 40
"""Letters of a character's name, which stands in every prompt and in file names."""
LONGEST_LOOK = 60
"""Letters of a look's name."""
LONGEST_BLOCK = 1200
"""Letters of an identity block, which is never cut: about three chunks of a text encoder."""
MOST_IN_FRAME = 4
"""Characters of one shot; each brings an anchor of its own, which is never cut either."""
MOST_REFERENCES = 14
"""Reference pictures of one drawing: the most that any model behind an endpoint takes."""
MOST_IN_CAST = 24
"""Characters of one scene."""
MOST_FREE_WORDS = 80
"""Phrases that are kept where no slot took them."""
LONGEST_CAPTION = 4000
"""Letters of a picture's caption or a negative prompt: half a prompt, and more than a person writes."""
LONGEST_PROMPT = 8000
"""Letters of a whole prompt: the identity blocks of all in frame, their lights, and the scene."""
MOST_CALLS = 12
"""Calls of one answer, and things that one message asks for: what a person can follow in one report."""
MOST_AT_ONCE = 60
"""Slates or takes of one call: a long scene, and as many pictures as one looks through."""
