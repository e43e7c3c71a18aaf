from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.filled_studio import trained
from tests.support.micro_studio import WELL_READ, frame
from tests.support.paid_parts import PaidBackend
from tests.support.several_sizes import SHAPES, with_several_sizes
from tools.backends.bases import BaseCatalog
from tools.compose import Studio
from tools.contracts.bases import TrainingAdapter
from tools.contracts.briefs import AspectRatio
from tools.contracts.images import Purpose
from tools.contracts.learning import LearnRequest
from tools.contracts.progress import Progress, ignore_progress
from tools.contracts.training import LoraConfig
from tools.contracts.verdicts import GateImage, GateReport, Outcome
from tools.errors import BaseUnavailable, Cancelled, Refused
from tools.jobs.keys import job_key
from tools.services import Services
from tools.store.lora_version import list_lora_versions
from tools.store.reference_set import record_gate
from tools.workflows.kinds import Kind
from tools.workflows.lora.train import train
from tools.workflows.people.characters import load_character


@pytest.fixture
def services(noise_studio: Studio) -> Services:
    return noise_studio.services


def learn(services: Services, *, judged: bool = True) -> LearnRequest:
    """Two steps on six photos, two pictures of the class and two to score on."""
    version = trained(services, frames=[frame(2, number) for number in WELL_READ])
    if judged:
        images = tuple(
            GateImage(file=str(number), csfd=0.0, verdict=Outcome.PASS, reason="")
            for number in WELL_READ
        )
        with services.database.session() as session:
            report = GateReport(
                verdict=Outcome.PASS, csfd_mean=0.0, csfd_worst=0.0, threshold=1.0, images=images
            )
            record_gate(session=session, set_id=version.reference_set_id, report=report)
    return LearnRequest(
        production="studio",
        character="Daro",
        base="micro",
        reference_set_id=version.reference_set_id,
        config=LoraConfig(steps=2, rank=4, alpha=4, batch_size=2, crop_share=0, resolution=64),
        regularisation_images=2,
        score_seeds=(1, 2),
    )


def test_a_version_is_stored_with_its_numbers_and_a_repeat_makes_no_other(
    services: Services, backend: PaidBackend
) -> None:
    request, told = learn(services), list[Progress]()
    made = train(services, request, told.append)
    assert {each.stage for each in told} == {"regularisation", "train", "score"}
    learned = [each for each in told if each.stage == "train"]
    assert (learned[-1].done, learned[-1].total) == (2, 2)
    assert (made.base, made.steps, made.version) == ("micro", 2, 2)
    assert len(made.losses) == 2
    assert made.delta_rms > 0
    assert made.identity_score is not None
    assert services.files.path(made.digest).suffix == ".safetensors"
    owner = load_character(services, "studio", "Daro").id
    with services.database.reading() as session:
        rows = list_lora_versions(session=session, character_id=owner)
    assert [(row.version, row.digest) for row in rows][1] == (2, made.digest)
    drawn = backend.drawn
    again = train(services, request, ignore_progress)
    assert (again.lora_version_id, again.digest) == (made.lora_version_id, made.digest)
    assert backend.drawn == drawn + 2, "the class is not drawn again, only the score"


def test_the_class_is_drawn_in_the_shapes_of_the_set_and_the_score_in_the_productions(
    services: Services, micro_home: Path, backend: PaidBackend
) -> None:
    wide = with_several_sizes(services, micro_home, AspectRatio.WIDE)
    train(wide, learn(services), ignore_progress)
    drawn = [(each.purpose, (each.size.width, each.size.height)) for each in backend.asked]
    assert drawn == [
        *[(Purpose.REGULARISATION, SHAPES[AspectRatio.SQUARE])] * 2,
        *[(Purpose.TAKE, SHAPES[AspectRatio.WIDE])] * 2,
    ]


def test_a_set_that_the_gate_has_not_passed_is_not_learned(
    services: Services, backend: PaidBackend
) -> None:
    with pytest.raises(Refused, match="the gate has not passed this reference set"):
        train(services, learn(services, judged=False), ignore_progress)
    assert backend.drawn == 0


def test_a_cancelled_run_goes_on_where_it_was_and_half_written_files_are_swept(
    services: Services,
) -> None:
    request = learn(services)

    def cancel(progress: Progress) -> None:
        if progress.stage == "train":
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        train(services, request, cancel)
    folder = services.settings.home / "training" / job_key(Kind.TRAIN, request)[:16]
    half = folder / "regularisation" / ".000.png.part"
    half.write_bytes(b"half")
    told = list[Progress]()
    train(services, request, told.append)
    learned = [each.done for each in told if each.stage != "score"]
    assert learned == [2], "one step was left, and the class was drawn"
    assert not half.exists()


def test_a_base_without_its_training_adapter_is_refused_before_anything_is_drawn(
    services: Services, backend: PaidBackend, tmp_path: Path
) -> None:
    request = learn(services)
    row = services.catalog.row("micro")
    beside = TrainingAdapter(
        source="owner/name", file="a.safetensors", revision="c0ffee0", licence="CC0-1.0"
    )
    table = [row.model_copy(update={"training_adapter": beside})]
    without = replace(services, catalog=BaseCatalog(tmp_path, table))
    with pytest.raises(BaseUnavailable, match="run `samecast base adapter micro`"):
        train(without, request, ignore_progress)
    assert backend.drawn == 0
