"""The command line in this process or another, and the inputs of a demo in micro size.

The micro profile is the real program on a random base of the maquette's architecture: two sampling
steps, three training steps, six photos, two shots. Nobody can be seen in what it draws.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PIL import Image

ROOT = Path(__file__).parents[2]
CAST = ROOT / "tests" / "data" / "cast"
SCRIPT = Path(sys.executable).with_name("samecast")
BASE = "micro"
WELL_READ = (0, 5, 6, 7, 8, 9)
"""Close-up frames of person 2 in which the fast detector finds the face."""
BRIEF = """\
name: Daro
person: man
age: young
skin: tan skin
hair: short black hair
eyes: green eyes
wardrobe: [white coat]
signature_light: soft window light
"""
SHOTS = """\
- {slate: 1A, framing: close-up, view: frontal view, light: soft window light, place: brick wall}
- {slate: 2A, framing: full-body shot, light: golden hour, place: desert}
"""


@dataclass(frozen=True)
class CliRun:
    """How a call of the command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line on standard error that an error is allowed."""
        lines = [line for line in self.err.splitlines() if line.startswith("samecast: ")]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err, self.err
        return lines[0].removeprefix("samecast: ")


def environment(home: Path) -> dict[str, str]:
    """Settings of a studio in `home`: one thread, so that processes do not wait for each other."""
    return {"SAMECAST_HOME": str(home), "SAMECAST_THREADS": "1", "SAMECAST_DEVICE": "cpu"}


def run_cli(*arguments: str | Path, home: Path, **settings: str) -> CliRun:
    """Call the command line in this process; exceptions that it does not map are raised."""
    from ui.cli.app import main

    out, err = StringIO(), StringIO()
    words = ["samecast", *map(str, arguments)]
    code: int | str | None = 0
    with (
        patch.dict(os.environ, environment(home) | settings),
        patch.object(sys, "argv", words),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return CliRun(int(code or 0), out.getvalue(), err.getvalue())


def start_cli(
    *arguments: str | Path,
    home: Path,
    log: Path | None = None,
    set_up: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start the installed script as its own process.

    Args:
        arguments: of `samecast`.
        home: the studio.
        log: gets both streams; without it they are pipes.
        set_up: run in the new process before the script.
    """
    stream = subprocess.PIPE if log is None else log.open("ab")
    return subprocess.Popen(
        [str(SCRIPT), *map(str, arguments)],
        stdout=stream,
        stderr=stream,
        env=clean_environment() | environment(home) | {"OMP_NUM_THREADS": "1"},
        preexec_fn=set_up,
    )


def clean_environment() -> dict[str, str]:
    """This process's environment without any setting of Samecast."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SAMECAST_")}


def frame(person: int, number: int) -> Path:
    """A frame of the cast."""
    return CAST / f"{person:05d}_{number:02d}.webp"


def copy_frames(folder: Path, person: int, numbers: Sequence[int]) -> Path:
    """Put frames of one person into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        shutil.copy(frame(person, number), folder)
    return folder


def twenty_photos(folder: Path, person: int = 2) -> Path:
    """Twenty different photos of one person, each well read: ten frames, as they are and nearer."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in (*WELL_READ, 1, 2, 10, 13):
        picture = Image.open(frame(person, number)).convert("RGB")
        picture.save(folder / f"{number:02d}_a.png")
        picture.crop((0, 0, 224, 224)).resize(picture.size).save(folder / f"{number:02d}_b.png")
    return folder


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds nothing of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@dataclass(frozen=True)
class MicroInputs:
    """Files that a demo is run on."""

    brief: Path
    shots: Path
    photos: Path

    def demo(self, out: Path) -> list[str | Path]:
        """Arguments of `samecast` for the whole demo in micro size."""
        options: dict[str, str | Path] = {
            "--out": out,
            "--brief": self.brief,
            "--shots": self.shots,
            "--photos": self.photos,
            "--base": BASE,
            "--train-steps": "3",
            "--steps": "2",
            "--images": str(len(WELL_READ)),
            "--tries": "2",
            "--scored": "1",
        }
        return ["demo", *(word for option in options.items() for word in option)]


def lay_out_inputs(folder: Path) -> MicroInputs:
    """Write brief, shot list and photos of a micro demo."""
    inputs = MicroInputs(folder / "brief.yaml", folder / "shots.yaml", folder / "photos")
    copy_frames(inputs.photos, 2, WELL_READ)
    inputs.brief.write_text(BRIEF)
    inputs.shots.write_text(SHOTS)
    return inputs
