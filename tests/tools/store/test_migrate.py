from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.store.database import open_database

WRITE = """
import sys
from tools.store.database import open_database
from tools.store.job import Job, JobState
with open_database(sys.argv[1]).session() as session:
    session.add(Job(key="a", kind="draw", payload="{}", state=JobState.PROPOSED))
"""


def test_one_table_can_be_used_without_naming_the_others(tmp_path: Path) -> None:
    """An up-to-date database skips Alembic, and foreign keys must still find their tables."""
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    open_database(url).close()
    subprocess.run([sys.executable, "-c", WRITE, url], check=True)
