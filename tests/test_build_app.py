"""The phone app is built by the wheel's Node, and only when its source changed."""

import subprocess
from pathlib import Path

import pytest

import build_app


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A checkout whose build writes a line to a file instead of calling npm."""
    pwa = tmp_path / "pwa"
    for name in ("package.json", "package-lock.json", "src/main.tsx"):
        (pwa / name).parent.mkdir(parents=True, exist_ok=True)
        (pwa / name).write_text(name)
    monkeypatch.setattr(build_app, "PWA", pwa)
    monkeypatch.setattr(build_app, "BUILT", (pwa / "dist" / "index.html", pwa / "dist-staff"))
    monkeypatch.setattr(build_app, "npm", lambda *arguments: _pretend(pwa, arguments))
    return pwa


def _pretend(pwa: Path, arguments: tuple[str, ...]) -> None:
    for folder in ("node_modules", "dist", "dist-staff"):
        (pwa / folder).mkdir(exist_ok=True)
    (pwa / "dist" / "index.html").write_text("<html>")
    with (pwa.parent / "called").open("a") as file:
        file.write(" ".join(arguments[:2]) + "\n")


def _called(pwa: Path) -> list[str]:
    return (pwa.parent / "called").read_text().splitlines()


def test_a_second_build_does_nothing(checkout):
    assert build_app.build() is True
    assert build_app.build() is False
    assert _called(checkout) == ["ci --no-audit", "run build"]


def test_a_changed_source_is_built_again_without_installing(checkout):
    build_app.build()
    (checkout / "src" / "main.tsx").write_text("changed")
    assert build_app.build() is True
    assert _called(checkout) == ["ci --no-audit", "run build", "run build"]


def test_a_renamed_source_is_built_again(checkout):
    build_app.build()
    (checkout / "src" / "main.tsx").rename(checkout / "src" / "other.tsx")
    assert build_app.build() is True


def test_a_changed_lock_is_installed_again(checkout):
    build_app.build()
    (checkout / "package-lock.json").write_text("changed")
    build_app.build()
    assert _called(checkout).count("ci --no-audit") == 2


def test_a_build_that_was_thrown_away_is_built_again(checkout):
    build_app.build()
    (checkout / "dist" / "index.html").unlink()
    assert build_app.build() is True


def test_without_its_source_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(build_app, "PWA", tmp_path / "pwa")
    with pytest.raises(SystemExit, match="pwa/, is missing"):
        build_app.build()


def test_the_wheels_node_comes_first_and_is_the_pinned_one():
    node, environment = build_app.node_and_environment()
    assert environment["PATH"].split(":")[0] == str(node.parent)
    said = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "v24.19.0"
