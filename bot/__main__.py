"""The command line. What a command needs is imported inside it, so that --help is quick."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.settings import Settings
    from bot.storage.anchors import Anchor

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
    what: Annotated[str, typer.Argument(help="runs, deviations, reports, reviews or audit")],
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
    again = _recurrence_days(settings)
    with _facts(settings.database_url) as connection, _written_to(output) as stream:
        _journalled(settings, what, form, names=names)
        exporting.write(connection, what, form, stream, names=names, again=again)


def _recurrence_days(settings: "Settings") -> int:
    """Within how many days an equal deviation is a recurrence in this office."""
    from bot.library.office import NAME, load_office
    from bot.views.words import Words

    office, problems = load_office(settings.data_dir / NAME, settings.office_timezone)
    if office is None:
        raise _fail(problems[0].line_of_text(Words(settings.office_language, settings.office_timezone)))
    return office.departures.again


def _journalled(settings: "Settings", what: str, form: str, *, names: bool) -> None:
    """Whoever has the server may take out everything, and the journal tells that they did."""
    from datetime import UTC, datetime

    from bot.storage import notes

    try:
        notes.leave(settings.database_url, settings.data_dir, datetime.now(UTC), what, form, names=names)
    except OSError as error:
        raise _fail(f"{settings.data_dir} takes no note of it, so nothing is taken out: {error.strerror}") from None


@app.command()
def verify(
    anchors: Annotated[
        Path | None, typer.Option(help="anchors that were kept elsewhere: a copy of anchors.log, or messages as text")
    ] = None,
) -> None:
    """Check the chain of the journal, and what tables tell beside it; names the first broken entry."""
    from bot.settings import Settings, WrongSetting
    from bot.storage import anchors as kept

    try:
        settings = Settings.read()
        files = [anchors] if anchors else [file for file in [settings.data_dir / kept.FILE] if file.exists()]
        known = [one for file in files for one in kept.read(file.read_text("utf-8"))]
    except WrongSetting as wrong:
        raise _fail(str(wrong)) from None
    except OSError as error:
        raise _fail(f"{anchors} cannot be read: {error.strerror}") from None
    with _facts(settings.database_url) as connection:
        print(_whole(connection, known))


def _whole(connection: "Connection", anchors: "Sequence[Anchor]") -> str:
    """That the journal is whole, with the anchors that the database has too. What is not ends the command, exit 1."""
    from bot.storage import audit
    from bot.storage.anchors import kept

    found = audit.verify(connection, [*anchors, *(one.anchor for one in kept(connection))])
    broken = found.broken or audit.agree(connection)
    if broken is not None:
        raise _fail(f"Entry {broken.seq} is broken: {broken.what}. {found.entries} entries from the first on hold.", 1)
    erased = f"the words of {found.erased} were erased, {found.ordered} of them on order"
    return f"{found.entries} entries hold; {erased}. The last hash is {found.head}."


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="where to; what is there is replaced")]) -> None:
    """The whole state in one file, while the bot runs: database, files, settings, SOPs.

    It holds names: keep it well."""
    from datetime import UTC, datetime

    from bot.settings import Settings, WrongSetting
    from bot.storage import backup as copy

    try:
        settings = Settings.read()
        places = copy.Places(settings.database_url, settings.data_dir, settings.procedures)
    except WrongSetting as wrong:
        raise _fail(str(wrong)) from None
    with _facts(settings.database_url) as connection:
        _journalled(settings, "backup", "zip", names=True)
        try:
            made = copy.write(connection, places, file, datetime.now(UTC))
        except OSError as error:
            raise _fail(f"{file} cannot be written to: {error.strerror}") from None
        print(f"{file} has everything up to entry {made.seq}, and {made.files} files; {made.missing} were not found.")
        print(_whole(connection, ()))


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="what `backup` wrote")]) -> None:
    """Put a backup into an empty place: another machine, another folder, or a PostgreSQL in place of SQLite."""
    from datetime import UTC, datetime

    from sqlalchemy.exc import DBAPIError

    from bot.settings import Settings, WrongSetting, writable
    from bot.storage import backup as copy
    from bot.storage.lock import Held, lock_of

    try:
        settings = Settings.read()
        places = copy.Places(settings.database_url, writable(settings.data_dir, "DATA_DIR"), settings.sops_dir)
        lock = lock_of(settings.database_url)
        made = copy.restore(file, places, datetime.now(UTC))
        lock.release()
    except WrongSetting as wrong:
        raise _fail(str(wrong)) from None
    except Held as held:
        raise _fail(f"The database is held by {held}: stop that one first", 75) from None
    except copy.NoBackup as no:
        raise _fail(f"{file} cannot be restored: {no}") from None
    except copy.NotEmpty as full:
        raise _fail(f"Nothing was restored, since {full}: name an empty place in .env, or move that away") from None
    except (OSError, DBAPIError) as error:
        raise _fail(f"{file} cannot be restored: {str(error).splitlines()[0]}") from None
    print(f"Restored as it was at {made.made_at:%Y-%m-%d %H:%M} UTC, up to entry {made.seq}, with {made.files} files.")
    print("What happened after that is not in it. Buttons that were sent before are void; open runs get new cards.")
    with _facts(settings.database_url) as connection:
        print(_whole(connection, ()))


if __name__ == "__main__":
    app()
