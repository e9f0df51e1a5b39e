"""`bot check`: what is said of files, of folders, and of the office's own file."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.library.judge import Judge
from bot.views.words import Words
from tests.library.test_folder import text

WITA = ZoneInfo("Asia/Makassar")
UNITS = "units: [{id: tu, title: Tata Usaha}]\n"


class Desk:
    """An office with a folder of SOPs, a file of its own, and somebody who asks the judge."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "sops").mkdir()
        (home / "data").mkdir()

    def puts(self, name: str, content: str) -> Path:
        """Write a file."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def asks(self, *names: str) -> list[str]:
        """What the judge says of these."""
        judge = Judge(self.home / "sops", self.home / "data" / "office.yaml", WITA)
        told = judge.problems(self.home / name for name in names)
        return [one.line_of_text(Words("en", WITA)).removeprefix(f"{self.home}/") for one in told]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office without any files."""
    return Desk(tmp_path)


def test_files_named_one_by_one_are_judged_beside_each_other(desk: Desk) -> None:
    desk.puts("a.yaml", text("rapat"))
    desk.puts("b.yaml", text("rapat"))

    assert desk.asks("a.yaml") == []
    assert [line.split(":")[:2] for line in desk.asks("a.yaml", "b.yaml")] == [["b.yaml", "3"]]


def test_a_file_named_twice_is_one_file(desk: Desk) -> None:
    desk.puts("a.yaml", text("rapat"))

    assert desk.asks("a.yaml", "a.yaml") == []


def test_a_file_may_run_what_is_named_with_it_or_in_use(desk: Desk) -> None:
    desk.puts("a.yaml", text("a", runs="b"))
    assert desk.asks("a.yaml") == ["a.yaml:12:5: There is no SOP 'b' that could be run. Did you mean a?"]

    desk.puts("b.yaml", text("b"))
    assert desk.asks("a.yaml", "b.yaml") == []

    (desk.home / "b.yaml").rename(desk.home / "sops" / "b.yaml")
    assert desk.asks("a.yaml") == []


def test_a_file_that_would_run_in_a_circle_with_what_is_in_use_is_refused(desk: Desk) -> None:
    desk.puts("a.yaml", text("a", runs="b"))
    desk.puts("sops/b.yaml", text("b", runs="a"))

    assert desk.asks("a.yaml") == ["a.yaml:12:5: 'b' runs this SOP again; a run of it would never end."]


def test_what_is_in_use_is_not_judged_with_it(desk: Desk) -> None:
    desk.puts("a.yaml", text("rapat"))
    desk.puts("sops/a.yaml", text("rapat"))
    desk.puts("sops/b.yaml", "id: b")

    assert desk.asks("a.yaml") == []


def test_an_sop_continues_one_that_need_not_exist_yet_but_is_not_mistyped(desk: Desk) -> None:
    desk.puts("sops/rapat.yaml", text("rapat-persiapan"))
    desk.puts("a.yaml", text("a") + "continues: beli-genset\n")
    desk.puts("b.yaml", text("b") + "continues: rapat-persipan\n")

    assert desk.asks("a.yaml") == []
    assert desk.asks("b.yaml") == [
        "b.yaml:14:1: Warning: There is no SOP 'rapat-persipan' yet. Did you mean rapat-persiapan?"
    ]


def test_sops_that_continue_each_other_have_no_first(desk: Desk) -> None:
    desk.puts("sops/b.yaml", text("b") + "continues: c\n")
    desk.puts("sops/c.yaml", text("c") + "continues: a\n")
    desk.puts("a.yaml", text("a") + "continues: b\n")
    desk.puts("d.yaml", text("d") + "continues: d\n")
    desk.puts("e.yaml", text("e") + "continues: b\n")

    assert desk.asks("a.yaml") == ["a.yaml:14:1: 'b' continues this SOP itself; neither of them would be the first."]
    assert desk.asks("d.yaml") == ["d.yaml:14:1: 'd' continues this SOP itself; neither of them would be the first."]
    assert desk.asks("e.yaml") == []


def test_a_unit_that_the_office_does_not_know_is_a_warning(desk: Desk) -> None:
    desk.puts("a.yaml", text("a"))
    desk.puts("b.yaml", text("b").replace("unit: Tata Usaha", "unit: Tata Usha"))
    assert desk.asks("a.yaml", "b.yaml") == []

    desk.puts("data/office.yaml", UNITS)
    assert desk.asks("a.yaml", "b.yaml") == [
        "b.yaml:6:1: Warning: The office has no unit 'Tata Usha'; mend it here, or add it to `units` in office.yaml. "
        "Did you mean Tata Usaha?"
    ]


def test_a_file_called_office_yaml_is_the_offices_wherever_it_lies(desk: Desk) -> None:
    desk.puts("data/office.yaml", UNITS)
    desk.puts("new/office.yaml", "units: [{id: umum, title: Bagian Umum}]\nhour: x\n")
    desk.puts("new/a.yaml", text("a"))

    assert desk.asks("data/office.yaml") == []
    assert desk.asks("new") == desk.asks("new/a.yaml", "new/office.yaml")
    assert desk.asks("new") == ["new/office.yaml:2:1: `hour` does not belong here. Did you mean hours?"]

    desk.puts("new/office.yaml", "units: [{id: umum, title: Bagian Umum}]\n")
    assert "no unit 'Tata Usaha'" in desk.asks("new")[0]


@pytest.mark.parametrize("name", ["none.yaml", "none/office.yaml"])
def test_a_path_that_leads_nowhere_is_told(desk: Desk, name: str) -> None:
    assert desk.asks(name) == [f"{name}:1:1: There is no such file."]


def test_an_office_file_that_cannot_be_read_is_told(desk: Desk) -> None:
    (desk.home / "data" / "office.yaml").symlink_to("/proc/self/mem")

    assert desk.asks("data/office.yaml") == ["data/office.yaml:1:1: The file cannot be read: Input/output error."]
