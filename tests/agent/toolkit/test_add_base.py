from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.context import ChatContext
from agent.toolkit import add_base as tool
from agent.toolkit.add_base import AddBase
from agent.toolkit.cancel import Cancel, cancel
from tests.agent.toolkit.conftest import Linked
from tests.support.hub import COMMIT, Hub, files_of, served
from tests.support.tiny_models import build_tiny_flux
from tools.compose import Studio, build_studio
from tools.contracts.progress import ignore_progress
from tools.errors import BaseUnavailable, UnknownName
from tools.settings import Settings
from tools.store.job import Job, JobState

FLUX = "black-forest-labs/FLUX.1-schnell"


@pytest.fixture(scope="module")
def flux(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_flux(tmp_path_factory.mktemp("flux") / "flux")


@pytest.fixture
def hub(flux: Path) -> Iterator[Hub]:
    with served(Hub(files_of(flux), name=FLUX)) as hub:
        yield hub


@pytest.fixture
def studio(tmp_path: Path, hub: Hub) -> Studio:
    """A studio whose bases come from the test's hub; only the maquette can draw in it."""
    return build_studio(
        Settings(home=tmp_path / "studio", device="cpu", threads=1, hub=hub.address)
    )


def add(context: ChatContext, base: str) -> str:
    return tool.add_base(AddBase(base=base), context, ignore_progress).text


def test_what_can_draw_already_is_said_to_be_there_with_its_terms(context: ChatContext) -> None:
    assert add(context, "maquette") == (
        "maquette is installed already: Maquette (embedded; for rehearsals); licence: CC0-1.0; "
        "commercial use allowed."
    )


def test_a_name_that_is_no_base(context: ChatContext) -> None:
    with pytest.raises(UnknownName, match="no base named 'midjourney'; known: maquette, sdxl"):
        add(context, "midjourney")


def test_a_base_is_installed_as_a_job_and_told_when_it_is_done(
    context: ChatContext, linked: Linked, finish: Callable[[str], Job]
) -> None:
    said = add(context, "flux-schnell")
    assert said.startswith("The installation of flux-schnell is started; it is told here when")
    assert "goes on already" in add(context, "flux-schnell")

    (job_id,) = linked.ids
    job = finish(job_id)

    assert tool.base_report(context, job).text == (
        "flux-schnell is installed: FLUX.1 schnell (animated); licence: Apache-2.0; commercial use "
        "allowed. Next: set it as the production's base."
    )
    row = context.services.catalog.row("flux-schnell")
    assert (row.source, row.revision) == (FLUX, COMMIT)
    assert add(context, "flux-schnell").startswith("flux-schnell is installed already: ")


def test_a_base_that_went_missing_is_installed_again(
    context: ChatContext, linked: Linked, hub: Hub, finish: Callable[[str], Job]
) -> None:
    add(context, "flux-schnell")
    finish(linked.ids[0])
    folder = context.services.catalog.folder("flux-schnell")
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    hub.asked.clear()

    add(context, "flux-schnell")
    finish(linked.ids[1])

    assert context.services.catalog.status("flux-schnell").usable
    assert [name for name, _ in hub.asked] == ["vae/diffusion_pytorch_model.safetensors"]


def test_an_installation_is_cancelled_by_what_it_is(context: ChatContext, linked: Linked) -> None:
    add(context, "flux-schnell")

    said = cancel(Cancel(what="base"), context, ignore_progress).text

    assert said == "Cancelled: add-base of flux-schnell. What was finished is kept."
    job = context.jobs.jobs(linked.ids)[0]
    assert job.state is JobState.CANCELLED
    assert tool.base_report(context, job).text == (
        "The installation of flux-schnell was cancelled; what was finished is kept."
    )


def test_a_download_that_fails_is_a_failed_job_and_nothing_is_installed(
    context: ChatContext, linked: Linked, finish: Callable[[str], Job]
) -> None:
    add(context, "sdxl")

    with pytest.raises(BaseUnavailable, match=r"could not be downloaded .* check the id, the net"):
        finish(linked.ids[0])

    report = tool.base_report(context, context.jobs.jobs(linked.ids)[0]).text
    assert report.startswith("The installation of sdxl failed: Lykon/dreamshaper-xl-v2-turbo could")
    assert not context.services.catalog.status("sdxl").usable


def test_the_card_says_under_which_terms(context: ChatContext) -> None:
    assert tool.describe_base(AddBase(base="sdxl"), context) == (
        "Install the base sdxl: DreamShaper XL v2 Turbo (realistic); licence: OpenRAIL++-M by its "
        "card; ask before commercial use; the Turbo lineage may restrict it. Its weights are several "
        "gigabytes."
    )
    assert "midjourney. Its weights" in tool.describe_base(AddBase(base="midjourney"), context)
