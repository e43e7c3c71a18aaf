"""What to ask for when a finished layered set is not good enough: the same set, its bad images redrawn.

Knows the newest set, the job that made it, and what the gate and the director said of it; must not draw.
"""

from __future__ import annotations

from tools.contracts.casting import BuildSetMade, BuildSetRequest
from tools.contracts.verdicts import Outcome
from tools.services import Services
from tools.store.reference_set import ReferenceImage, list_images
from tools.store.work import finished_jobs
from tools.workflows.kinds import Kind
from tools.workflows.sets.review.set_review import StoredSet, newest_stored_set

SEED_STEP = 1000
"""Between the seeds of two sets from one face; block versions, which are seeds too, stay below."""
MOST_SETS = 200
"""Newest sets of a studio among which the maker of one is looked for."""


def next_set(services: Services, character_id: str, request: BuildSetRequest) -> BuildSetRequest:
    """Return the request of the set to draw now.

    When the newest set is of the same face and size, what was said of it counts: images that were
    dropped or that the gate refuses get others in their place; a set that the gate refuses as a whole,
    or that came out smaller than it was asked for, is drawn with another seed; one that nothing is
    wrong with is asked for again, which draws nothing.

    Args:
        services: the studio.
        character_id: whose set.
        request: a whole set from the chosen face, nothing dropped.
    """
    found = newest_stored_set(services, character_id)
    maker = None if found is None else _maker(services, found)
    if found is None or maker is None or not _is_alike(maker[0], request):
        return request
    made_by, made = maker
    with services.database.reading() as session:
        images = list_images(session=session, set_id=found.row.id, with_dropped=True)
    bad = _positions(made, [image for image in images if _is_bad(image)])
    if bad - set(made_by.dropped):
        return made_by.model_copy(update={"dropped": tuple(sorted({*made_by.dropped, *bad}))})
    is_short = len(found.images) < made_by.size
    if is_short or found.row.verdict is Outcome.REJECT:
        return made_by.model_copy(update={"dropped": (), "seed": made_by.seed + SEED_STEP})
    return made_by


def _maker(services: Services, found: StoredSet) -> tuple[BuildSetRequest, BuildSetMade] | None:
    """The finished job that stored a set; none for a set from photos."""
    with services.database.reading() as session:
        finished = finished_jobs(session=session, kind=Kind.BUILD_SET, limit=MOST_SETS)
    for job, _ in finished:
        made = BuildSetMade.model_validate_json(job.result or "{}")
        if made.finished is not None and made.finished.reference_set_id == found.row.id:
            return BuildSetRequest.model_validate_json(job.payload), made
    return None


def _is_alike(made_by: BuildSetRequest, request: BuildSetRequest) -> bool:
    """Whether two sets differ in nothing but what was dropped and how often they were drawn."""
    if (made_by.seed - request.seed) % SEED_STEP:
        return False
    changes = {"dropped": (), "seed": request.seed}
    return made_by.model_copy(update=changes) == request.model_copy(update=changes)


def _is_bad(image: ReferenceImage) -> bool:
    return image.dropped or image.verdict is Outcome.REJECT


def _positions(made: BuildSetMade, bad: list[ReferenceImage]) -> set[int]:
    """The plan positions of stored images, which are numbered anew in their set."""
    digests = {image.digest for image in bad}
    return {
        image.position
        for layer in made.made
        for image in layer.images
        if image.digest in digests and image.position is not None
    }
