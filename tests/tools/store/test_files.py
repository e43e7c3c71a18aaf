from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import BadInput, StorageFailed, UnknownName
from tools.store.files import FileStore
from tools.store.process import this_process


def parts(root: Path) -> list[Path]:
    return list(root.rglob("*.part"))


@given(data=st.binary(max_size=3000))
def test_what_is_put_comes_back_under_its_digest(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = FileStore(tmp_path_factory.mktemp("store"))
    stored = store.put_bytes(data, ".bin")
    assert stored.digest == sha256(data).hexdigest()
    assert store.read(stored.digest) == data
    assert store.path(stored.digest) == stored.path
    assert stored.path.parts[-3:-1] == (stored.digest[:2], stored.digest[2:4])


def test_equal_bytes_are_stored_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    first = store.put_bytes(b"frame", ".png")
    inode = first.path.stat().st_ino
    assert store.put_bytes(b"frame", ".png") == first
    assert first.path.stat().st_ino == inode
    assert list(store.digests()) == [first.digest]
    assert parts(tmp_path) == []


def test_a_file_is_copied_with_its_suffix(tmp_path: Path) -> None:
    source = tmp_path / "Adapter.SAFETENSORS"
    source.write_bytes(b"x" * 3_000_000)
    store = FileStore(tmp_path / "store")
    stored = store.put_file(source)
    assert stored.path.suffix == ".safetensors"
    assert stored.path.read_bytes() == source.read_bytes()


def test_the_suffix_chooses_among_equal_bytes(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    text, json = store.put_bytes(b"{}", ".txt"), store.put_bytes(b"{}", ".json")
    assert store.path(text.digest, ".txt") == text.path
    assert store.path(text.digest, ".json") == json.path


def test_a_missing_source_is_bad_input_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"photo\.png: cannot be read"):
        FileStore(tmp_path).put_file(tmp_path / "photo.png")
    assert parts(tmp_path) == []


@pytest.mark.parametrize("suffix", ["png", "", ".", ".tar.gz", "./../x", ".PNG"])
def test_a_suffix_that_is_none_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(BadInput, match="no file suffix"):
        FileStore(tmp_path).put_bytes(b"x", suffix)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "ab", "A" * 64])
def test_only_a_digest_is_looked_up(tmp_path: Path, digest: str) -> None:
    with pytest.raises(UnknownName, match="no digest"):
        FileStore(tmp_path).path(digest)


def test_an_unknown_digest_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="no stored file abab"):
        FileStore(tmp_path).path("ab" * 32)


def test_a_damaged_file_is_noticed_and_mended_by_storing_it_again(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    stored = store.put_bytes(b"frame", ".png")
    store.verify(stored.digest)
    stored.path.write_bytes(b"frXme")
    with pytest.raises(StorageFailed, match="damaged"):
        store.verify(stored.digest)
    with pytest.raises(StorageFailed, match="damaged"):
        store.read(stored.digest)
    store.put_bytes(b"frame", ".png")
    store.verify(stored.digest)


def test_opening_sweeps_the_parts_of_dead_writers_only(tmp_path: Path) -> None:
    FileStore(tmp_path)
    mine = this_process()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / "objects" / f"{mine.machine}:{ended.pid}:1~a.part"
    alive = tmp_path / "objects" / f"{mine}~b.part"
    elsewhere = tmp_path / "objects" / "otherhost-12345678:1:1~c.part"
    old = tmp_path / "objects" / "otherhost-12345678:1:1~d.part"
    for path in (dead, alive, elsewhere, old):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    FileStore(tmp_path)
    assert sorted(parts(tmp_path)) == sorted([alive, elsewhere])


LIMIT = """
import resource, sys
from pathlib import Path
from tools.errors import StorageFailed
from tools.store.files import FileStore
store = FileStore(Path(sys.argv[1]))
store.put_bytes(b"small", ".bin")
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    store.put_bytes(b"x" * 5_000_000, ".bin")
except StorageFailed as error:
    print("StorageFailed", error)
"""


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMIT, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("StorageFailed cannot store a .bin file")
    assert list(FileStore(tmp_path).digests()) == [sha256(b"small").hexdigest()]
    assert parts(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="cannot use the folder"):
        FileStore(tmp_path / "file" / "store")
