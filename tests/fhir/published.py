"""Questionnaires that HL7 published, as npm has them (both packages are CC0 1.0): fetched for the tests, kept nowhere.

npm fetches the packages alone, since they name others that npm does not have; the sums say that they are what was read.
"""

import hashlib
import os
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from build_app import node_and_environment

FOLDER = Path(__file__).parent / ".published"  # not in the repository
PACKAGES = {
    "hl7.fhir.r4.examples@4.0.1": "dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682",
    "hl7.fhir.uv.sdc@4.0.0-ballot": "e535112cea10f581cd3aba233c065b221d8aad24104f3532466daf938de8d4f9",
}


@cache
def questionnaires() -> dict[str, bytes]:
    """Every Questionnaire of both packages, by its file's name without `Questionnaire-` and `.json`."""
    found = {}
    for package, expected in PACKAGES.items():
        with tarfile.open(_fetched(package, expected)) as archive:
            for member in archive.getmembers():
                path = Path(member.name)
                if path.name.startswith("Questionnaire-") and path.suffix == ".json":
                    found[path.stem.removeprefix("Questionnaire-")] = archive.extractfile(member).read()
    return found


def _fetched(package: str, expected: str) -> Path:
    path = FOLDER / f"{package.replace('@', '-')}.tgz"
    if not path.is_file():
        FOLDER.mkdir(exist_ok=True)
        node, env = node_and_environment()
        npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        with TemporaryDirectory(dir=FOLDER) as fresh:  # two test processes may fetch at once
            command = [node, npm, "pack", package, "--silent", "--ignore-scripts", "--pack-destination", fresh]
            subprocess.run(command, cwd=fresh, env=env, check=True, timeout=300, capture_output=True)
            os.replace(next(Path(fresh).glob("*.tgz")), path)
    sum_of_it = hashlib.sha256(path.read_bytes()).hexdigest()
    assert sum_of_it == expected, f"{path.name} is not the package that was read; its sum is {sum_of_it}"
    return path
