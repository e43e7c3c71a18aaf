"""Which reference pictures show a shot's people best, and in what order a model is given them.

One ranking for bases on this machine and for endpoints. Knows framings, views and light; must not know
who asks, nor how many pictures a model takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, Protocol, TypeVar

from tools.contracts.model import Contract
from tools.contracts.photography import Framing, View
from tools.contracts.shots import ShotRequest
from tools.references.data import load_data
from tools.references.facets import light_quality
from tools.references.layers import view_gap

STEP_DEGREES = 45
"""What one framing too far weighs against a turned view."""
LIGHT_DEGREES = 30
"""What light of the other quality weighs: less than a step, since light is asked for in words too."""


class ReferencePicture(Protocol):
    """What is known of a reference picture; None = not known."""

    @property
    def digest(self) -> str:
        """Of the stored file."""

    @property
    def framing(self) -> Framing | None:
        """Shot size."""

    @property
    def view(self) -> View | None:
        """From which side the head is seen."""

    @property
    def light(self) -> str | None:
        """In words."""

    @property
    def csfd(self) -> float | None:
        """Distance to the centroid of the others."""


@dataclass(frozen=True)
class Portrait:
    """A picture of which no more is known than that a face fills it."""

    digest: str
    framing: Framing | None = Framing.CLOSE_UP
    view: View | None = None
    light: str | None = None
    csfd: float | None = None


Picture = TypeVar("Picture", bound=ReferencePicture)


@dataclass(frozen=True)
class ShownPerson(Generic[Picture]):
    """The pictures that show one person, best first."""

    name: str
    """The word that stands for them in prompts."""
    pictures: tuple[Picture, ...]


class _Naming(Contract):
    """The whole of `naming.yaml`."""

    one: str
    two: str
    several: str
    between: str


def shot_gap(picture: ReferencePicture, shot: ShotRequest) -> int:
    """How far a picture is from what a shot shows, in degrees of a turned head, 0 to 540."""
    sizes = list(Framing)
    steps = abs(sizes.index(picture.framing or Framing.CLOSE_UP) - sizes.index(shot.framing))
    return STEP_DEGREES * steps + view_gap(picture.view, shot.view or View.FRONTAL)


def ranked(pictures: Sequence[Picture], shot: ShotRequest) -> list[Picture]:
    """Pictures of one person, the best for a shot first.

    Nearest in framing, view and light; of equal ones the most typical. A second picture of the same
    framing and view says little new, so that those come after one of each other kind.
    """

    def order(picture: Picture) -> tuple[int, float, str]:
        mine, wanted = light_quality(picture.light), light_quality(shot.light)
        other_light = mine is not None and wanted is not None and mine is not wanted
        far = float("inf") if picture.csfd is None else picture.csfd
        return shot_gap(picture, shot) + LIGHT_DEGREES * other_light, far, picture.digest

    firsts: dict[tuple[Framing | None, View | None], Picture] = {}
    rest: list[Picture] = []
    for picture in sorted(pictures, key=order):
        kind = (picture.framing, picture.view)
        if kind in firsts:
            rest.append(picture)
        else:
            firsts[kind] = picture
    return [*firsts.values(), *rest]


def shown_together(
    people: Sequence[tuple[str, Sequence[Picture]]], shot: ShotRequest, most: int
) -> tuple[ShownPerson[Picture], ...]:
    """Share the places of one list among the people of a shot.

    Each in turn gets the next best picture until there is no more room, so that nobody has two more
    than another who has pictures left. The list is the first person's pictures, then the second's.

    Args:
        people: the word that stands for each in prompts, and pictures, in the order of the cast.
        shot: what is to be seen.
        most: pictures that the model takes.

    Returns:
        Those who got any, in the order given.
    """
    waiting = [(name, ranked(pictures, shot)) for name, pictures in people]
    counts = dict.fromkeys(range(len(people)), 0)
    while sum(counts.values()) < most:
        open_ones = [n for n, (_, found) in enumerate(waiting) if counts[n] < len(found)]
        if not open_ones:
            break
        counts[min(open_ones, key=lambda number: (counts[number], number))] += 1
    return tuple(
        ShownPerson(name, tuple(found[: counts[number]]))
        for number, (name, found) in enumerate(waiting)
        if counts[number]
    )


def naming_words(shown: Sequence[ShownPerson[Picture]]) -> str:
    """Say which pictures of the list show whom: `images 1 and 2 show Vera; image 3 shows Jonah`."""
    words, said, first = _naming(), [], 1
    for each in shown:
        count = len(each.pictures)
        form = {1: words.one, 2: words.two}.get(count, words.several)
        said.append(form.format(first=first, last=first + count - 1, name=each.name))
        first += count
    return words.between.join(said)


@cache
def _naming() -> _Naming:
    return load_data("naming", _Naming)
