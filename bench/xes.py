"""Whether a reader that is not ours opens our event log, and finds all of it there.

pm4py is no dependency of the project: put it into a place of its own, whose Python does the reading.

    python3 -m venv elsewhere && elsewhere/bin/pip install pm4py
    python -m bench.xes elsewhere/bin/python [RUNS]"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.exports import fill

READS = """
import sys, pm4py
log = pm4py.read_xes(sys.argv[1])
print(pm4py.__version__, log["case:concept:name"].nunique(), len(log), log["time:timestamp"].isna().sum())
"""


def main(reader: str, runs: int) -> None:
    """Write runs, let them be read, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        entries, target = fill(f"sqlite:///{folder}/pandu.db", runs), Path(folder) / "runs.xes"
        command = [sys.executable, "-m", "bot", "export", "runs", "--format", "xes", "-o", str(target)]
        subprocess.run(command, env=os.environ | {"DATA_DIR": folder}, check=True)
        read = subprocess.run([reader, "-c", READS, str(target)], stdout=subprocess.PIPE, text=True, check=True)
    version, cases, events, timeless = read.stdout.split()
    found = (int(cases), int(events), int(timeless))
    assert found == (runs, entries, 0), found
    print(f"pm4py {version} read {runs:,} runs with {entries:,} events, each with its moment; none is missing")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300)
