"""A part of a bundle: some of its people, in a folder of their own, that are not written again after a kill.

A part that lies finished is taken again where it would come out the same: as of the same moment, by the same program
and definitions, of the same people as they are described now. Whoever withdrew since is missing in one part, and just
that one is written anew.
"""

from __future__ import annotations

import hashlib
import pickle
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from server.measures.library import measures
from server.research.bundle import hash_of
from server.research.codebook import definition_hash
from server.research.compared import Means
from server.research.facts import clients
from server.research.filling import Asked, Filler, Listed, Source, opened
from server.research.installed import files_of_installation, published
from server.research.tables import Part, left_out
from server.research.weekly import Weekly
from server.sealing import ring
from server.signing import PART, SIGNATURE, is_signed, sign

_MARK = "finished"  # lies in the folder of a part beside its tables


@dataclass(frozen=True)
class Done:
    """What has to be known of a part that was written."""

    folder: Path
    part: Part
    means: Means
    weekly: Weekly


class Kept:
    """Parts that stay where they were written until the bundle is whole, in a folder that outlives a kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def found(self, source: Source, asked: Asked, name: str, listed: Sequence[Listed]) -> Done | None:
        """The part, where it lies finished and would come out the same. One that would not is deleted."""
        folder = self._folder / name
        if not folder.is_dir():
            return None
        done = _read(folder, _would_say(source, asked, listed))
        if done is None:
            shutil.rmtree(folder)
        return done

    def begin(self) -> Path:
        """A folder for one that is not finished, which nobody else writes into."""
        folder = self._folder / f"{secrets.token_hex(8)}.new"
        folder.mkdir(mode=0o700, parents=True)
        return folder

    def finish(self, done: Done, source: Source, asked: Asked, name: str, listed: Sequence[Listed]) -> Done:
        """Mark a part as finished. It has its name from now on."""
        hashes, here = _hashes(done.folder), replace(done, folder=self._folder / name)
        told = _would_say(source, asked, listed).encode() + pickle.dumps((hashes, here))
        (done.folder / _MARK).write_bytes(sign(ring(), told, PART) + told)
        done.folder.rename(here.folder)
        return here

    def clear(self, but: Sequence[str] = ()) -> None:
        """Delete every part, or all but these."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in but:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_part(
    source: Source,
    asked: Asked,
    name: str,
    listed: Sequence[Listed],
    more: Callable[[int], object],
    kept: Kept | None = None,
) -> Done:
    """Write these people into a folder of their own, in that of the bundle or with the parts that are kept.

    `more`: said with how many, each time some more are done.
    """
    folder = kept.begin() if kept else asked.folder / name
    if not kept:
        folder.mkdir()
    with opened(replace(asked, folder=folder), files_of_installation(), part=True) as into:
        Filler(source, asked.as_of, into).write(listed, more)
        done = Done(folder, into.tables.flush(), into.waiting.flush(), into.weekly)
    return kept.finish(done, source, asked, name, listed) if kept else done


def _read(folder: Path, would_say: str) -> Done | None:
    """What is known of a finished part. Only what this installation signed is read: the folder may be shared.

    And only what the program of today wrote: another one may know no such objects.
    """
    mark = folder / _MARK
    told = mark.read_bytes() if mark.is_file() else b""
    signature, body, said = told[:SIGNATURE], told[SIGNATURE:], would_say.encode()
    if not is_signed(ring(), body, signature, PART) or not body.startswith(said):
        return None
    hashes, done = pickle.loads(body[len(said) :])  # noqa: S301 - signed by this installation
    return replace(done, folder=folder) if hashes == _hashes(folder) else None


def _hashes(folder: Path) -> dict[str, str]:
    """Of every file but the mark: a power cut may leave a mark that is whole beside tables that are not."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / _MARK):
        with path.open("rb") as file:
            found[path.relative_to(folder).as_posix()] = hash_of(file)
    return found


def _would_say(source: Source, asked: Asked, listed: Sequence[Listed]) -> str:
    """A hash of all that the rows of these people are made from, besides what was known of them at the moment."""
    digest = hashlib.sha256(f"{_program()}|{asked.project}|{asked.basis}|{asked.in_words}".encode())
    digest.update(source.key)
    now = {who.id: who for who in clients(source.session, asked.as_of, [client for _, client, _ in listed])}
    for pid, client, described in listed:
        who = now.get(client)
        today = who and (who.service_id, who.language, who.zone, who.research, who.born)
        consents = [(one.number, one.choice, one.entered_by) for one in source.people.consents.get(client, ())]
        digest.update(repr((pid, client, described, today, consents)).encode())
    return digest.hexdigest()


@cache
def _program() -> str:
    """A hash of the program itself and of what it reads: rows of two releases do not stand in one bundle."""
    digest = hashlib.sha256(f"{definition_hash(files_of_installation())}|{left_out()}".encode())
    digest.update(repr((published(), measures().every_version())).encode())
    here = Path(__file__).parents[1]
    for path in sorted(here.rglob("*.py")):
        digest.update(path.relative_to(here).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
