"""Twenty-one photos of Daro as his set, in a studio with quick eyes; judged and dropped from by tools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.add_photos import AddPhotos, add_photos
from agent.toolkit.gate import Gate, gate
from agent.toolkit.review_references import ReviewReferences, review_references
from tests.support.micro_studio import frame, twenty_photos
from tests.support.readable_faces import ReadableFaces, quick_studio
from tools.compose import Studio, build_studio
from tools.contracts.progress import ignore_progress
from tools.settings import Settings
from tools.workflows.people.characters import load_character
from tools.workflows.sets.review.set_review import StoredSet, newest_stored_set

EYES = ReadableFaces()


def stored(context: ChatContext) -> StoredSet:
    found = newest_stored_set(
        context.services, load_character(context.services, "studio", "Daro").id
    )
    assert found is not None
    return found


def judge(context: ChatContext) -> Answer:
    return gate(Gate(character="Daro"), context, ignore_progress)


def review(context: ChatContext, *drop: int) -> Answer:
    arguments = ReviewReferences(character="Daro", drop=drop)
    return review_references(arguments, context, ignore_progress)


def quick_eyed_studio(folder: Path, micro_home: Path) -> Studio:
    """A fresh studio, with eyes that are quick."""
    settings = Settings(home=folder, device="cpu", threads=1, base="micro")
    EYES.strangers.clear()
    return quick_studio(build_studio(settings, bases_home=micro_home), EYES)


def bring_photos(context: ChatContext, folder: Path) -> StoredSet:
    """Make twenty-one photos Daro's reference set."""
    twenty_photos(folder)
    Image.open(frame(2, 14)).convert("RGB").save(folder / "zz.png")
    arguments = AddPhotos(character="Daro", folder=str(folder))
    add_photos(arguments, replace(context, local_files=True), ignore_progress)
    return stored(context)
