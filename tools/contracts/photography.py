"""The camera words that the whole studio shares: framing, view, expression.

Lights and places are free phrases, because a director may name any.
"""

from __future__ import annotations

from enum import StrEnum


class Framing(StrEnum):
    """Shot sizes, closest first."""

    EXTREME_CLOSE_UP = "extreme close-up"
    CLOSE_UP = "close-up"
    MEDIUM_CLOSE_UP = "medium close-up"
    MEDIUM = "medium shot"
    THREE_QUARTER = "three-quarter shot"
    FULL = "full-body shot"
    WIDE = "wide shot"


class View(StrEnum):
    """From which side the head is seen.

    A `left` view is taken from the side that the viewer has at his left: the face then points to the
    viewer's right. That is how the captions of the drawn people use the words (measured).
    """

    FRONTAL = "frontal view"
    THREE_QUARTER_LEFT = "three-quarter left view"
    THREE_QUARTER_RIGHT = "three-quarter right view"
    LEFT_PROFILE = "left profile view"
    RIGHT_PROFILE = "right profile view"


class Expression(StrEnum):
    """Expressions of the paper's close-up layer (joy, sadness, anger, fear, surprise) and two more."""

    NEUTRAL = "neutral expression"
    SMILING = "smiling"
    LAUGHING = "laughing"
    SAD = "sad"
    ANGRY = "angry"
    SURPRISED = "surprised"
    FEARFUL = "fearful"


class Layer(StrEnum):
    """The paper's hierarchy for synthetic sets (section III-B-2); photos have none."""

    SHEET = "sheet"
    CLOSE_UP = "close-up"
    CLOSE_UP_PORTRAIT = "close-up portrait"
    PORTRAIT = "portrait"
    THREE_QUARTER = "three-quarter"
    FULL_BODY = "full body"
    PHOTO = "photo"
