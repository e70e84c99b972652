"""Every command of the operator and its options stand in the documents, and no document names one that is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from server.commands import main

ROOT = Path(__file__).resolve().parents[2]
PAPERS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINES = [line for paper in PAPERS for line in paper.read_text("utf-8").splitlines()]
TALKED_OF = re.compile(r"(?:`|^    )meantime ([a-z]+)(?: ([a-z]+))?")


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """(`("keys", "rotate")`, command) of each that does something."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = list(commands())
NAMES = ["-".join(path) for path, _ in COMMANDS]


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=NAMES)
def test_a_command_and_its_options_stand_in_the_documents(path, command):
    """`meantime keys rotate` as one typed it, or its last word beside the first: `meantime keys`: `rotate` …"""
    about = [line for line in LINES if f"meantime {path[0]}" in line and path[-1] in line]
    assert about, f"meantime {' '.join(path)} is in no document"
    options = {name for one in command.params if isinstance(one, click.Option) for name in one.opts}
    assert {name for name in options if not any(name in line for line in about)} == set()


def test_every_command_that_a_document_names_is_there():
    named = [found.groups() for line in LINES for found in TALKED_OF.finditer(line)]
    assert len(named) > 30
    for first, second in named:
        assert first in main.commands, f"meantime {first}"
        group = main.commands[first]
        if second and isinstance(group, click.Group):
            assert second in group.commands, f"meantime {first} {second}"


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=NAMES)
def test_a_command_says_what_it_does_and_what_each_option_is_for(path, command):
    assert command.help and len(command.help) > 20
    assert [one.name for one in command.params if isinstance(one, click.Option) and not one.help] == []
