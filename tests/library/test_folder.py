"""A folder of SOP files: what is on the shelf as files come, change, break and go, and what they say of each other."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.library.edits import digest_of
from bot.library.folder import Folder, Shelf, Unwritten, look_at
from bot.library.problems import Problem
from bot.views.words import Words

WORDS = Words("en", ZoneInfo("Asia/Makassar"))


def text(name: str, version: str = "1", title: str = "Staf", runs: str | None = None) -> str:
    """The file of an SOP with one step, which runs another SOP or not."""
    scope, step = ("macro", f"run: {runs}") if runs else ("micro", "do: Bekerja")
    return f"""\
id: {name}
title: SOP {name}
version: "{version}"
kind: technical
scope: {scope}
unit: Tata Usaha
team: {{author: staf, supervisor: staf, manager: staf}}
positions:
  staf: {title}
steps:
  - id: satu
    {step}
    by: staf
"""


def on(shelf: Shelf) -> list[str]:
    return [f"{sop.id} {sop.version}" for sop in shelf.sops]


def told(problems: tuple[Problem, ...] | list[Problem]) -> list[str]:
    return [problem.line_of_text(WORDS).replace(str(Path(problem.file).parent) + "/", "") for problem in problems]


def test_the_files_of_all_sub_folders_are_on_the_shelf_and_hidden_or_other_files_are_not(tmp_path: Path) -> None:
    for name in ("b.yaml", "sub/a.yml", ".git/c.yaml", "sub/.d.yaml", "notes.txt", "sub/e.yaml/keep.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(path.stem.strip(".")))

    shelf = Folder(tmp_path).load()

    assert (on(shelf), told(shelf.problems)) == (["b 1", "a 1"], [])


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert Folder(tmp_path / "none").load() == Shelf((), ())


def test_a_new_a_changed_and_a_removed_file_are_noticed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "a.yaml").write_text(text("a"))
    (tmp_path / "b.yaml").write_text(text("b"))
    assert on(folder.load()) == ["a 1", "b 1"]

    (tmp_path / "a.yaml").write_text(text("a", version="2.0"))
    (tmp_path / "b.yaml").unlink()
    (tmp_path / "c.yaml").write_text(text("c"))

    assert on(folder.load()) == ["a 2.0", "c 1"]


def test_what_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text("a"))
    folder = Folder(tmp_path)
    first = folder.load()

    same = folder.load()
    os.utime(path, (1, 1))
    touched = folder.load()

    assert first is same
    assert first.sops[0] is touched.sops[0]


def test_a_change_that_keeps_the_size_is_noticed_by_its_time(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text("a"))
    folder = Folder(tmp_path)
    folder.load()

    path.write_text(text("a", version="2"))
    os.utime(path, (1, 1))

    assert on(folder.load()) == ["a 2"]


def test_a_file_that_breaks_keeps_its_last_good_procedure_until_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text("a"))
    folder = Folder(tmp_path)
    folder.load()

    path.write_text(text("a", version="2").replace("do:", "od:"))
    broken = folder.load()
    still_broken = folder.load()
    path.write_text(text("a", version="3.0"))

    assert on(broken) == on(still_broken) == ["a 1"]
    assert told(broken.problems) == told(still_broken.problems)
    assert told(broken.problems) == ["a.yaml:11:5: A step has exactly one of `do`, `decide`, `approve` and `run`."]
    assert folder.load() == Folder(tmp_path).load()


def test_a_file_that_was_never_good_is_not_on_the_shelf(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: a")

    assert on(Folder(tmp_path).load()) == []


def test_a_file_that_cannot_be_read_is_a_problem() -> None:
    # a file that even root gets no bytes of
    file = look_at(Path("/proc/self/mem"))

    assert file is not None
    assert told(file.reading.problems) == ["mem:1:1: The file cannot be read: Input/output error."]


def test_a_link_out_of_its_folder_is_refused_and_its_file_never_opened(tmp_path: Path) -> None:
    sops = tmp_path / "sops"
    (sops / "..kept").mkdir(parents=True)
    (sops / "..kept" / "a.yaml").write_text(text("a"))
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN: rahasia")
    (sops / "a.yaml").symlink_to("..kept/a.yaml")
    (sops / "b.yaml").symlink_to("../.env")
    (sops / "c.yaml").symlink_to("/proc/self/mem")

    shelf = Folder(sops).load()

    assert on(shelf) == ["a 1"]
    assert told(shelf.problems) == [
        "b.yaml:1:1: This link leads out of its folder; put the file itself here.",
        "c.yaml:1:1: This link leads out of its folder; put the file itself here.",
    ]


def test_a_link_that_leads_nowhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "gone.yaml")

    assert Folder(tmp_path).load() == Shelf((), ())


# What files say of each other


def test_the_same_version_in_two_files_is_told_and_the_first_counts(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text("rapat"))
    (tmp_path / "c.yaml").write_text(text("rapat", version="2"))

    shelf = Folder(tmp_path).load()

    assert on(shelf) == ["rapat 1", "rapat 2"]
    (line,) = told(shelf.problems)
    assert line == "b.yaml:3:1: a.yaml already holds version 1 of this SOP; raise the version or take one file out."


def test_a_run_must_lead_to_an_sop_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text("a", runs="uji-genst"))
    (tmp_path / "b.yaml").write_text(text("b", runs="uji-genset"))
    (tmp_path / "c.yaml").write_text(text("uji-genset"))

    shelf = Folder(tmp_path).load()

    assert on(shelf) == ["b 1", "uji-genset 1"]
    assert told(shelf.problems) == [
        "a.yaml:12:5: There is no SOP 'uji-genst' that could be run. Did you mean uji-genset?"
    ]


def test_a_run_of_an_sop_that_is_withdrawn_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text("a", runs="b"))
    (tmp_path / "b.yaml").write_text(text("b").replace("kind:", "status: withdrawn\nkind:"))
    (tmp_path / "c.yaml").write_text(text("c", runs="d").replace("kind:", "status: trial\nkind:"))
    (tmp_path / "d.yaml").write_text(text("d"))
    (tmp_path / "e.yaml").write_text(text("e", runs="d"))

    shelf = Folder(tmp_path).load()

    assert len(shelf.sops) == 5
    assert told(shelf.problems) == [
        "a.yaml:12:5: Warning: 'b' is not in use (`status: withdrawn`); a run of this SOP will stand still here.",
        "c.yaml:13:5: Warning: 'd' is not in use (`status: draft`); a run of this SOP will stand still here.",
    ]


def test_a_step_that_runs_an_sop_is_called_by_its_title(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text("a", runs="uji-genset"))
    (tmp_path / "b.yaml").write_text(text("uji-genset"))

    assert [sop.first.text for sop in Folder(tmp_path).load().sops] == ["SOP uji-genset", "Bekerja"]


def test_a_macro_that_contains_itself_by_way_of_others_is_refused(tmp_path: Path) -> None:
    for name, runs in (("a", "b"), ("b", "c"), ("c", "b"), ("d", None)):
        (tmp_path / f"{name}.yaml").write_text(text(name, runs=runs))

    shelf = Folder(tmp_path).load()

    assert on(shelf) == ["a 1", "d 1"]
    assert [(Path(problem.file).name, problem.line) for problem in shelf.problems] == [("b.yaml", 12), ("c.yaml", 12)]
    assert "'c' runs this SOP again" in told(shelf.problems)[0]


def test_a_position_with_another_title_elsewhere_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text("a", title="Staf TU"))
    (tmp_path / "b.yaml").write_text(text("b", title="Staf Umum"))

    shelf = Folder(tmp_path).load()

    assert on(shelf) == ["a 1", "b 1"]
    assert [problem.warning for problem in shelf.problems] == [True]
    (line,) = told(shelf.problems)
    assert line.startswith("b.yaml:9:3: Warning: 'staf' is called 'Staf TU' in a.yaml")


def test_the_last_good_procedure_of_a_broken_file_still_holds_its_place_among_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text("a", runs="b"))
    (tmp_path / "b.yaml").write_text(text("b", title="Pegawai"))
    folder = Folder(tmp_path)
    folder.load()

    (tmp_path / "b.yaml").write_text("id: b")
    shelf = folder.load()

    assert on(shelf) == ["a 1", "b 1"]
    assert not any("Pegawai" in line or "no SOP" in line for line in told(shelf.problems))


def test_a_version_is_written_over_what_it_came_from_and_over_nothing_else(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "surat.yml").write_text(text("a"))
    (tmp_path / "surat.yml").chmod(0o640)
    folder.load()
    after = text("a", version="2") + "# akhir\n"

    assert folder.write("a", "2", digest_of(text("a")), after) is None
    assert (tmp_path / "surat.yml").read_text() == after
    assert (tmp_path / "surat.yml").stat().st_mode & 0o777 == 0o640
    assert folder.write("a", "2", None, after) is None  # as after a crash
    assert folder.write("a", "2", digest_of(text("a")), text("a", version="3")) is Unwritten.CHANGED
    assert folder.write("b", "1", None, text("b")) is None
    assert on(folder.load()) == ["b 1", "a 2"]
    assert Folder(tmp_path / "gone").write("a", "2", None, after) is Unwritten.READ_ONLY
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.yaml", "surat.yml"]
