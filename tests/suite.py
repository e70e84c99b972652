"""Runs every check and every test, and closes with one line of counts: what `./run test` does."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as Xml
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from build_app import node_and_environment
from tests.quickest import quickest_folder

ROOT = Path(__file__).resolve().parents[1]
JOURNEYS = "tests/journeys"
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI") == "true"

# The longest first: as one ends, the next begins beside the other.
CHECKS = (
    ("mypy", [BIN / "mypy"]),
    ("ruff check", [BIN / "ruff", "check", "."]),
    ("ruff format", [BIN / "ruff", "format", "--check", "."]),
    ("import-linter", [BIN / "lint-imports", "--no-logo"]),
)
# Each takes half of the tests in their order, so that what a file's tests share is made once, and then helps the other.
BOTH_CORES = ("-n", "2", "--dist", "worksteal")
# Any of these programs, or these packages of Debian's and Ubuntu's, which bring them.
PROGRAMS = (
    (("chromium",), ("chromium",), "the journeys"),
    (("firefox", "firefox-esr"), ("firefox-esr",), "the stories in Firefox"),
    (("WebKitWebDriver",), ("webkit2gtk-driver", "gir1.2-webkit2-4.1", "python3-gi", "xvfb"), "the stories in WebKit"),
    (("Rscript",), ("r-base-core",), "the loader for R"),
)


@dataclass(frozen=True)
class Count:
    """How many of one kind of test passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    @classmethod
    def of(cls, ok: bool) -> "Count":
        """One check, passed or failed."""
        return cls(passed=1) if ok else cls(failed=1)

    @classmethod
    def read(cls, report: Path, exit_code: int) -> "Count":
        """Count the cases of a JUnit file; a runner that failed without a failed case counts as one."""
        cases = list(Xml.parse(report).iter("testcase")) if report.is_file() and report.stat().st_size else []
        failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
        skipped = sum(case.find("skipped") is not None for case in cases)
        count = cls(len(cases) - failed - skipped, failed, skipped)
        return count if failed or exit_code == 0 else count + cls(failed=1)


def main(arguments: Sequence[str]) -> int:
    """Run it all, or, given pytest's own arguments, only those tests. Exit code 0 when all passed."""
    parser = argparse.ArgumentParser(prog="./run test", description=__doc__, epilog="Other arguments go to pytest.")
    parser.add_argument("--long", action="store_true", help="the long tests too")
    options, rest = parser.parse_known_args(arguments)
    counts: dict[str, Count] = {}
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(folder)
        if rest:
            counts["python"] = pytest(reports / "chosen.xml", rest)
        else:
            chosen = [] if options.long else ["not long"]
            with fetched_meanwhile():
                counts["tools"] = tools()
                counts |= checks_and_phone(reports / "phone.xml")
                counts["python"] = in_memory(python_tests, reports / "python.xml", "not journey", *chosen)
                # By their folder: reading all other tests again, to leave them out, takes as long as two journeys.
                counts["journeys"] = python_tests(reports / "journeys.xml", "journey", *chosen, folder=JOURNEYS)
    return close(counts)


@contextmanager
def fetched_meanwhile() -> Iterator[None]:
    """What a test needs from npm comes while something else is done; if it does not come, that test says why."""
    wanted = "from tests.reminders.peers import missing; missing()"
    with subprocess.Popen([sys.executable, "-c", wanted], cwd=ROOT, stdout=subprocess.DEVNULL):
        yield


def checks_and_phone(report: Path) -> dict[str, Count]:
    """Every check, and the phone app's own tests, two at a time: most of them use one core."""
    with ThreadPoolExecutor(2) as pool:
        checks = [pool.submit(check, *one) for one in (*CHECKS, ("phone app's types", npm_script("check")))]
        phones = pool.submit(phone, report)
        return {"checks": sum((one.result() for one in checks), Count()), "phone": phones.result()}


def in_memory(tests: Callable[..., Count], report: Path, *marked: str) -> Count:
    """Run tests whose files are in memory, where that is possible: most of them wait for a disk at every commit."""
    with tempfile.TemporaryDirectory(prefix="meantime-tests-", dir=quickest_folder(to_run=True)) as folder:
        return tests(report, *marked, more=[f"--basetemp={folder}/files"])


def check(name: str, command: Sequence[str | Path]) -> Count:
    """Run one check; it says what is wrong itself."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    say(f"{'passed' if done.returncode == 0 else 'FAILED'}  {name}")
    if done.returncode:
        say(done.stdout + done.stderr)
    return Count.of(done.returncode == 0)


def npm_script(name: str) -> list[str | Path]:
    """The command that runs a script of pwa/package.json on the wheel's Node."""
    return [sys.executable, "-c", f"import build_app; build_app.npm('run', '{name}')"]


def pytest(report: Path, arguments: Sequence[str]) -> Count:
    """Run pytest with these arguments and count what it reports."""
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False)
    # 5: there was none to run. That is a failure of the suite only where it was asked for by name.
    return Count.read(report, 0 if done.returncode == 5 and "-m" in arguments else done.returncode)


def python_tests(report: Path, *marked: str, folder: str = "tests", more: Sequence[str] = ()) -> Count:
    """Run the tests of a folder that bear all of these marks, on both cores. `more`: arguments for pytest."""
    return pytest(report, [*BOTH_CORES, *more, "-m", " and ".join(marked), folder])


def phone(report: Path) -> Count:
    """Run the phone app's own tests on the wheel's Node, which reads TypeScript as it is."""
    files = sorted((ROOT / "pwa" / "tests").rglob("*.test.ts")) + sorted((ROOT / "tests" / "pwa").rglob("*.test.ts"))
    if not files:
        say("FAILED  the phone app has no tests")
        return Count(failed=1)
    node, env = node_and_environment()
    reporters = ["--test-concurrency=2", "--test-reporter=dot", "--test-reporter-destination=stdout"]
    reporters += ["--test-reporter=junit", f"--test-reporter-destination={report}"]
    done = subprocess.run([node, "--test", *reporters, *files], cwd=ROOT / "pwa", env=env, check=False)
    return Count.read(report, done.returncode)


def tools() -> Count:
    """See that the browsers and R are there, installing them where we may; without one its tests are skipped."""
    count = Count()
    for programs, packages, tests in PROGRAMS:
        if any(map(shutil.which, programs)) or _apt_install(packages):
            continue
        say(f"{packages[0]} is missing and could not be installed, so {tests} cannot run.")
        count += Count(failed=1) if IN_CI else Count(skipped=1)
    return count


def _apt_install(packages: Sequence[str]) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {packages[0]} …")
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], env=environment, **quiet)
    done = subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *packages], env=environment, **quiet)
    return done.returncode == 0


def close(counts: dict[str, Count]) -> int:
    """Print the counts of each kind, then the closing line."""
    total = sum(counts.values(), Count())
    say("passed by kind: " + ", ".join(f"{name} {count.passed}" for name, count in counts.items()))
    say(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed or not total.passed else 0


def say(line: str) -> None:
    """Print at once, so that lines keep their order among those of the programs we start."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
