"""How fast reminders go out: our senders beside the loop everybody writes, Node's web-push and the bare cryptography.

One push service on this machine over TLS takes them all; each sender has one core, and the push service the other.
Counted is the sender's own processor time, so that what else a machine does is no part of it; by the clock beside it.
"""

import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from server.reminders import push, rules, wording
from server.sealing import make_key_file, push_public_key
from tests.benchmarks.reminders_whole import whole_path
from tests.fakes import PhoneKeys, b64
from tests.localhost import free_port, own_certificate
from tests.reminders.peers import FOLDER, NODE, missing

ROUNDS = 3
# Node's and our default open a hundred connections each: as many messages, so that each has its share of them.
COUNTS = {"naive": 300, "node": 6000, "default": 6000, "fast": 12000, "floor": 8000}
PHONES = 100


def main() -> None:
    """Print reminders_default_vs_naive, …_fast_vs_naive, …_default_vs_node, …_fast_vs_floor, and the whole path."""
    with tempfile.TemporaryDirectory(prefix="meantime-push-") as name:
        folder = Path(name)
        _, certificate = own_certificate(folder)
        with taker(folder, certificate) as port:
            rates, clocks = measured(folder, certificate, port)
    for kind, found in rates.items():
        print(f"reminders_{kind} {statistics.median(found):.0f} /s", flush=True)
        print(f"reminders_{kind}_by_the_clock {statistics.median(clocks[kind]):.0f} /s", flush=True)
    for one, other in (("default", "naive"), ("fast", "naive"), ("default", "node"), ("fast", "floor")):
        if rates[one] and rates.get(other):
            print(f"reminders_{one}_vs_{other} {_ratio(rates[one], rates[other]):.2f} ratio", flush=True)
    whole_path()


def measured(folder: Path, certificate: Path, port: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Messages per second of each sender (of its processor time, by the clock), in turns, so that all fare alike."""
    kinds = [kind for kind in COUNTS if kind != "node" or not missing()]
    if len(kinds) < len(COUNTS):
        print("Node's web-push could not be installed, so its figure is missing.", file=sys.stderr)
    world = _world(folder, port)
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    clocks: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind in kinds:
            file = folder / f"{kind}.json"
            file.write_text(json.dumps({**world, "count": COUNTS[kind]}))
            before = taken(port, certificate)
            worked, waited = _seconds(kind, file, certificate)
            rates[kind].append(COUNTS[kind] / worked)
            clocks[kind].append(COUNTS[kind] / waited)
            if kind != "floor" and taken(port, certificate) - before != COUNTS[kind]:
                raise SystemExit(f"{kind}: not every message arrived")
    return rates, clocks


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _world(folder: Path, port: int) -> dict:
    """Keys, phones and one payload, as long as every payload is."""
    ring = make_key_file(folder / "meantime.keys")
    phones = [PhoneKeys() for _ in range(PHONES)]
    payload = push.padded(rules.notification(wording.body(1, "en"), "c" * 22, "https://meantime.example.org"))
    pem = folder / "vapid.pem"
    pem.write_text(ring.push_private)
    return {
        "private": ring.push_private,
        "pem": str(pem),
        "vapid": {
            "subject": "mailto:operator@example.org",
            "publicKey": push_public_key(ring),
            "privateKey": _private(ring.push_private),
        },
        "hosts": [f"localhost:{port}"],
        "phones": [
            {"endpoint": f"https://localhost:{port}/{n}", "keys": {"p256dh": phone.p256dh, "auth": phone.auth}}
            for n, phone in enumerate(phones)
        ],
        "payload": payload.decode(),
    }


def _private(pem: str) -> str:
    number = load_pem_private_key(pem.encode(), None).private_numbers().private_value
    return b64(number.to_bytes(32, "big"))


def _seconds(kind: str, file: Path, certificate: Path) -> tuple[float, float]:
    if kind == "node":
        command = [str(NODE), str(FOLDER / "sender.cjs"), str(file)]
    else:
        command = [sys.executable, "-m", "tests.benchmarks.push_senders", kind, str(file)]
    trusted = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), str(certificate))
    done = subprocess.run(
        command, env={**os.environ, **trusted}, check=True, capture_output=True, text=True, timeout=300,
        preexec_fn=lambda: _on_core(0),
    )  # fmt: skip
    worked, waited = done.stdout.split()
    return float(worked), float(waited)


@contextmanager
def taker(folder: Path, certificate: Path):
    """The push service while it runs: its port."""
    port = free_port()
    script = Path(__file__).with_name("push_taker.cjs")
    command = [NODE, script, str(port), certificate, folder / "own.key"]
    running = subprocess.Popen(command, preexec_fn=lambda: _on_core(1))
    try:
        for _ in range(200):
            with suppress(OSError):
                taken(port, certificate)
                break
            time.sleep(0.05)
        yield port
    finally:
        running.kill()
        running.wait()


def taken(port: int, certificate: Path) -> int:
    """How many messages it took so far."""
    context = ssl.create_default_context(cafile=str(certificate))
    with urllib.request.urlopen(f"https://localhost:{port}/", context=context, timeout=20) as answer:
        return int(answer.read())


def _on_core(number: int) -> None:
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[number % len(cores)]})


if __name__ == "__main__":
    main()
