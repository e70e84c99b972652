"""One process of the country's burst: plans everything, or sends what is due. Prints what it took, as JSON."""

import json
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from server import create_app, dispatching, worker
from server.config import Config
from server.reminders.senders.own import push_sender
from server.sealing import ring


def main(what: str, moment: str) -> None:
    """`plan` at a moment, or `send` what is due at it. Says when it is ready, and begins when it is told to."""
    app = create_app(Config.from_env())
    with app.app_context():
        worker.quieten()
        print("ready", flush=True)
        starts = float(sys.stdin.readline())  # the same for all, by the machine's clock
        cpu, began = time.process_time(), time.time()
        done = _plan(moment) if what == "plan" else _send(app, moment, starts)
        took = {"done": done, "cpu": time.process_time() - cpu, "took": time.time() - began}
        print(json.dumps({**took, "megabytes": _peak()}))


def _plan(moment: str) -> int:
    return dispatching.plan(datetime.fromisoformat(moment))


def _send(app, moment: str, starts: float) -> int:
    """As the jobs of a worker do, without the queue between them: until nothing is due any more."""
    sender = push_sender(app.config["MEANTIME"], ring().push_private)
    sender.authorities = os.environ["SSL_CERT_FILE"]
    sent = 0
    while True:
        now = datetime.fromisoformat(moment) + timedelta(seconds=time.time() - starts)
        counts = dispatching.dispatch(now, sender, most=5000)
        sent += counts["sent"]
        if not counts["sent"]:
            return sent


def _peak() -> int:
    # Of this program alone: what getrusage says is also that of the process which started it.
    held = Path("/proc/self/status").read_text()
    return int(held.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
