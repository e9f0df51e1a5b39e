"""The command line: what it answers, and with which exit code, where something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("command", [["run"], ["demo", "--data"]])
def test_an_office_file_that_is_wrong_is_told_in_one_line(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text("hour: x")
    data = [str(tmp_path)] if "--data" in command else []

    code, said, complained = bot(*command, *data, DATA_DIR=str(tmp_path))

    assert (code, said) == (2, "")
    assert complained.splitlines()[-1].startswith(f"{tmp_path}/office.yaml:1:1: ")
