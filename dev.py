#!/usr/bin/env python3
"""Set up, try, test and check Pandu with nothing but Python 3.11 and pip.

python3 dev.py demo [ARGUMENT…]   start the bot on this machine alone; arguments go to `python -m bot demo`
python3 dev.py setup              only bring .venv up to date
python3 dev.py test [ARGUMENT…]   every check, then every test; arguments go to pytest
python3 dev.py check              the checks alone: lint, format, types, layers, SOP files
python3 dev.py lock [ARGUMENT…]   resolve the locks anew (needs uv); arguments go to `uv pip compile`
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

# This file must be readable by an older Python, or that one could not say what is wrong.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Pandu needs Python 3.11 or newer; this is {}.{}. Try: python3.11 dev.py".format(*sys.version_info))

ROOT = Path(__file__).resolve().parent
BASE = getattr(sys, "_base_executable", sys.executable)
"""The Python that the environment is made from: asked from inside it, it would be gone by then."""
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"

CHECKS: dict[str, list[str | Path]] = {
    "ruff check": [PYTHON, "-m", "ruff", "check"],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check"],
    "mypy": [PYTHON, "-m", "mypy"],
    "lint-imports": [VENV / "bin" / "lint-imports"],
    "bot check": [PYTHON, "-m", "bot", "check"],
}


def demo(arguments: list[str]) -> int:
    """Become the demo, so that signals and the exit code are its own."""
    setup([])
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "bot", "demo", *arguments])  # noqa: S606 - no shell is wanted


def setup(_arguments: list[str]) -> int:
    """Build .venv from the lock, unless it stands already. Ends the program where that fails."""
    key = _key()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == key:
        return 0
    print("Setting up .venv; this happens again only when the lock changes …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if not (_with_uv() if shutil.which("uv") else _with_pip()):
        sys.exit("The set-up failed, for the reason above. Once it is mended, the same command tries again.")
    STAMP.write_text(key)  # last, so that a set-up broken off is never taken for a whole one
    return 0


def check(_arguments: list[str]) -> int:
    """Run every check even if one fails, and name those that did."""
    setup([])
    failed = [name for name, command in CHECKS.items() if not _run(*command)]
    if failed:
        print("These checks failed:", ", ".join(failed), flush=True)
    return 1 if failed else 0


def test(arguments: list[str]) -> int:
    """Run the checks, then the tests; what they skip, as this machine lacks it, is listed with the reason."""
    failed = check([])
    workers = str((os.cpu_count() or 1) + 1)  # one more than can compute: many a test waits for a moment to pass
    passed = _run(PYTHON, "-m", "pytest", "-n", workers, "-rfEs", *arguments)
    return failed if passed else 1


def lock(arguments: list[str]) -> int:
    """Write both locks for every platform, without the address of any registry."""
    if not shutil.which("uv"):
        sys.exit("Only uv can resolve the locks: install it first.")
    compile_ = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    compile_ += ["--generate-hashes", "--no-header", "--no-annotate", "pyproject.toml", *arguments]
    runtime = _run(*compile_, "-o", LOCK.name)
    return 0 if runtime and _run(*compile_, "--group", "dev", "-c", LOCK.name, "-o", DEV_LOCK.name) else 1


def _key() -> str:
    # a virtual environment knows its place and its Python, so it is built anew where one of them changed
    place = "{} {}.{}".format(VENV, *sys.version_info[:2])
    return hashlib.sha256(DEV_LOCK.read_bytes() + place.encode()).hexdigest()


def _with_uv() -> bool:
    install = ["uv", "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(DEV_LOCK)]
    return _fetch("uv", "venv", "--quiet", "--python", BASE, VENV) and _fetch(*install)


def _with_pip() -> bool:
    # Debian ships venv without ensurepip, and a pip that must not touch the system: that pip can fill ours from outside
    install = [BASE, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "--no-input"]
    install += ["--disable-pip-version-check", "--root-user-action=ignore", "--require-hashes", "-r", str(DEV_LOCK)]
    return _fetch(BASE, "-m", "venv", "--without-pip", VENV) and _fetch(*install)


def _fetch(*command: str | Path) -> bool:
    process = subprocess.Popen(command, cwd=ROOT, process_group=0)
    try:
        return process.wait() == 0
    except KeyboardInterrupt:
        # in a group of its own it did not hear Ctrl-C, which pip would answer with a traceback
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise


def _run(*command: str | Path) -> bool:
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        return process.wait() == 0
    except KeyboardInterrupt:
        process.wait()  # Ctrl-C reached it too: let it put its things away
        raise


def main(command: str = "", *arguments: str) -> int:
    """Do one command. Returns the exit code: 0 done, 1 failed, 2 not understood, 130 interrupted."""
    commands = {"demo": demo, "setup": setup, "test": test, "check": check, "lock": lock}
    if command not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return commands[command](list(arguments))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
