from __future__ import annotations

import importlib
import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {
    "torch",
    "diffusers",
    "transformers",
    "peft",
    "deepface",
    "dlib",
    "cv2",
    "numpy",
    "scipy",
    "PIL",
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "gradio",
    "pydantic",
    "pydantic_settings",
    "matplotlib",
    "langchain",
    "langgraph",
}
SCRIPT = Path(sysconfig.get_path("scripts")) / "samecast"
SPY = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write(json.dumps({
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
    "files": {name: sys.modules[name].__file__ for name in ("tools", "ui") if name in sys.modules},
})))
"""


def spied(tmp_path: Path, *arguments: str) -> tuple[dict[str, object], str]:
    """Run the installed script outside the repository; what its interpreter had imported at its end."""
    (tmp_path / "sitecustomize.py").write_text(SPY)
    done = subprocess.run(
        [SCRIPT, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path), "PATH": ""},
    )
    seen: dict[str, object] = json.loads(done.stderr)
    return seen, done.stdout


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    seen, _ = spied(tmp_path, "--help")
    modules = seen["modules"]
    assert isinstance(modules, list)
    assert "typer" in modules
    assert HEAVY & set(modules) == set()


def test_help_names_every_verb_of_the_spine(tmp_path: Path) -> None:
    _, printed = spied(tmp_path, "--help")
    verbs = (
        "demo create cast references audit gate calibrate train shoot qc lint base pretrain doctor"
    )
    for verb in verbs.split():
        assert f" {verb} " in printed


def test_the_installed_script_runs_our_packages(tmp_path: Path) -> None:
    seen, _ = spied(tmp_path, "--help")
    assert seen["files"] == {name: str(ROOT / name / "__init__.py") for name in ("tools", "ui")}


@pytest.mark.parametrize("name", ["agent", "tools", "ui", "prompts"])
def test_the_packages_with_common_names_are_ours(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import {name}; print({name}.__file__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()) == ROOT / name / "__init__.py"


@pytest.mark.parametrize("name", ["tools.compose", "tools.services", "tools.settings"])
def test_composition_builds_nothing_at_import(name: str) -> None:
    module = importlib.import_module(name)
    built = [
        value for value in vars(module).values() if type(value).__module__.startswith("tools.")
    ]
    assert built == []
