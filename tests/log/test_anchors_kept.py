"""The file of anchors only grows: by what it lacks, whatever was broken off while it was written."""

from datetime import UTC, date, datetime
from pathlib import Path

from bot.storage.anchors import Anchor, Cast, keep_up, read

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def cast(seq: int) -> Cast:
    return Cast(date(2026, 11, 24), AT, Anchor(seq, f"{seq:064x}"))


def test_it_takes_what_it_lacks_and_nothing_twice(tmp_path: Path) -> None:
    file = tmp_path / "anchors.log"
    keep_up(file, [])
    assert not file.exists()

    keep_up(file, [cast(3), cast(7)])
    written = file.read_text()
    keep_up(file, [cast(3), cast(7)])
    assert file.read_text() == written

    keep_up(file, [cast(3), cast(7), cast(9)])
    assert file.read_text().startswith(written)
    assert [one.seq for one in read(file.read_text())] == [3, 7, 9]


def test_one_that_was_broken_off_is_written_once_more(tmp_path: Path) -> None:
    file = tmp_path / "anchors.log"
    keep_up(file, [cast(3), cast(7)])
    file.write_text(file.read_text()[:-30])

    keep_up(file, [cast(3), cast(7)])

    assert read(file.read_text()) == [cast(3).anchor, cast(7).anchor]
