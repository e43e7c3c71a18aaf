"""Words for a photo without a caption, from what can be measured: framing, view and light.

Framing comes from the face's share of the frame, view from the head's yaw, light from luminance and
colour on the face and around it, by a linear classifier that ships as data. Must not know captions'
wording beyond the phrases of its data file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.contracts.photography import Framing, View

FRAMING_CUTS = (
    (0.51, Framing.EXTREME_CLOSE_UP),
    (0.32, Framing.CLOSE_UP),
    (0.20, Framing.MEDIUM_CLOSE_UP),
    (0.14, Framing.MEDIUM),
    (0.0875, Framing.THREE_QUARTER),
    (0.045, Framing.FULL),
)
"""Smallest face height over frame height of each shot size; below the last it is a wide shot."""
TURNED_YAW = 24.0
"""Degrees of yaw from which a view is three-quarter (measured, bench/detection.py)."""
PROFILE_YAW = 60.0
"""Degrees from which a face of a detector that sees profiles is called one."""
SEE_PROFILES = frozenset({"mmod", "drawn", "drawn-faint"})
DARK_LUMA = 0.22
"""Mean luminance, 0 to 1, under which a picture is dark."""
SAMPLE_SIDE = 64


@dataclass(frozen=True)
class MeasuredPicture:
    """What a picture shows, as measured."""

    framing: Framing
    view: View
    light: str
    """The nearest of the light phrases in the data file."""
    facts: tuple[str, ...]
    """What was seen of the light: dark, warm, cool, from the left or right (the viewer's)."""


@dataclass(frozen=True)
class _LightClassifier:
    phrases: tuple[str, ...]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    """Shape (features, phrases)."""
    bias: NDArray[np.float64]


def measured_words(image: Image.Image, face: Face) -> MeasuredPicture:
    """Describe a picture of one person by its face and its light."""
    return MeasuredPicture(
        framing=framing_of(face.box, image.height),
        view=view_of(face),
        light=light_of(image, face.box),
        facts=light_facts(image, face.box),
    )


def framing_of(face: Box, frame_height: int) -> Framing:
    """Return the shot size from the face's share of the frame's height."""
    share = face.height / frame_height
    return next((framing for cut, framing in FRAMING_CUTS if share >= cut), Framing.WIDE)


def view_of(face: Face) -> View:
    """Return the view from yaw: a face turned to the viewer's right is a view from the left.

    That is how the drawn people's captions name it (measured: their "three-quarter left view" has
    the nose on the viewer's right of the face).
    """
    yaw = face.yaw or 0.0
    if abs(yaw) < TURNED_YAW:
        return View.FRONTAL
    if abs(yaw) >= PROFILE_YAW and face.detector in SEE_PROFILES:
        return View.LEFT_PROFILE if yaw > 0 else View.RIGHT_PROFILE
    return View.THREE_QUARTER_LEFT if yaw > 0 else View.THREE_QUARTER_RIGHT


def light_of(image: Image.Image, face: Box) -> str:
    """Return the nearest light phrase."""
    model = _classifier()
    scores = (light_features(image, face) - model.mean) / model.scale @ model.weights + model.bias
    return model.phrases[int(np.argmax(scores))]


def light_facts(image: Image.Image, face: Box) -> tuple[str, ...]:
    """Name what stands out in the light, in plain words."""
    features = dict(zip(FEATURES, light_features(image, face), strict=True))
    facts = []
    if features["picture luma"] < DARK_LUMA:
        facts.append("dark")
    warmth = features["face red"] - features["face blue"]
    if warmth > 0.25:
        facts.append("warm")
    if warmth < 0.02:
        facts.append("cool")
    if abs(features["left over right"]) > 0.35:
        facts.append(f"from the {'left' if features['left over right'] > 0 else 'right'}")
    return tuple(facts)


FEATURES = (
    "face luma",
    "face red",
    "face blue",
    "face contrast",
    "face dark end",
    "face bright end",
    "left over right",
    "side contrast",
    "side red",
    "side blue",
    "top over bottom",
    "picture luma",
    "picture red",
    "picture blue",
    "picture contrast",
    "body luma",
    "body red",
    "body blue",
    "body side contrast",
)


def light_features(image: Image.Image, face: Box) -> NDArray[np.float64]:
    """Measure luminance and colour, shape (len(FEATURES),).

    Luma is 0 to 1, colours are shares of red and blue in the sum of the three, sides are the
    viewer's, ratios are natural logarithms.
    """
    skin = _sample(image, face)
    body = _sample(image, _below(face))
    whole = _sample(image, Box(left=0, top=0, right=image.width, bottom=image.height))
    luma = skin.mean(axis=2)
    half = SAMPLE_SIDE // 2
    left, right = skin[:, :half], skin[:, half:]
    aside = _log_ratio(left.mean(), right.mean())
    shares = np.abs(_shares(left) - _shares(right))
    body_aside = _log_ratio(body[:, :half].mean(), body[:, half:].mean())
    values = [
        luma.mean(),
        *_shares(skin),
        luma.std() / (luma.mean() + 0.02),
        np.quantile(luma, 0.1),
        np.quantile(luma, 0.9),
        aside,
        abs(aside),
        *shares,
        _log_ratio(luma[:half].mean(), luma[half:].mean()),
        whole.mean(),
        *_shares(whole),
        whole.std(),
        body.mean(),
        *_shares(body),
        abs(body_aside),
    ]
    return np.asarray(values, dtype=np.float64)


def _sample(image: Image.Image, box: Box) -> NDArray[np.float64]:
    left, top = max(0.0, box.left), max(0.0, box.top)
    right, bottom = min(float(image.width), box.right), min(float(image.height), box.bottom)
    if right - left < 1 or bottom - top < 1:
        left, top, right, bottom = 0.0, 0.0, float(image.width), float(image.height)
    patch = image.convert("RGB").resize(
        (SAMPLE_SIDE, SAMPLE_SIDE), Image.Resampling.BILINEAR, box=(left, top, right, bottom)
    )
    return np.asarray(patch, dtype=np.float64) / 255.0


def _below(face: Box) -> Box:
    return Box(
        left=face.left - face.width / 2,
        top=face.bottom + 0.2 * face.height,
        right=face.right + face.width / 2,
        bottom=face.bottom + 1.5 * face.height,
    )


def _shares(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    mean = pixels.reshape(-1, 3).mean(axis=0) + 0.01
    shares: NDArray[np.float64] = (mean / mean.sum())[[0, 2]]
    return shares


def _log_ratio(first: float, second: float) -> float:
    return float(np.log((first + 0.02) / (second + 0.02)))


@lru_cache(maxsize=1)
def _classifier() -> _LightClassifier:
    text = files("tools.qc").joinpath("data", "lights.json").read_text(encoding="utf-8")
    row = json.loads(text)
    return _LightClassifier(
        phrases=tuple(row["phrases"]),
        mean=np.asarray(row["mean"]),
        scale=np.asarray(row["scale"]),
        weights=np.asarray(row["weights"]),
        bias=np.asarray(row["bias"]),
    )
