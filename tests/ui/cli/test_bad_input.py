"""Input that must end in one clear line and an exit code, with nothing half-written."""

from __future__ import annotations

import pickle
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import FinishedDemo
from tests.support.image_requests import image_request
from tests.support.micro_studio import (
    MicroInputs,
    copy_frames,
    huge_png,
    lay_out_inputs,
    run_cli,
    start_cli,
    twenty_photos,
)
from tools.compose import build_services
from tools.contracts.images import LoraUse
from tools.errors import BadInput
from tools.settings import Settings


@pytest.fixture
def inputs(tmp_path: Path) -> MicroInputs:
    return lay_out_inputs(tmp_path)


@pytest.mark.parametrize("verb", ["gate", "audit", "references", "calibrate"])
def test_a_60_megapixel_picture_is_taken_nowhere(tmp_path: Path, verb: str) -> None:
    home, folder = tmp_path / "home", twenty_photos(tmp_path / "people" / "daro")
    shutil.copytree(folder, tmp_path / "people" / "other")
    (folder / "huge.png").write_bytes(huge_png(10_000, 6_000))
    if verb == "references":
        run_cli("create", "Daro is a man", home=home)
    words: dict[str, list[str | Path]] = {
        "gate": [folder],
        "audit": [folder],
        "references": ["Daro", "--photos", folder],
        "calibrate": [tmp_path / "people"],
    }
    run = run_cli(verb, *words[verb], home=home)
    if verb == "references":  # the good photos are kept
        assert run.code == 0
        assert "left out: huge.png (10000×6000 is over 50 megapixels; scale it down)" in run.out
        return
    assert run.code == 2
    assert "huge.png: 10000×6000 is over 50 megapixels; scale it down" in run.error


def test_an_unknown_base_is_bad_input_for_every_verb_that_draws(
    tmp_path: Path, inputs: MicroInputs
) -> None:
    home = tmp_path / "home"
    run_cli("create", "Daro is a man", home=home)
    for words in (
        ["cast", "Daro"],
        ["train", "Daro"],
        ["shoot", "Daro", inputs.shots],
        ["audit", inputs.photos],
        ["references", "Daro", "--photos", inputs.photos, "--size", "12"],
        ["create", "Mara is a woman"],
        ["demo", "--out", tmp_path / "out"],
    ):
        run = run_cli(*words, "--base", "sdxxl", home=home)
        assert run.code == 2, words
        assert "no base named 'sdxxl'; known: maquette, sdxl, flux-schnell" in run.error


def test_a_base_that_is_not_installed_says_how_to_get_it(tmp_path: Path) -> None:
    run_cli("create", "Daro is a man", home=tmp_path)
    run = run_cli("cast", "Daro", "--base", "sdxl", "--out", tmp_path / "cast", home=tmp_path)
    assert run.code == 1
    assert "base sdxl is not installed; run `samecast base add sdxl" in run.error
    assert not (tmp_path / "cast").exists()


def test_a_missing_weight_file_says_which_and_what_to_do(
    tmp_path: Path, micro_folder: Path
) -> None:
    folder, home = Path(shutil.copytree(micro_folder, tmp_path / "base")), tmp_path / "home"
    run_cli("base", "add", "micro", folder, "--like", "maquette", home=home)
    run_cli("create", "Daro is a man", home=home)
    next((folder / "unet").glob("*.safetensors")).unlink()
    run = run_cli("cast", "Daro", "--base", "micro", "--out", tmp_path / "cast", home=home)
    assert run.code == 1
    assert "base micro cannot be used: unet: no weight file" in run.error
    assert f"run `samecast base add micro {folder}`" in run.error


class Bomb:
    """What a pickle may do when it is opened."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self._trace,)  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["daro.ckpt", "daro.pt", "daro.bin", "daro.safetensors"])
def test_a_pickle_offered_as_lora_is_refused_unopened(
    tmp_path: Path, micro_home: Path, name: str
) -> None:
    services = build_services(Settings(home=micro_home, device="cpu", threads=1))
    trace, file = tmp_path / "opened", tmp_path / name
    file.write_bytes(pickle.dumps(Bomb(trace)))
    stored = services.files.put_file(file)
    request = image_request("micro", loras=(LoraUse(digest=stored.digest),))
    said = rf"^{stored.path.name}: [^\n]*(pickled|safetensors)[^\n]*$"
    with pytest.raises(BadInput, match=said):
        list(services.backend.draw([request]))
    assert not trace.exists()


def test_a_demo_never_overwrites_folders_that_are_not_its_own(
    tmp_path: Path, inputs: MicroInputs, micro_home: Path
) -> None:
    out = tmp_path / "film"
    (out / "takes").mkdir(parents=True)
    (out / "takes" / "dailies.mov").write_text("my film")
    run = run_cli(*inputs.demo(out), home=micro_home)
    assert run.code == 2
    assert f"{out / 'takes'} is not of a demo and would be overwritten" in run.error
    assert [path.name for path in out.rglob("*")] == ["takes", "dailies.mov"]


@pytest.mark.parametrize(
    ("option", "value", "code", "said"),
    [
        ("--brief", "nowhere.yaml", 2, "nowhere.yaml: cannot be read"),
        ("--shots", "nowhere.yaml", 2, "nowhere.yaml: cannot be read"),
        ("--photos", "nowhere", 2, "nowhere: no such folder"),
        ("--images", "7", 3, "a set needs at least 7 photos, got 6"),
    ],
)
def test_a_demo_without_its_inputs_says_which(
    tmp_path: Path,
    inputs: MicroInputs,
    micro_home: Path,
    option: str,
    value: str,
    code: int,
    said: str,
) -> None:
    run = run_cli(*inputs.demo(tmp_path / "out"), option, value, home=micro_home)
    assert run.code == code
    assert said in run.error
    assert not (tmp_path / "out" / "report.json").exists()


def test_a_set_that_the_gate_refuses_stops_the_demo_before_any_training(
    tmp_path: Path, inputs: MicroInputs, micro_home: Path
) -> None:
    copy_frames(inputs.photos, 6, [0, 5, 6, 8, 9])
    run = run_cli(*inputs.demo(tmp_path / "out"), home=micro_home)
    assert run.code == 3
    assert run.error.startswith("the gate refuses this set: ")
    assert not (tmp_path / "out" / "studio" / "training").exists()
    assert not (tmp_path / "out" / "report.json").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["cast", "Daro", "--seed", "4294967296"],
        ["demo", "--steps", "201"],
        ["demo", "--train-steps", "0"],
        ["train", "Daro", "--steps", "200001"],
        ["pretrain", "x", "--steps", "1", "--device", "tpu"],
        ["pretrain", "x", "--steps", "1", "--batch", "10000"],
        ["shoot", "Daro"],
        ["dance"],
    ],
)
def test_numbers_and_words_out_of_range_are_bad_input(tmp_path: Path, words: list[str]) -> None:
    run = run_cli(*words, home=tmp_path)
    assert run.code == 2
    assert "Error" in run.err
    assert "Traceback" not in run.err


def limited(megabytes: float) -> Callable[[], None]:
    """A set-up for a process whose files may not grow past a size, as on a full disk."""
    size = round(megabytes * 1e6)
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def end_of(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, err = process.communicate(timeout=200)
    lines = [line for line in err.decode().splitlines() if line.startswith("samecast: ")]
    assert len(lines) == 1, err.decode()
    assert b"Traceback" not in err
    return process.returncode, lines[0]


def test_a_full_disk_before_anything_can_be_stored_fails_in_one_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = start_cli("create", "Daro is a man", home=home, set_up=limited(0.02))
    code, said = end_of(process)
    assert code == 1
    assert "samecast: the database did not answer" in said
    again = run_cli("create", "Daro is a man", "--json", home=home)
    assert again.code == 0, "the same studio works when there is room"


@pytest.mark.slow
def test_a_full_disk_in_training_fails_in_one_line_and_goes_on_when_there_is_room(
    tmp_path: Path, finished_demo: FinishedDemo
) -> None:
    out = Path(shutil.copytree(finished_demo.out, tmp_path / "out"))
    shutil.rmtree(out / "studio" / "training")
    words = [*finished_demo.inputs.demo(out), "--train-steps", "2"]
    code, said = end_of(start_cli(*words, home=finished_demo.home, set_up=limited(0.9)))
    assert code == 1
    assert "cannot write" in said
    assert list(out.rglob("*.part")) == []
    assert list((out / "studio" / "training").rglob("pytorch_lora_weights.safetensors")) == []


@pytest.mark.slow
def test_a_full_disk_at_the_very_end_leaves_no_half_bundle(
    tmp_path: Path, finished_demo: FinishedDemo
) -> None:
    out = Path(shutil.copytree(finished_demo.out, tmp_path / "out"))
    (out / "daro.samecast.zip").unlink()
    words = finished_demo.inputs.demo(out)
    code, said = end_of(start_cli(*words, home=finished_demo.home, set_up=limited(2.5)))
    assert code == 1
    assert f"cannot write {out / 'daro.samecast.zip'}: File too large" in said
    assert list(out.glob("*.zip")) == []
    assert list(out.rglob("*.part")) == []
    again = run_cli(*words, home=finished_demo.home)
    assert again.code == 0
    assert (out / "daro.samecast.zip").read_bytes() != b""
