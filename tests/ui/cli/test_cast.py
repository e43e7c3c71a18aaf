"""Casting and layers through the command line, on a base that draws nobody.

In the noise that a micro base draws a detector may see a face, and whether it does hangs on the last digits
of a machine's arithmetic: what is drawn becomes stripes. dlib's thorough detector is left out: it takes
1.4 s a picture to see nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.micro_studio import WELL_READ, frame, run_cli
from tools.backends.local.draw import LocalBackend
from tools.compose import build_services
from tools.contracts.images import ImageRequest, ImageResult
from tools.contracts.parts import StepSink
from tools.embedders.drawn import embedder as drawn
from tools.settings import Settings
from tools.workflows.people.characters import load_character
from tools.workflows.people.face_choice import face_if_chosen

BRIEF = "Daro is a young man with tan skin, short black hair and green eyes. He wears a white coat."
MICRO = ("--base", "micro")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, micro_folder: Path, one_thread: None) -> Path:
    home = tmp_path_factory.mktemp("home")
    run_cli("base", "add", "micro", micro_folder, "--like", "maquette", home=home)
    run_cli("create", BRIEF, home=home)
    return home


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six frames of one person, two rows of three."""
    picture = Image.new("RGB", (768, 512))
    for place, number in enumerate(WELL_READ):
        face = Image.open(frame(2, number)).convert("RGB")
        picture.paste(face, (place % 3 * 256, place // 3 * 256))
    path = tmp_path_factory.mktemp("sheet") / "sheet.png"
    picture.save(path)
    return path


@pytest.fixture(autouse=True)
def nobody_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The base draws as ever; then each picture is replaced by stripes as wide as its seed says."""
    draw = LocalBackend.draw

    def striped(
        backend: LocalBackend, requests: Sequence[ImageRequest], on_step: StepSink | None = None
    ) -> Iterator[ImageResult]:
        for result in draw(backend, requests, on_step):
            yield replace(result, image=_stripes(result.image.size, result.request.seed))

    monkeypatch.setattr(LocalBackend, "draw", striped)


def _stripes(size: tuple[int, int], seed: int) -> Image.Image:
    columns = np.arange(size[0]) // (3 + seed % 5) % 2 * 120 + 60
    return Image.fromarray(np.tile(columns.astype(np.uint8), (size[1], 1))).convert("RGB")


@pytest.fixture(autouse=True)
def fast_detector_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "FAINT", 1.0)


def test_casting_shows_sheets_and_does_not_choose_among_the_unreadable(
    home: Path, tmp_path: Path
) -> None:
    words = ("cast", "Daro", *MICRO, "--candidates", "1", "--out", tmp_path / "cast")
    run = run_cli(*words, "--json", home=home)
    assert run.code == 0
    assert run.json.keys() == {"candidates", "suggested"}
    (face,) = run.json["candidates"]
    assert face["number"] == 1
    assert len(face["portraits"]) == len(face["distances"]) == 6
    assert face["distances"] == [None] * 6
    assert face["score"] is None
    assert run.json["suggested"] is None
    with Image.open(tmp_path / "cast" / "Daro_1.png") as drawn:
        assert drawn.width == drawn.height * 3 // 2
    told = run_cli(*words, home=home)
    assert "0 of 6" in told.out
    assert told.out.endswith("No sheet has two readable faces: cast again with another --seed.\n")


def test_a_face_is_chosen_for_sketches(home: Path, tmp_path: Path) -> None:
    words = ("cast", "Daro", *MICRO, "--candidates", "1", "--out", tmp_path / "cast")
    told = run_cli(*words, "--face", "1", home=home)
    assert told.out.endswith("samecast references Daro --face 1, or shoot --sketch.\n")
    nobody = run_cli(*words, "--face", "2", home=home)
    assert "no candidate 2; there are 1 to 1" in nobody.error
    services = build_services(Settings(home=home, device="cpu", threads=1))
    face = face_if_chosen(services, load_character(services, "studio", "Daro"))
    assert face is not None
    assert face.number == 1


def test_layers_without_a_readable_face_are_refused(home: Path, tmp_path: Path) -> None:
    words = ("references", "Daro", *MICRO, "--candidates", "1", "--out", tmp_path)
    run = run_cli(*words, home=home)
    assert run.code == 3
    assert "no sheet has two portraits with a readable face; cast with another seed" in run.error
    chosen = run_cli(*words, "--face", "1", home=home)
    assert chosen.code == 3
    assert "no portrait of the chosen sheet has a readable face; choose another" in chosen.error
    nobody = run_cli(*words, "--face", "2", home=home)
    assert nobody.code == 2
    assert "no candidate 2; there are 1 to 1" in nobody.error


@pytest.mark.slow
def test_review_stops_after_a_layer_with_what_was_given_up(
    home: Path, tmp_path: Path, sheet: Path
) -> None:
    words = ("references", "Daro", *MICRO, "--sheet", sheet, "--size", "12", "--out", tmp_path)
    run = run_cli(*words, "--review", "--json", home=home)
    assert run.code == 0
    assert run.json["layer"] == "close-up"
    assert run.json["images"] == []
    assert run.json["csfd_mean"] is None
    assert len(run.json["given_up"]) == 18, "six planned, and two rounds of substitutes"
    assert run.json["drawn"] == 54, "each image is drawn three times at most"
    assert all(each["reason"] for each in run.json["given_up"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rows", "1", "--columns", "2"], "a character sheet has 6 to 8 portraits, found 2"),
        (["--rows", "8", "--columns", "8"], "a character sheet has 6 to 8 portraits, found 64"),
        (["--face", "3"], "no candidate 3; there are 1 to 1"),
    ],
)
def test_a_sheet_that_cannot_be_cut_so_is_bad_input(
    home: Path, sheet: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    run = run_cli(
        "references", "Daro", *MICRO, "--sheet", sheet, *words, "--out", tmp_path, home=home
    )
    assert run.code == 2
    assert said in run.error
