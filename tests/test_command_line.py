"""The command line: what it answers, and with which exit code, where something is wrong."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage.lock import lock_of
from bot.storage.migrate import upgrade

ROOT = Path(__file__).parents[1]


def bot(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """The exit code of a command, what it says, and what it complains of."""
    known = {"PATH": os.environ["PATH"], "TELEGRAM_BOT_TOKEN": "123456789:" + "x" * 35} | environment
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=ROOT, env=known, capture_output=True, text=True
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_the_shipped_files_are_sound() -> None:
    assert bot("check") == (0, "", "")


def test_check_judges_the_offices_file_too(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text("hour: x")

    code, said, complained = bot("check", DATA_DIR=str(tmp_path), OFFICE_LANGUAGE="en")

    assert (code, complained) == (1, "")
    assert said.splitlines()[-1] == f"{tmp_path}/office.yaml:1:1: `hour` does not belong here. Did you mean hours?"


def test_check_speaks_the_offices_language(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("")

    assert bot("check", str(tmp_path)) == (1, f"{tmp_path}/a.yaml:1:1: Berkas kosong.\n", "")


@pytest.mark.parametrize("command", ["check", "run", "demo"])
def test_a_folder_of_sops_that_is_not_there_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    missing = tmp_path / "none"

    code, said, complained = bot(command, SOPS_DIR=str(missing), DATA_DIR=str(tmp_path))

    assert (code, said) == (2, "")
    assert complained == (
        f"SOPS_DIR is {missing}, but there is no such folder: make it and put the SOP files there, "
        "or name the right one in .env\n"
    )


@pytest.mark.parametrize("name", ["DATA_DIR", "--data"])
def test_a_folder_that_cannot_be_written_to_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    command, data = (["run"], {"DATA_DIR": str(file)}) if name == "DATA_DIR" else (["demo", "--data", str(file)], {})

    code, said, complained = bot(*command, **data)

    assert (code, said) == (2, "")
    assert complained == f"{name} is {file}, where nothing can be kept (File exists): name another folder\n"


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_a_port_that_is_taken_is_told_in_one_line_before_anything_begins(host: str, shown: str, tmp_path: Path) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        port = taken.getsockname()[1]

        code, said, complained = bot("demo", "--host", host, "--port", str(port), "--data", str(tmp_path / "demo"))

    assert (code, said) == (2, "")
    assert complained == (
        f"The page cannot be served at {host}:{port} (Address already in use): where a demo runs there already, "
        f"open http://{shown}:{port}, else choose another --port\n"
    )
    assert list((tmp_path / "demo").iterdir()) == []


def test_a_second_demo_on_the_same_folder_says_who_holds_it(tmp_path: Path) -> None:
    lock = lock_of(f"sqlite:///{tmp_path}/pandu.db")
    code, said, complained = bot("demo", "--port", str(_free()), "--data", str(tmp_path))
    lock.release()

    assert (code, said) == (75, "")
    assert complained == (
        f"{tmp_path} is held by process {os.getpid()} on {socket.gethostname()}: "
        "stop that one first, or name another folder with --data\n"
    )


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.mark.parametrize("command", [["run"], ["demo", "--data"]])
def test_an_office_file_that_is_wrong_is_told_in_one_line(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text("hour: x")
    data = [str(tmp_path)] if "--data" in command else []

    code, said, complained = bot(*command, *data, DATA_DIR=str(tmp_path))

    assert (code, said) == (2, "")
    assert complained.splitlines()[-1].startswith(f"{tmp_path}/office.yaml:1:1: ")


@pytest.mark.parametrize("command", [["verify"], ["export", "runs"]])
def test_a_database_that_is_not_there_is_told_in_one_line(command: list[str], tmp_path: Path) -> None:
    code, said, complained = bot(*command, DATA_DIR=str(tmp_path))

    assert (code, said) == (2, "")
    assert complained == "The database cannot be read: unable to open database file\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'pandu.db'}", datetime(2026, 11, 24, tzinfo=UTC))
    output = tmp_path / "none" / "runs.csv"

    code, said, complained = bot("export", "runs", "-o", str(output), DATA_DIR=str(tmp_path))

    assert (code, said) == (2, "")
    assert complained == f"{output} cannot be written to: No such file or directory\n"
