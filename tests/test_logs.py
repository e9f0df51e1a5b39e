"""Logs: one line an event, nothing forged in it, and no way of logging that shows the token."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args
from urllib.parse import quote

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.logs import TALKATIVE, configure, redact
from bot.settings import LogFormat, Settings

ROOT = Path(__file__).parents[1]
SECRET = "AAHnot-a-real-token_but-shaped-like-1"
TOKEN = f"123456789:{SECRET}"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/getMe"
LIBRARY = logging.getLogger("some.library")
log = structlog.get_logger()


@pytest.fixture(params=get_args(LogFormat))
def logged(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[io.StringIO]:
    """What is logged, in each format, down to the last detail; afterwards logging is as it was."""
    root, told = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    root.handlers = []  # else they would be closed
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "stderr", told)
    # pytest listens too, and would raise what we want to see survived
    monkeypatch.setattr(type(caplog.handler), "handleError", lambda *_: None)
    configure(request.param)
    root.setLevel(logging.DEBUG)

    yield told

    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers = handlers
    root.setLevel(level)


def fail(text: str) -> None:
    raise ValueError(text)


@pytest.mark.parametrize("logged", ["json"], indirect=True)
def test_an_event_is_one_line_with_its_action_its_ids_and_what_it_belongs_to(logged: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(update=7)
    log.info("run.moved", run=3, visit=2)

    line = json.loads(logged.getvalue())

    assert line.pop("timestamp").endswith("Z")
    assert line == {"level": "info", "action": "run.moved", "run": 3, "visit": 2, "update": 7}


@pytest.mark.parametrize("logged", ["json"], indirect=True)
def test_a_library_acts_under_the_name_of_its_logger(logged: io.StringIO) -> None:
    LIBRARY.warning("no answer for %d s", 30)

    line = json.loads(logged.getvalue())

    assert (line["action"], line["level"], line["message"]) == ("some.library", "warning", "no answer for 30 s")


@pytest.mark.parametrize("logged", ["console"], indirect=True)
def test_a_line_for_eyes_reads_from_left_to_right(logged: io.StringIO) -> None:
    log.warning("letter.dead", letter=12, why="chat not found")

    assert logged.getvalue().split("Z ", 1)[1] == "warning  letter.dead letter=12 why='chat not found'\n"


@pytest.mark.parametrize("logged", ["console"], indirect=True)
def test_a_traceback_for_eyes_stands_indented_below_its_line(logged: io.StringIO) -> None:
    _exception("no answer")

    head, *trace = logged.getvalue().splitlines()

    assert head.endswith("error    a.b")
    assert trace[-1] == "    ValueError: no answer"
    assert all(line.startswith("    ") for line in trace)


def _ours(text: str) -> None:
    log.info("a.b", url=text)


def _action(text: str) -> None:
    log.info(text)


def _positional(text: str) -> None:
    log.info("a.b %s", text)


def _context(text: str) -> None:
    structlog.contextvars.bind_contextvars(url=text)
    log.info("a.b")


def _nested(text: str) -> None:
    log.info("a.b", tried=[{"url": text, "body": text.encode()}])


def _object(text: str) -> None:
    log.info("a.b", error=ValueError(text))


def _exception(text: str) -> None:
    try:
        fail(text)
    except ValueError:
        log.exception("a.b")


def _library(text: str) -> None:
    LIBRARY.info(text)


def _library_argument(text: str) -> None:
    LIBRARY.debug("called %s with %s", text, {"url": text})


def _library_extra(text: str) -> None:
    LIBRARY.info("called", extra={"url": text})


def _library_exception(text: str) -> None:
    try:
        fail(text)
    except ValueError as error:
        LIBRARY.error("failed: %r", error, exc_info=True, stack_info=True)


def _library_cause(text: str) -> None:
    try:
        try:
            fail(text)
        except ValueError as error:
            raise RuntimeError("no more") from error
    except RuntimeError:
        LIBRARY.exception("failed")


def _library_mistake(text: str) -> None:
    LIBRARY.info("%d calls", text)


def _crash(text: str) -> None:
    try:
        fail(text)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


WAYS = [
    *(_ours, _action, _positional, _context, _nested, _object, _exception),
    *(_library, _library_argument, _library_extra, _library_exception, _library_cause, _library_mistake),
    _crash,
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", [TOKEN, ADDRESS, quote(ADDRESS, safe=""), quote(quote(ADDRESS, safe=""), safe="")])
def test_no_way_of_logging_shows_the_token(logged: io.StringIO, way: Callable[[str], None], text: str) -> None:
    way(text)

    assert logged.getvalue(), "something was logged"
    assert SECRET not in logged.getvalue()


def test_settings_in_a_log_show_no_token(logged: io.StringIO) -> None:
    log.info("started", settings=Settings(telegram_bot_token=SecretStr(TOKEN)))

    assert "started" in logged.getvalue()
    assert SECRET not in logged.getvalue()


@given(before=st.text(), bot=st.from_regex("[1-9][0-9]{5,11}", fullmatch=True), after=st.text())
def test_a_token_is_found_wherever_it_stands(before: str, bot: str, after: str) -> None:
    assert SECRET not in redact(f"{before}{bot}:{SECRET}{after}")


@pytest.mark.parametrize("text", ["12:34:56", "run 123456: done", "sha256:" + "a" * 64, "https://db:5432/" + "x" * 40])
def test_what_is_no_token_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_nothing_from_outside_begins_a_line_of_its_own(
    logged: io.StringIO, way: Callable[[str], None], ending: str
) -> None:
    way(f"hello{ending}2026-11-24T00:00:00Z info forged")

    assert not [line for line in logged.getvalue().splitlines() if line.startswith("2026-11-24T00:00:00Z")]


def test_nothing_from_outside_steers_the_terminal(logged: io.StringIO) -> None:
    for way in WAYS:
        way("\x1b[2J\x9b2J\x07")

    assert not set("\x1b\x9b\x07") & set(logged.getvalue())


def test_a_line_that_cannot_be_written_tells_where_it_comes_from(logged: io.StringIO) -> None:
    _library_mistake(TOKEN)

    assert "log.broken" in logged.getvalue()
    assert Path(__file__).name in logged.getvalue()


def test_a_closed_stream_stops_nobody(logged: io.StringIO) -> None:
    logged.close()

    log.info("a.b")


def test_talkative_libraries_are_heard_only_when_something_is_wrong(logged: io.StringIO) -> None:
    for name in TALKATIVE:
        logging.getLogger(name).info("called")
    assert logged.getvalue() == ""

    for name in TALKATIVE:
        logging.getLogger(name).warning("failed")
    assert logged.getvalue().count("failed") == len(TALKATIVE)


def test_ctrl_c_is_no_crash(logged: io.StringIO) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert logged.getvalue() == ""


def test_a_program_speaks_to_standard_error_alone_and_keeps_the_token_to_itself_to_its_end() -> None:
    program = f"""
import bot.logs, structlog, warnings
bot.logs.configure("console")
structlog.get_logger().info("a.b")
warnings.warn("{TOKEN}")
raise ValueError("{TOKEN}")
"""

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert [line.split()[2] for line in ended.stderr.splitlines() if line[0] != " "] == [
        "a.b",
        "py.warnings",
        "crashed",
    ]
    assert SECRET not in ended.stderr


def test_what_the_database_tells_of_a_row_stays_out(logged: io.StringIO) -> None:
    row = 'duplicate key value\nDETAIL:  Key (name)=(Siti\n"081234") already exists.\n[SQL: INSERT INTO person]'
    try:
        fail(row)
    except ValueError:
        log.exception("update.failed", error=row)

    told = logged.getvalue()
    assert "Siti" not in told
    assert "081234" not in told
    assert "INSERT INTO person" in told
