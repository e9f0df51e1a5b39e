"""What the bot says about itself: one line an event, an action and its ids, never a person's words, never the token."""

import contextlib
import logging
import re
import sys
from types import TracebackType
from typing import TextIO, assert_never

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.settings import LogFormat

TALKATIVE = ("aiohttp.access", "alembic", "apscheduler", "httpcore", "httpx")
"""Loggers that tell of every call, tick and start, some with the address that the token is part of."""

_TOKEN = re.compile(r"(?<!\d)\d{6,}(?::|%(?:25)*3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
"""A token anywhere, also right after `bot` in an address, and with its colon percent-encoded, once or again."""

_ROW = re.compile(r"(?s)DETAIL: .*?(?=\n\s*(?:\[SQL|\(Background|The above|During|Traceback)|\Z)")
"""What PostgreSQL adds to an error: the values of a row, which may be a person's words."""

_ESCAPED = {code: repr(chr(code))[1:-1] for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}
"""Characters that could begin a line of their own or steer the terminal, which a value from outside must not."""

_BEGINNING: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(log_format: LogFormat) -> None:
    """Send what we, the libraries and a crash say to standard error, and to nowhere else.

    `console` is for eyes: a traceback stands indented below its line. `json` is for machines: one object a line with
    `timestamp` (ISO 8601, UTC), `level`, `action` and what else is known. A library's action is its logger's name."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_BEGINNING, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = _Handler(sys.stderr)
    handler.setFormatter(formatter(log_format))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.captureWarnings(capture=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _tell_crash


def redact(text: str) -> str:
    """The text with every bot token in it blacked out."""
    return _TOKEN.sub("<token>", text)


class _Formatter(ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        """Redact last, where arguments, context, tracebacks and the words of libraries have become one text."""
        return redact(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Tell which line of code cannot be logged. The library's own way would print its arguments, token and all."""
        where = logging.LogRecord("log.broken", logging.ERROR, "", 0, f"{record.pathname}:{record.lineno}", None, None)
        with contextlib.suppress(OSError, ValueError):  # the stream itself may be what is broken
            self.stream.write(self.format(where) + self.terminator)


def formatter(log_format: LogFormat) -> ProcessorFormatter:
    """What makes a record into a line, without the token."""
    return _Formatter(
        foreign_pre_chain=[*_BEGINNING, _named_by_its_logger],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _without_rows,
            structlog.processors.EventRenamer("action"),
            _renderer(log_format),
        ],
    )


def _renderer(log_format: LogFormat) -> Processor:
    match log_format:
        case "console":
            return _for_eyes
        case "json":
            return structlog.processors.JSONRenderer()
        case _:
            assert_never(log_format)


def _for_eyes(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    trace = event.pop("exception", "")
    head = f"{event.pop('timestamp')} {event.pop('level'):8} {event.pop('action')}"
    known = "".join(f" {name}={value!r}" for name, value in event.items())
    return "\n    ".join(line.translate(_ESCAPED) for line in (head + known, *trace.splitlines()))


def _without_rows(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {
        name: _ROW.sub("DETAIL: <row>", value) if isinstance(value, str) else value for name, value in event.items()
    }


def _named_by_its_logger(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["message"] = event["event"]
    event["event"] = event["_record"].name
    return event


def _tell_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):  # Ctrl-C is a wish, not a crash
        structlog.get_logger().critical("crashed", exc_info=(kind, error, trace))
