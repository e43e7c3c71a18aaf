from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hub import COMMIT, Hub, files_of, served
from tests.support.tiny_models import build_tiny_sdxl
from tools.compose import Studio, build_studio
from tools.contracts.bases import AddBaseRequest, BaseAdded, OwnSettings
from tools.contracts.progress import Progress
from tools.contracts.training import LoraConfig
from tools.errors import Cancelled
from tools.settings import Settings
from tools.training.lora.loop import run_digest
from tools.workflows.bases.install_base import next_request
from tools.workflows.kinds import Kind


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    files = files_of(build_tiny_sdxl(tmp_path / "tiny"))
    with served(Hub(files, older=files)) as hub:
        yield hub


@pytest.fixture
def studio(tmp_path: Path, hub: Hub) -> Studio:
    return build_studio(Settings(home=tmp_path / "home", device="cpu", hub=hub.address))


def install(studio: Studio, request: AddBaseRequest) -> BaseAdded:
    return studio.worker.call(Kind.ADD_BASE, next_request(studio.worker.store, request), BaseAdded)


def test_a_revision_is_part_of_a_runs_digest(studio: Studio) -> None:
    digests = set()
    for source, commit in (("owner/name@v1", "0a11ce"), ("owner/name", "c0ffee")):
        made = install(studio, AddBaseRequest(name="mine", source=source))
        assert (made.source, made.revision[:6]) == ("owner/name", commit)
        digests.add(run_digest([], studio.services.catalog.row("mine"), LoraConfig(steps=1)))

    assert len(digests) == 2
    assert studio.services.catalog.source("mine") == f"owner/name@{COMMIT}"


def test_what_was_asked_for_and_done_is_done_again_when_it_is_asked_for_again(
    studio: Studio,
) -> None:
    request = AddBaseRequest(name="mine", source="owner/name", own=OwnSettings(steps=9))
    install(studio, request)
    (studio.services.settings.home / "bases" / "mine.json").unlink()

    install(studio, request)

    assert studio.services.catalog.row("mine").steps == 9
    assert next_request(studio.worker.store, request).installed_before == 2


def test_a_job_that_is_cancelled_while_it_downloads_installs_nothing(studio: Studio) -> None:
    request = AddBaseRequest(name="mine", source="owner/name")
    job_id = studio.worker.store.enqueue(kind=Kind.ADD_BASE, payload=request)

    def stop(progress: Progress) -> None:
        assert progress.stage == "download"
        studio.worker.store.request_cancel(job_id)

    with pytest.raises(Cancelled):
        studio.worker.run_until_done([job_id], watch=stop)

    assert not studio.services.catalog.status("sdxl").usable
    assert not (studio.services.settings.home / "bases" / "mine").exists()
