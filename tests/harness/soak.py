"""The shipped phone app against the real server, seed by seed: what was lost, doubled or stuck. `./run soak`."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path

from build_app import node_and_environment
from tests.harness.world import World
from tests.quickest import quickest_folder

HERE = Path(__file__).parent
STEPS = 24
PHONES = 3
LOST, DOUBLED, STUCK = {"loss", "foreign"}, {"duplicate"}, {"stuck"}


def run(
    world: World,
    seeds: Sequence[int],
    phones: int = PHONES,
    steps: int = STEPS,
    plants: Sequence[dict] = (),
    more: dict[str, int] | None = None,
    fault: str = "",
    until_broken: bool = False,
    traces: bool = False,
) -> Iterator[dict]:
    """What came of each seed, as it ends: {seed, broken: [{kind, what}], counted, traced, events, saves, time, cpu},
    the last two in seconds.

    `plants`: defects put into the app on purpose, {file, was, is}. `until_broken`: stop at the first that breaks.
    `more`: steps that are to be taken more or less often, by their names in story.ts.
    `fault`: instead of a story, one fault of faults.ts.
    """
    job = {"seeds": list(seeds), "phones": phones, "steps": steps, "plants": list(plants)}
    job |= {"fault": fault, "more": more or {}, "traces": traces, "until_broken": until_broken}
    node, environment = node_and_environment()
    client = subprocess.Popen(
        [node, "--no-warnings", HERE / "client" / "run.ts"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**environment, "TZ": "Europe/London"},
    )
    with client as process:
        try:
            yield from _answer(world, process, job)
        finally:
            process.stdin.close()
            if process.wait() != 0:
                raise RuntimeError(f"the phones ended with {process.returncode}")


@contextmanager
def world(phones: int = PHONES) -> Iterator[World]:
    """A server for so many phones, two to a person."""
    with tempfile.TemporaryDirectory(prefix="meantime-soak-", dir=quickest_folder()) as folder:
        made = World(Path(folder), max(2, (phones + 1) // 2))
        try:
            yield made
        finally:
            made.close()


def _answer(world: World, process: subprocess.Popen, job: dict) -> Iterator[dict]:
    """Do what the phones ask, line by line, until they end; what a seed costs is theirs and ours."""
    began = time.process_time()
    for line in process.stdout:
        asked = json.loads(line)
        what = asked.pop("do")
        if what == "told":
            yield {**asked, "cpu": asked["cpu"] + time.process_time() - began}
            began = time.process_time()
        told = job if what in ("job", "told") else getattr(world, what)(**asked)
        process.stdin.write(json.dumps({"ok": told}).encode() + b"\n")
        process.stdin.flush()


def in_parallel(seeds: Sequence[int], workers: int, **how) -> Iterator[dict]:
    """The same, in several processes, in the order in which they end."""
    size = max(5, min(50, len(seeds) // workers // 4))
    bunches = [seeds[n : n + size] for n in range(0, len(seeds), size)]
    with ProcessPoolExecutor(workers) as pool:
        for done in as_completed([pool.submit(_bunch, bunch, how) for bunch in bunches]):
            yield from done.result()


def _bunch(seeds: Sequence[int], how: dict) -> list[dict]:
    with world(how["phones"]) as server:
        return list(run(server, seeds, **how))


def main(arguments: Sequence[str]) -> int:
    """Print faults by kind, `soak_losses`, `soak_duplicates`, `soak_stuck` and the time per seed; 1 if any broke."""
    parser = argparse.ArgumentParser(prog="./run soak", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, help="how many (10,000)")
    parser.add_argument("--first", type=int, default=1, help="the first of them (1)")
    parser.add_argument("--seed", type=int, help="only this one, told in full")
    parser.add_argument("--phones", type=int, default=PHONES, help=f"how many phones in each ({PHONES})")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"how long each story is ({STEPS})")
    parser.add_argument("--workers", type=int, default=2, help="processes at once (2)")
    parser.add_argument("--keep", type=Path, help="a file of what came of each seed: what is in it is not played again")
    options = parser.parse_args(arguments)
    how = {"phones": options.phones, "steps": options.steps}
    if options.seed is not None:
        with world(options.phones) as server:
            told = next(run(server, [options.seed], traces=True, **how))
        print("\n".join(told["traced"]))
        return close([told])
    seeds = range(options.first, options.first + options.seeds)
    return close(list(played(seeds, options.workers, options.keep, how)))


def played(seeds: range, workers: int, keep: Path | None, how: dict[str, int]) -> Iterator[dict]:
    """What came of each seed: as `keep` has it, or else played now and added there. Says how far it is."""
    kept = [told for told in _read(keep) if told["seed"] in seeds and told["how"] == how]
    yield from kept
    left = sorted(set(seeds) - {told["seed"] for told in kept})
    for count, told in enumerate(in_parallel(left, workers, **how), len(kept) + 1):
        if keep:
            with keep.open("a") as file:
                file.write(f"\n{json.dumps({**told, 'how': how})}")  # first: the last line may be cut off
        if told["broken"]:
            print(f"seed {told['seed']} broke", file=sys.stderr, flush=True)
        if count % 500 == 0:
            print(f"{count} of {len(seeds)} seeds", file=sys.stderr, flush=True)
        yield told


def _read(keep: Path | None) -> Iterator[dict]:
    """What earlier runs kept, but lines that they were stopped in."""
    for line in keep.read_text().splitlines() if keep and keep.exists() else ():
        with suppress(json.JSONDecodeError):
            yield json.loads(line)


def close(all_told: list[dict]) -> int:
    """Say what came of them."""
    broken = [told for told in all_told if told["broken"]]
    for told in broken:
        again = f"./run soak --seed {told['seed']} replays it"
        print(f"seed {told['seed']} broke: {told['broken'][0]['kind']}: {told['broken'][0]['what']} ({again})")
    kinds = Counter(one["kind"] for told in broken for one in told["broken"])
    faults = sum((Counter(told["counted"]) for told in all_told), Counter())
    for name, count in sorted(faults.items()):
        print(f"soak_fault_{name} {count} count")
    print(f"soak_seeds {len(all_told)} count")
    print(f"soak_saves {sum(told['saves'] for told in all_told)} count")
    for name, of in (("losses", LOST), ("duplicates", DOUBLED), ("stuck", STUCK)):
        print(f"soak_{name} {sum(kinds[kind] for kind in of)} count")
    print(f"soak_other {sum(kinds.values()) - sum(kinds[kind] for kind in LOST | DOUBLED | STUCK)} count")
    for name in ("time", "cpu"):
        print(f"soak_{name}_per_seed {sum(told[name] for told in all_told) / max(1, len(all_told)):.3f} s")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
