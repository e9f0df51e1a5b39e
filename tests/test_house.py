"""The house: locks that hold, a set-up that repeats nothing, a server for the tests that leaves nothing behind."""

import ast
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sqlalchemy import NullPool, create_engine, make_url, text

from bot.settings import Settings
from tests.postgres import NoPostgres, Postgres, find_binaries, why_none

ROOT = Path(__file__).parents[1]
RUNTIME, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME_NEEDS = PROJECT["project"]["dependencies"]
DEV_NEEDS = RUNTIME_NEEDS + PROJECT["dependency-groups"]["dev"]


def pins(lock: Path) -> dict[str, str]:
    """The version that a lock gives each package."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", [RUNTIME, DEV])
def test_a_lock_knows_every_package_by_its_hash_and_no_registry_by_its_name(lock: Path) -> None:
    packages = re.split(r"\n(?=\w)", lock.read_text())

    assert len(packages) == len(pins(lock))
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in lock.read_text()


@pytest.mark.parametrize(("lock", "needs"), [(RUNTIME, RUNTIME_NEEDS), (DEV, DEV_NEEDS)])
def test_a_lock_holds_whatever_the_project_asks_for(lock: Path, needs: list[str]) -> None:
    pinned = pins(lock)

    for need in map(Requirement, needs):
        version = pinned.get(canonicalize_name(need.name))
        assert version, f"{lock.name} lacks {need.name}: run python3 dev.py lock"
        assert version in need.specifier, f"{lock.name} has {need.name} {version}: run python3 dev.py lock"


def test_what_runs_in_the_office_is_what_was_tested() -> None:
    assert pins(RUNTIME).items() <= pins(DEV).items()


def test_the_example_names_every_setting_and_changes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = (ROOT / ".env.example").read_text()
    named = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    for name in named:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text(example)

    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)
    assert Settings.read() == Settings()


def test_an_old_python_can_read_what_is_wrong_with_it() -> None:
    ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 6))


TOOL = """#!/bin/sh
asked="${0##*/} $*"
echo "$asked" >>"$DIARY"
case "$asked" in
    *"$BROKEN"*) exit 1 ;;
    "uv venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && cp "$0" .venv/bin/lint-imports ;;
esac
"""


class House:
    """dev.py in a folder of its own, where uv and all that it installs only write down what they are asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dev = shutil.copy(ROOT / "dev.py", folder)
        self.lock = folder / "requirements-dev.lock"
        self.lock.write_text("one==1")
        self._diary = folder / "diary"
        self._environment = monkeypatch
        uv = folder / "tools" / "uv"
        uv.parent.mkdir()
        uv.write_text(TOOL)
        uv.chmod(0o755)
        monkeypatch.setenv("PATH", str(uv.parent), prepend=":")
        monkeypatch.setenv("DIARY", str(self._diary))
        self.breaks("nothing")

    def breaks(self, command: str) -> None:
        """From now on every command fails that has these words in it."""
        self._environment.setenv("BROKEN", command)

    def runs(self, *arguments: str) -> tuple[int, list[str]]:
        """The exit code of dev.py, and what the tools were asked."""
        self._diary.write_text("")
        ended = subprocess.run([sys.executable, self.dev, *arguments], capture_output=True, cwd="/")
        return ended.returncode, self._diary.read_text().splitlines()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house where nothing has been done yet."""
    return House(tmp_path, monkeypatch)


def test_a_set_up_that_stands_is_left_alone(house: House) -> None:
    first, second = house.runs("setup"), house.runs("setup")

    assert [line.split(" --")[0] for line in first[1]] == ["uv venv", "uv pip install"]
    assert second == (0, [])


def test_a_changed_lock_is_set_up_anew(house: House) -> None:
    first = house.runs("setup")
    house.lock.write_text("one==2")

    assert house.runs("setup") == first


def test_a_set_up_that_broke_off_is_done_again(house: House) -> None:
    house.breaks("pip install")
    assert house.runs("setup")[0] == 1

    house.breaks("nothing")
    assert house.runs("setup")[1] != []


def test_the_demo_is_handed_its_arguments(house: House) -> None:
    house.runs("setup")

    assert house.runs("demo", "--port", "8000") == (0, ["python -m bot demo --port 8000"])


def test_pytest_comes_last_and_is_handed_its_arguments(house: House) -> None:
    house.runs("setup")

    code, asked = house.runs("test", "tests/engine", "-x")

    assert code == 0
    assert asked == [
        "python -m ruff check",
        "python -m ruff format --check",
        "python -m mypy",
        "lint-imports ",
        "python -m bot check",
        f"python -m pytest -n {(os.cpu_count() or 1) + 1} -rfEs tests/engine -x",
    ]


@pytest.mark.parametrize("what", ["ruff check", "ruff format", "mypy", "lint-imports", "bot check", "pytest"])
def test_whatever_fails_the_rest_is_run_and_the_whole_fails(house: House, what: str) -> None:
    house.runs("setup")
    house.breaks(what)

    code, asked = house.runs("test")

    assert code == 1
    assert len(asked) == 6


def test_what_is_not_understood_is_answered_with_the_commands() -> None:
    ended = subprocess.run([sys.executable, ROOT / "dev.py", "tets"], capture_output=True, text=True)

    assert ended.returncode == 2
    assert "python3 dev.py test" in ended.stderr


def test_a_skip_in_ci_is_a_failure_that_tells_its_reason(tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text("import pytest\ndef test_it(): pytest.skip('no browser')")
    (tmp_path / "test_skipped.py").write_text("import pytest\npytest.importorskip('no_such_module')")
    (tmp_path / "test_runs.py").write_text("def test_it(): pass")
    pytest_ = [sys.executable, "-m", "pytest", "-p", "tests.plugin_ci", "--continue-on-collection-errors"]

    ended = subprocess.run([*pytest_, "-c", "/dev/null", tmp_path], capture_output=True, text=True, cwd=ROOT)

    assert ended.returncode == 1
    assert "In CI nothing may be skipped. Skipped: no browser" in ended.stdout
    assert "1 failed, 1 passed, 1 error" in ended.stdout


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A running server."""
    postgres = Postgres()
    try:
        postgres.start()
    except NoPostgres as reason:
        pytest.skip(str(reason))
    yield postgres
    postgres.stop()


def sql(url: str, statement: str) -> list[tuple[object, ...]]:
    """What one statement finds in a database."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        found = connection.execute(text(statement))
        return [tuple(row) for row in found] if found.returns_rows else []


def test_a_new_database_is_a_copy_of_its_template_and_shares_nothing_with_it(server: Postgres) -> None:
    template = server.new_database()
    sql(template, "CREATE TABLE office AS SELECT 1 AS id")

    copy = server.new_database(template)
    sql(copy, "INSERT INTO office VALUES (2)")

    assert sql(copy, "SELECT id FROM office ORDER BY id") == [(1,), (2,)]
    assert sql(template, "SELECT id FROM office") == [(1,)]


def test_a_lent_database_comes_back_as_new_and_one_that_was_rebuilt_does_not_come_back(server: Postgres) -> None:
    template = server.new_database()
    sql(template, "CREATE TABLE office (id int GENERATED ALWAYS AS IDENTITY, name text)")
    sql(template, "INSERT INTO office (name) VALUES ('Berau')")
    lent = server.lend(template)
    sql(lent, "UPDATE office SET name = 'Kutai'")
    sql(lent, "INSERT INTO office (name) VALUES ('x')")
    assert server.holds(lent, "Kutai")

    server.take_back(lent)
    again = server.lend(template)
    assert again == lent
    assert sql(again, "SELECT id, name FROM office") == [(1, "Berau")]
    sql(again, "INSERT INTO office (name) VALUES ('y')")
    assert sql(again, "SELECT id FROM office ORDER BY id") == [(1,), (2,)]

    sql(again, "ALTER TABLE office ADD COLUMN more int")
    server.take_back(again)
    fresh = server.lend(template)
    assert fresh != lent
    assert sql(fresh, "SELECT * FROM office") == [(1, "Berau")]


def test_a_stopped_server_leaves_nothing_behind(server: Postgres) -> None:
    other = Postgres()
    other.start()
    home = home_of(other.new_database())
    assert home.exists()

    other.stop()

    assert not home.exists()


def test_a_server_goes_with_the_tests_that_were_killed(server: Postgres) -> None:
    program = """
import os, signal
from tests.postgres import Postgres
postgres = Postgres()
postgres.start()
print(postgres.new_database(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    home = home_of(killed.stdout.strip())

    for _ in range(200):
        if not home.exists():
            return
        time.sleep(0.05)
    pytest.fail(f"{home} is still there")


def home_of(url: str) -> Path:
    """The folder of the server that a database belongs to."""
    return Path(str(make_url(url).query["host"]))


def test_where_there_is_no_server_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))

    assert find_binaries() is None
    assert str(tmp_path) in why_none()
    with pytest.raises(NoPostgres, match="PG_BINDIR"):
        Postgres().start()
