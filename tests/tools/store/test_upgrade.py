from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, Table, create_engine, text
from sqlmodel import select

from tools.store.character import Character
from tools.store.database import open_database
from tools.store.ledger import LedgerEntry
from tools.store.lora_version import LoraVersion, LoraVersionCreate, add_lora_version
from tools.store.migrate import LOCATION, check
from tools.store.production import Production
from tools.store.shot import Shot
from tools.store.take import Take

FIRST = "0001"
DAY = "2026-05-01 12:00:00.000000"
DIGEST = "a" * 64
ROWS: dict[str, dict[str, object]] = {
    "production": {
        "id": "p",
        "name": "Harbour",
        "style": '{"palette":"teal"}',
        "aspect_ratio": "16:9",
        "approval": "pass",
        "budget": 5_000_000,
    },
    "character": {"id": "c", "production_id": "p", "name": "Mara", "brief": "{}"},
    "look": {"id": "l", "character_id": "c", "name": "default", "words": "red scarf"},
    "identity_block": {
        "id": "i",
        "character_id": "c",
        "look_id": "l",
        "vocabulary": "maquette",
        "text": "green eyes",
        "version": 1,
    },
    "reference_set": {
        "id": "r",
        "character_id": "c",
        "version": 1,
        "origin": "photos",
        "status": "judged",
        "verdict": "pass",
    },
    "reference_image": {
        "id": "ri",
        "set_id": "r",
        "digest": DIGEST,
        "caption": "a face",
        "layer": "photo",
        "position": 1,
        "dropped": False,
    },
    "lora_version": {
        "id": "v",
        "character_id": "c",
        "reference_set_id": "r",
        "base": "maquette",
        "config": "{}",
        "seed": 2**32 - 1,
        "digest": DIGEST,
        "steps": 10,
        "seconds": 1.5,
        "version": 1,
    },
    "scene": {"id": "s", "production_id": "p", "number": 12, "brief": "{}", "omitted": False},
    "shot": {
        "id": "sh",
        "scene_id": "s",
        "ordinal": 1,
        "slate": "12A",
        "request": "{}",
        "omitted": True,
    },
    "take": {
        "id": "t",
        "shot_id": "sh",
        "key": "k",
        "tries": 2,
        "prompt": "a street",
        "seed": 5,
        "request": "{}",
        "lora_version_id": "v",
        "number": 3,
        "slate": "12A T3",
        "digest": DIGEST,
        "reasons": "[]",
        "note": "warmer",
        "picked_at": DAY,
    },
    "job": {
        "id": "j",
        "key": "k",
        "kind": "train",
        "payload": "{}",
        "state": "done",
        "production_id": "p",
        "attempts": 1,
        "cancel_requested": False,
        "stage": "",
        "done": 1,
        "total": 1,
        "note": "",
    },
    "job_need": {"job_id": "j", "needs_id": "j"},
    "execution": {"id": "e", "job_id": "j", "owner": "host:1:2", "started_at": DAY, "end": "done"},
    "ledger_entry": {
        "id": "le",
        "production_id": "p",
        "key": "k",
        "job_id": "j",
        "amount": 300_000,
        "what": "a picture",
        "priced_on": "2026-05-01",
    },
    "face_record": {"picture": DIGEST, "embedder": "e", "detector": "d", "faces": "[]"},
}


def migrate(file: Path, revision: str) -> None:
    """Go to a revision, forth or back."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", LOCATION)
        config.set_main_option("path_separator", "os")
        config.attributes.update(connection=connection, metadata=MetaData())
        step = command.downgrade if file.stat().st_size else command.upgrade
        step(config, revision)
    engine.dispose()


def tables_of(engine: Engine) -> dict[str, Table]:
    metadata = MetaData()
    metadata.reflect(engine)
    return dict(metadata.tables)


def insert_all(file: Path) -> None:
    """Put one row into every table of the first revision."""
    engine = create_engine(f"sqlite:///{file}")
    tables = tables_of(engine)
    assert {*ROWS, "alembic_version"} == set(tables)
    with engine.begin() as connection:
        for name, row in ROWS.items():
            values = {**row, "created_at": DAY} if "created_at" in tables[name].c else row
            columns = ", ".join(f'"{column}"' for column in values)
            places = ", ".join(f":{column}" for column in values)
            connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({places})"), values)
    engine.dispose()


def read_all(file: Path) -> dict[str, dict[str, object]]:
    """The raw row of every table that has one, but for the revision's own."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f'SELECT * FROM "{name}"')).mappings().first()
            for name in tables_of(engine)
            if name != "alembic_version"
        }
    engine.dispose()
    return {name: dict(row) for name, row in found.items() if row is not None}


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A database of the first revision with a row in every table."""
    file = tmp_path / "studio.db"
    file.touch()
    migrate(file, FIRST)
    insert_all(file)
    return file


def test_an_upgrade_keeps_every_row(filled: Path) -> None:
    before = read_all(filled)
    assert len(before) == len(ROWS)
    database = open_database(f"sqlite:///{filled}")
    check(database.engine)
    database.close()
    after = read_all(filled)
    assert set(after) == set(before)
    for name, row in before.items():
        assert {column: after[name][column] for column in row} == row


def test_old_rows_read_with_the_new_columns(filled: Path) -> None:
    with open_database(f"sqlite:///{filled}").reading() as session:
        production = session.exec(select(Production)).one()
        assert (production.base, production.ask_before_drawing) == (None, False)
        assert session.exec(select(Character)).one().lora_version_id is None
        assert session.exec(select(Shot)).one().source == ""
        take = session.exec(select(Take)).one()
        assert (take.rejected_at, take.note) == (None, "warmer")
        assert take.picked_at is not None
        lora = session.exec(select(LoraVersion)).one()
        assert (lora.trained_on, lora.lineage, lora.brought_in) == ("maquette", None, False)
        entry = session.exec(select(LedgerEntry)).one()
        assert (entry.amount, entry.base, entry.seconds) == (Decimal("0.3"), None, None)


def test_a_downgrade_keeps_what_the_first_tables_hold(filled: Path) -> None:
    before = read_all(filled)
    open_database(f"sqlite:///{filled}").close()
    migrate(filled, FIRST)
    assert read_all(filled) == before


def test_what_was_drawn_without_an_adapter_is_a_sketch_ever_after(filled: Path) -> None:
    engine = create_engine(f"sqlite:///{filled}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE take SET lora_version_id = NULL"))
    engine.dispose()
    with open_database(f"sqlite:///{filled}").reading() as session:
        assert session.exec(select(Take)).one().is_sketch


def test_what_an_adapter_drew_is_a_take_ever_after(filled: Path) -> None:
    with open_database(f"sqlite:///{filled}").reading() as session:
        take = session.exec(select(Take)).one()
        assert (take.lora_version_id, take.is_sketch) == ("v", False)


@pytest.mark.parametrize(("kohya", "architecture"), [(DIGEST, "sdxl"), (None, "flux")])
def test_an_adapter_with_a_kohya_file_was_sdxls(
    kohya: str | None, architecture: str, filled: Path
) -> None:
    engine = create_engine(f"sqlite:///{filled}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE lora_version SET kohya_digest = :kohya"), {"kohya": kohya})
    engine.dispose()
    with open_database(f"sqlite:///{filled}").reading() as session:
        assert session.exec(select(LoraVersion)).one().architecture == architecture


def test_a_version_from_elsewhere_survives_a_downgrade_as_a_run_of_no_steps(filled: Path) -> None:
    database = open_database(f"sqlite:///{filled}")
    with database.session() as session:
        theirs = LoraVersionCreate(
            character_id="c",
            reference_set_id="r",
            base="maquette",
            architecture="sdxl",
            lineage="brought in from mara.safetensors",
            digest="b" * 64,
        )
        add_lora_version(session=session, lora=theirs)
    database.close()
    migrate(filled, FIRST)
    engine = create_engine(f"sqlite:///{filled}")
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT steps, seed, config FROM lora_version ORDER BY version")
        ).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [(10, 2**32 - 1, "{}"), (0, 0, "{}")]
