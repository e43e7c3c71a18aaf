from __future__ import annotations

from pathlib import Path

import pytest

from agent.checkpoints import open_checkpoints
from tools.compose import build_services, build_studio
from tools.settings import Settings
from tools.store.character import Character
from tools.store.production import find_production
from tools.workflows.kinds import Kind
from ui.cli.studio import open_studio


def test_parts_that_load_models_are_built_once_and_on_first_use(tmp_path: Path) -> None:
    services = build_services(Settings(home=tmp_path, device="cpu"))
    assert not (tmp_path / ".deepface").exists()
    assert services.load_faces("photo") is services.load_faces("photo")
    assert services.load_faces("photo") is services.load_faces("Dlib")
    assert (tmp_path / ".deepface").exists()
    assert services.backend is services.backend
    assert services.trainer is services.trainer


def test_a_studio_may_draw_with_the_bases_of_another_home(tmp_path: Path, micro_home: Path) -> None:
    settings = Settings(home=tmp_path, device="cpu")
    assert "micro" not in {row.name for row in build_services(settings).catalog.rows()}
    lent = build_services(settings, bases_home=micro_home)
    assert "micro" in {row.name for row in lent.catalog.rows()}
    assert lent.settings.home == tmp_path


@pytest.mark.parametrize(
    "name", ["what? now", "take #2", "50% done", "%41", "a&b=c", "file:home", "a;b", "Zoë's home"]
)
def test_a_home_of_any_name_holds_its_database_and_conversations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    home = tmp_path / name
    for place in (home, Path(name)):
        monkeypatch.chdir(tmp_path)
        with build_services(Settings(home=place)).database.session() as session:
            assert find_production(session=session, name="Harbour") is None
        open_checkpoints(place).conn.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]
    assert {"samecast.db", "conversations.db"} <= {path.name for path in home.iterdir()}


def test_a_worker_can_do_every_kind_of_stage(tmp_path: Path) -> None:
    studio = build_studio(Settings(home=tmp_path))
    assert set(studio.worker._handlers) == set(Kind)


def test_a_studio_of_its_own_keeps_its_database_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared.db"
    monkeypatch.setenv("SAMECAST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SAMECAST_DATABASE_URL", f"sqlite:///{shared}")
    own = open_studio(tmp_path / "own").services
    assert not shared.exists()
    assert (tmp_path / "own" / "samecast.db").is_file()
    with own.database.reading() as session:
        assert session.get(Character, "nobody") is None
    open_studio()
    assert shared.is_file()
