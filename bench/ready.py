"""How soon the bot is ready, and what it holds at rest: the median of five starts."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

STARTS = 5
REST = 3.0
"""Seconds after which it is at rest."""


def start(port: int) -> tuple[float, float]:
    """Seconds until the demo answers, and MB that it holds at rest."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--data", data]
        began = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("Pandu: http"):
                    break
            ready = time.monotonic() - began
            time.sleep(REST)
            held = resident(process.pid)
            process.terminate()
    return ready, held


def resident(pid: int) -> float:
    """The resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


if __name__ == "__main__":
    seconds, megabytes = zip(*(start(8700 + number) for number in range(STARTS)), strict=True)
    print(f"ready in {median(seconds):.1f} s, {median(megabytes):.0f} MB at rest (median of {STARTS})")
