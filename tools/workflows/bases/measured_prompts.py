"""What is drawn to measure a base: eight people in six framings, nine garments, six skins.

Data in the maquette's own words. Changing a line makes figures incomparable with those of
older cards.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.contracts.model import Box
from tools.imaging.colours import Lab


@dataclass(frozen=True)
class MeasuredPerson:
    """One of the eight: who, what never changes, and the light and place they stand in."""

    who: str
    traits: str
    wears: str
    light: str
    place: str


PEOPLE = (
    MeasuredPerson(
        "young woman",
        "fair skin, long red hair, green eyes",
        "wearing a green shirt",
        "soft window light",
        "grey studio backdrop",
    ),
    MeasuredPerson(
        "young man",
        "dark skin, short black hair, brown eyes",
        "wearing a yellow t-shirt",
        "overcast daylight",
        "brick wall",
    ),
    MeasuredPerson(
        "middle-aged woman",
        "olive skin, black hair in a ponytail, brown eyes",
        "wearing a blue coat",
        "golden hour",
        "forest",
    ),
    MeasuredPerson(
        "middle-aged man",
        "tan skin, short brown hair, brown stubble, blue eyes",
        "wearing a grey suit",
        "studio three-point light",
        "dark background",
    ),
    MeasuredPerson(
        "old woman",
        "pale skin, short white hair, grey eyes",
        "wearing a purple sweater",
        "hard side light",
        "warm interior",
    ),
    MeasuredPerson(
        "old man",
        "brown skin, bald head, white beard, amber eyes",
        "wearing a white shirt",
        "candlelight",
        "stone hall",
    ),
    MeasuredPerson(
        "young woman",
        "brown skin, braided black hair, brown eyes",
        "wearing a red dress",
        "neon light",
        "city street at night",
    ),
    MeasuredPerson(
        "young man",
        "fair skin, short blonde hair, blue eyes, freckles",
        "wearing a teal shirt",
        "moonlight",
        "open sky",
    ),
)

FACE_ROWS: tuple[tuple[str, str, tuple[str, str]], ...] = (
    ("close-up, frontal", "close-up", ("frontal view", "frontal view")),
    (
        "close-up, three-quarter",
        "close-up",
        ("three-quarter left view", "three-quarter right view"),
    ),
    ("close-up, profile", "close-up", ("left profile view", "right profile view")),
    ("medium close-up, frontal", "medium close-up", ("frontal view", "frontal view")),
    ("medium shot, frontal", "medium shot", ("frontal view", "frontal view")),
    ("full-body shot, frontal", "full-body shot", ("frontal view", "frontal view")),
)
"""Label, framing, and the views of people with even and with odd numbers."""

GARMENT_PROMPT = (
    "medium close-up photo of a young woman, fair skin, short brown hair, wearing a {colour}"
    " t-shirt, neutral expression, frontal view, studio three-point light, grey studio backdrop"
)
GARMENT_AREA = Box(left=0.35, top=0.86, right=0.65, bottom=0.98)
"""Chest of a medium close-up, in shares of the picture."""
ASKED_COLOURS = ("red", "blue", "green", "yellow", "purple", "teal", "brown", "black", "white")
GARMENT_COLOURS: dict[str, Lab] = {
    "red": (51, 53, 29),
    "blue": (54, 9, -41),
    "green": (62, -33, 19),
    "yellow": (83, -3, 58),
    "purple": (51, 39, -34),
    "teal": (64, -29, -10),
    "brown": (54, 8, 21),
    "black": (32, 1, -2),
    "grey": (66, 0, -2),
    "white": (95, -1, 1),
}
"""Medians over the frontal medium close-ups in even light of the picture set (101 pictures, each
nearest to its own name)."""

SKIN_PROMPT = (
    "close-up photo of a young man, {skin} skin, short black hair, brown eyes, neutral expression,"
    " frontal view, studio three-point light, grey studio backdrop"
)
SKIN_AREA = Box(left=0.38, top=0.38, right=0.62, bottom=0.62)
"""Cheeks and nose of a close-up, in shares of the picture."""
SKINS = ("pale", "fair", "tan", "olive", "brown", "dark")


def face_prompt(person: MeasuredPerson, framing: str, view: str) -> str:
    """Return one person's prompt; clothes are named where the framing shows them."""
    wears = "" if framing == "close-up" else f", {person.wears}"
    return (
        f"{framing} photo of a {person.who}, {person.traits}{wears}, neutral expression, {view},"
        f" {person.light}, {person.place}"
    )
