from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.arithmetic import set_bf16
from tests.support.micro_studio import run_cli


def test_a_fresh_studio_is_healthy(tmp_path: Path) -> None:
    run = run_cli("doctor", "--json", home=tmp_path)
    assert run.code == 0
    assert run.json.keys() == {"required", "bases", "abilities", "embedders"}
    assert all(finding["ok"] for finding in run.json["required"])
    assert all(finding["how_to"] == "" for finding in run.json["required"])
    bases = {finding["what"]: finding for finding in run.json["bases"]}
    assert bases["maquette"]["ok"]
    assert not bases["flux-schnell"]["ok"]
    assert "samecast base add flux-schnell" in bases["flux-schnell"]["how_to"]
    abilities = {finding["what"]: finding for finding in run.json["abilities"]}
    assert abilities["maquette: draw"]["ok"]
    for finding in abilities.values():
        assert finding["ok"] or "GB free; close other programs" in finding["how_to"]


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (True, "bf16 arithmetic on fp32 weights: avx512_bf16; a CUDA GPU would be faster"),
        (
            False,
            "fp32: this CPU computes no bf16 in hardware; "
            "a CPU with bf16 in hardware, or a CUDA GPU, would be faster",
        ),
    ],
)
def test_it_says_in_which_numbers_this_machine_computes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, said: str
) -> None:
    set_bf16(monkeypatch, there=there)
    run = run_cli("doctor", "--json", home=tmp_path, SAMECAST_DEVICE="cpu")
    (finding,) = [each for each in run.json["required"] if each["what"] == "arithmetic"]
    assert finding["ok"]
    assert finding["detail"].startswith(f"{said}; ")
    assert finding["detail"].endswith(" threads")


def test_people_read_four_tables(tmp_path: Path) -> None:
    run = run_cli("doctor", home=tmp_path)
    assert run.code == 0
    assert "face embedder Dlib" in run.out
    assert "what they could do here" in run.out
    assert "GB free" in run.out
    assert "maquette" in run.out


def test_missing_weights_of_an_embedder_are_named_with_their_place(tmp_path: Path) -> None:
    run = run_cli("doctor", "--json", home=tmp_path, SAMECAST_EMBEDDER="ArcFace")
    assert run.code == 1
    finding, threshold = [each for each in run.json["required"] if not each["ok"]]
    assert finding["what"] == "face embedder ArcFace"
    assert "no threshold for embedder ArcFace" in threshold["how_to"]
    assert "arcface_weights.pth" in finding["how_to"]


@pytest.mark.parametrize("embedder", ["NoFace", ""])
def test_an_unknown_embedder_or_calibration_is_a_finding(tmp_path: Path, embedder: str) -> None:
    run = run_cli(
        "doctor",
        "--json",
        home=tmp_path,
        SAMECAST_EMBEDDER=embedder,
        SAMECAST_CALIBRATION="mine",
    )
    assert run.code == 1
    bad = [each["how_to"] for each in run.json["required"] if not each["ok"]]
    assert len(bad) == 2
    assert "no face embedder named" in bad[0]
    assert "no calibration named 'mine'" in bad[1]


def test_a_base_with_a_missing_weight_file_says_which_and_what_to_do(
    tmp_path: Path, micro_folder: Path
) -> None:
    folder, home = Path(shutil.copytree(micro_folder, tmp_path / "base")), tmp_path / "home"
    run_cli("base", "add", "micro", folder, "--like", "maquette", home=home)
    next((folder / "vae").glob("*.safetensors")).unlink()
    run = run_cli("doctor", "--json", home=home)
    assert run.code == 0, "the embedded base can still be used"
    (finding,) = [each for each in run.json["bases"] if each["what"] == "micro"]
    assert not finding["ok"]
    assert "vae: no weight file" in finding["detail"]
    assert f"samecast base add micro {folder}" in finding["how_to"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEVICE", "tpu", "Value error, device 'tpu': give auto, cpu, mps, cuda or cuda:N"),
        ("MAX_TRIES", "0", "Input should be "),
        ("THREADS", "many", "Input should be "),
        ("BATCH_SIZE", "-1", "Input should be "),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    run = run_cli("doctor", home=tmp_path, **{f"SAMECAST_{name}": value})
    assert run.code == 2
    assert run.error.startswith(f"SAMECAST_{name}={value}: {said}")
