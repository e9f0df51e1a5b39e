"""The command line. What a command needs is imported inside it, so that --help is quick."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Pandu walks staff through an SOP in Telegram, step by step. Its settings are explained in .env.example.",
)


def _fail(line: str, code: int = 2) -> typer.Exit:
    print(line, file=sys.stderr)
    return typer.Exit(code)


@contextlib.contextmanager
def _facts(url: str) -> Iterator["Connection"]:
    """The database, to be read and never written. What cannot be read is told in one line."""
    from sqlalchemy.exc import DBAPIError

    from bot.storage.database import read_only

    try:
        with read_only(url).connect() as connection:
            yield connection
    except DBAPIError as error:
        raise _fail(f"The database cannot be read: {str(error.orig).splitlines()[0]}") from None


@contextlib.contextmanager
def _written_to(file: Path | None) -> Iterator[TextIO]:
    """The file, standard output where none is named. What cannot be written to is told in one line."""
    if file is None:
        yield sys.stdout
        return
    try:
        with file.open("w", encoding="utf-8", newline="") as stream:
            yield stream
    except OSError as error:
        raise _fail(f"{file} cannot be written to: {error.strerror}") from None


@app.command()
def run() -> None:
    """The bot against real Telegram. SIGTERM finishes what is under way, then exits 0."""
    import asyncio

    from bot.settings import Settings, WrongSetting

    try:
        settings = Settings.read()
        _ = settings.token  # without one there is no use in beginning
    except WrongSetting as wrong:
        raise _fail(str(wrong)) from None
    from bot import logs
    from bot.app import WrongFile, serve
    from bot.storage.lock import Held

    logs.configure(settings.log_format)
    try:
        asyncio.run(serve(settings))
    except Held as held:
        raise _fail(f"The database is held by {held}: stop that one first", 75) from None
    except (WrongSetting, WrongFile) as wrong:
        raise _fail(str(wrong)) from None


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="where the page is served")] = 8000,
    host: Annotated[str, typer.Option(help="who may reach it; this machine alone by default")] = "127.0.0.1",
    data: Annotated[Path, typer.Option(help="where the demo keeps its database")] = Path("data/demo"),
) -> None:
    """The bot on this machine alone, with a Telegram of its own and four phones in a page. No token, no network."""
    import asyncio

    from bot import logs
    from bot.settings import Settings, WrongSetting

    try:
        settings = Settings.read()
    except WrongSetting as wrong:
        raise _fail(str(wrong)) from None
    from bot.app import WrongFile
    from bot.demo import serve
    from bot.storage.lock import Held

    logs.configure("console")
    try:
        asyncio.run(serve(settings, host, port, data))
    except Held as held:
        raise _fail(f"{data} is held by {held}: stop that one first, or name another folder with --data", 75) from None
    except (WrongSetting, WrongFile) as wrong:
        raise _fail(str(wrong)) from None


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="files or folders; the SOPs and office.yaml by default")
    ] = None,
) -> None:
    """Validate SOP files and office.yaml: one line a problem, with file, line and column."""
    from bot.library.judge import Judge
    from bot.library.office import NAME
    from bot.settings import Settings, WrongSetting
    from bot.views.words import Words

    try:
        settings = Settings.read()
        office = settings.data_dir / NAME
        judge = Judge(settings.sops_dir, office, settings.office_timezone)
        problems = judge.problems(paths or [settings.procedures, *([office] if office.exists() else [])])
    except WrongSetting as wrong:
        raise _fail(str(wrong)) from None
    words = Words(settings.office_language, settings.office_timezone)
    for problem in problems:
        print(problem.line_of_text(words))
    if any(not problem.warning for problem in problems):
        raise typer.Exit(1)


@app.command()
def export(
    what: Annotated[str, typer.Argument(help="runs, deviations, reports or audit")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, jsonl or, for runs, xes")] = "csv",
    output: Annotated[Path | None, typer.Option("-o", help="a file, else standard output")] = None,
    names: Annotated[bool, typer.Option(help="persons by name instead of by pseudonym")] = False,
) -> None:
    """Write out what happened, to be read by other programs."""
    from bot.settings import Settings, WrongSetting
    from bot.storage import export as exporting

    try:
        settings = Settings.read()
    except WrongSetting as wrong:
        raise _fail(str(wrong)) from None
    if (what, form) not in exporting.OFFERED:
        known = "; ".join(f"{one} as {', '.join(forms)}" for one, forms in exporting.FORMS.items())
        raise _fail(f"{what} cannot be exported as {form}: choose from {known}")
    with _facts(settings.database_url) as connection, _written_to(output) as stream:
        exporting.write(connection, what, form, stream, names=names)


@app.command()
def verify(
    anchors: Annotated[
        Path | None, typer.Option(help="anchors that were kept elsewhere: a copy of anchors.log, or messages as text")
    ] = None,
) -> None:
    """Check the chain of the journal, and what tables tell beside it; names the first broken entry."""
    from bot.settings import Settings, WrongSetting
    from bot.storage import anchors as kept
    from bot.storage import audit

    try:
        settings = Settings.read()
        files = [anchors] if anchors else [file for file in [settings.data_dir / kept.FILE] if file.exists()]
        known = [one for file in files for one in kept.read(file.read_text("utf-8"))]
    except WrongSetting as wrong:
        raise _fail(str(wrong)) from None
    except OSError as error:
        raise _fail(f"{anchors} cannot be read: {error.strerror}") from None
    with _facts(settings.database_url) as connection:
        found = audit.verify(connection, [*known, *(one.anchor for one in kept.kept(connection))])
        broken = found.broken or audit.agree(connection)
    if broken is not None:
        raise _fail(f"Entry {broken.seq} is broken: {broken.what}. {found.entries} entries from the first on hold.", 1)
    print(f"{found.entries} entries hold, {found.erased} of their texts were erased. The last hash is {found.head}.")


if __name__ == "__main__":
    app()
