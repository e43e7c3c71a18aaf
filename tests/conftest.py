"""What several folders of tests share: a base in micro size, and one whole demo made with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.micro_studio import CliRun, MicroInputs, lay_out_inputs, run_cli

# How long an example takes hangs on what else the machine does; speed is measured in bench/.
settings.register_profile("samecast", deadline=None)
settings.load_profile("samecast")


@dataclass(frozen=True)
class FinishedDemo:
    """A finished micro demo and the studio whose base it was drawn with."""

    out: Path
    home: Path
    inputs: MicroInputs
    run: CliRun

    @property
    def bundle(self) -> Path:
        """The bundle that it packed."""
        return self.out / "daro.samecast.zip"


@pytest.fixture(scope="session")
def micro_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The diffusers folder of a random base of the maquette's architecture."""
    from tests.support.tiny_models import build_micro_maquette

    return build_micro_maquette(tmp_path_factory.mktemp("base") / "micro")


@pytest.fixture(scope="session")
def micro_home(tmp_path_factory: pytest.TempPathFactory, micro_folder: Path) -> Path:
    """A studio in which the base `micro` is installed; shared, so only to be read or added to."""

    home = tmp_path_factory.mktemp("studio")
    assert run_cli("base", "add", "micro", micro_folder, "--like", "maquette", home=home).code == 0
    return home


@pytest.fixture(scope="session")
def one_thread() -> Iterator[None]:
    """Give torch its threads back after tests that draw with one."""
    import torch

    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def finished_demo(
    tmp_path_factory: pytest.TempPathFactory, micro_home: Path, one_thread: None
) -> FinishedDemo:
    """One whole demo through the command line, which many tests look at; not to be written to."""

    folder = tmp_path_factory.mktemp("demo")
    inputs = lay_out_inputs(folder)
    run = run_cli(*inputs.demo(folder / "out"), home=micro_home)
    assert run.code == 0, run.err
    return FinishedDemo(folder / "out", micro_home, inputs, run)
