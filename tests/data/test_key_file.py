"""The key file is changed by one at a time, stays whose it was, and is on the disk before anything rests on it."""

import errno
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server import key_file as on_disk
from server.errors import CannotStart
from server.sealing import add_service_key, make_key_file, note_erased, read_key_file
from tests.cast import NOW


@pytest.fixture
def own(key_file, tmp_path) -> Path:
    """A key file of this test alone."""
    return Path(shutil.copy(key_file, tmp_path / "own.keys"))


def test_no_change_is_lost_to_another_at_the_same_time(own):
    owners = {f"client|{n}" for n in range(20)}
    with ThreadPoolExecutor(8) as pool:
        changes = [pool.submit(note_erased, own, owner) for owner in owners]
        changes += [pool.submit(add_service_key, own, NOW) for _ in range(10)]
        for one in changes:
            one.result()
    keys = read_key_file(own)
    assert keys.erased == owners
    assert sorted(keys.wrapping, key=lambda name: int(name[1:])) == [f"k{n}" for n in range(1, 12)]


def test_it_stays_whose_it_was_as_open_as_it_was_and_where_a_link_leads(own, tmp_path, monkeypatch):
    own.chmod(0o640)
    owners = []
    monkeypatch.setattr(os, "fchown", lambda handle, *owner: owners.append(owner))
    link = tmp_path / "link.keys"
    link.symlink_to(own)
    assert set(add_service_key(link, NOW).wrapping) == set(read_key_file(own).wrapping) == {"k1", "k2"}
    assert link.is_symlink() and stat.S_IMODE(own.stat().st_mode) == 0o640
    assert owners == [(own.stat().st_uid, own.stat().st_gid)]


@pytest.mark.parametrize("call", ["fchown", "fsync", "replace"])
def test_what_cannot_be_written_changes_nothing_and_leaves_no_key_about(own, monkeypatch, call):
    before = own.read_bytes()

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((Path, call) if call == "replace" else (os, call)), refuse)
    with pytest.raises(CannotStart, match=r"no space left on device\. It is as it was"):
        note_erased(own, "client|1")
    monkeypatch.undo()
    assert own.read_bytes() == before
    assert [path.name for path in own.parent.glob("own.keys*")] == ["own.keys"]
    own.with_name("own.keys.new").write_text("half of one, of somebody who was killed")
    assert note_erased(own, "client|1").erased == {"client|1"}


@pytest.mark.parametrize("begin", [lambda own: add_service_key(own, NOW), make_key_file])
def test_it_is_on_the_disk_name_and_all_before_anybody_goes_on(own, monkeypatch, begin):
    done = []
    sync, put = os.fsync, Path.replace
    kinds = {True: "folder", False: "file"}
    monkeypatch.setattr(os, "fsync", lambda at: (done.append(kinds[stat.S_ISDIR(os.fstat(at).st_mode)]), sync(at)))
    monkeypatch.setattr(Path, "replace", lambda self, to: (done.append("replace"), put(self, to)))
    if begin is make_key_file:
        own.unlink()
    begin(own)
    assert done == ["file", "replace", "folder"]


def test_there_is_one_and_no_other_is_made_over_it(own):
    before = own.read_bytes()
    with pytest.raises(FileExistsError):
        on_disk.make(own, {})
    assert own.read_bytes() == before
