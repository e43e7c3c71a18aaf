"""A drawn layer with more images, with fewer, and without those that a person dropped.

Pure; must not know how images are drawn or judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tools.contracts.casting import GivenUp, LayerMade
from tools.contracts.references import SetImage


def joined(made: LayerMade, more: LayerMade) -> LayerMade:
    """Return a layer with further images of it."""
    return _with_images(
        made.model_copy(
            update={
                "given_up": (*made.given_up, *more.given_up),
                "drawn": made.drawn + more.drawn,
            }
        ),
        (*made.images, *more.images),
    )


def without(made: LayerMade, refused: Mapping[str, str]) -> LayerMade:
    """Return a layer with its refused images given up.

    Args:
        made: the layer.
        refused: reasons by file; files of other layers do not matter.
    """
    gone = tuple(
        GivenUp(position=image.position, reason=refused[image.file])
        for image in made.images
        if image.file in refused and image.position is not None
    )
    kept = tuple(image for image in made.images if image.file not in refused)
    return _with_images(made.model_copy(update={"given_up": (*made.given_up, *gone)}), kept)


def kept_of(made: LayerMade, drop: Collection[int]) -> tuple[SetImage, ...]:
    """Return the images of a layer whose plan positions were not dropped."""
    return tuple(image for image in made.images if image.position not in drop)


def _with_images(made: LayerMade, images: tuple[SetImage, ...]) -> LayerMade:
    read = [image.csfd for image in images if image.csfd is not None]
    mean = round(sum(read) / len(read), 4) if read else None
    return made.model_copy(update={"images": images, "csfd_mean": mean})
