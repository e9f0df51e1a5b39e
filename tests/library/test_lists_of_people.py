"""A list of people is read as spreadsheets write it; whatever is wrong with it is named by its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.engine.desk import Flaw, Listed, Snag
from bot.engine.people import Role
from bot.engine.staffing import Acting, Post, Span
from bot.engine.units import Unit, Units
from bot.library.roll import LARGEST, MOST, Known, read_list

KNOWN = Known(
    Units([Unit("kantor", "Kantor Kemenag"), Unit("seksi-pakis", "Seksi PAKIS", "kantor")]),
    {"petugas-ti": "Petugas TI", "ppk": "PPK", "kepala-seksi": "Kepala Seksi"},
    date(2026, 11, 24),
)
HEADER = "nama;nip;unit;jabatan;peran\n"
ANDI = Listed(
    2,
    "Andi Pratama",
    "198502172010031002",
    "seksi-pakis",
    (Post("petugas-ti"), Post("ppk")),
    (Role.PERFORMER, Role.AUTHOR),
)
LINE = "Andi Pratama;198502172010031002;Seksi PAKIS;Petugas TI, PPK;Pelaksana|Penulis\n"


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + LINE).encode(),
        (HEADER + LINE).encode("utf-8-sig"),
        (HEADER + LINE).encode("utf-16"),
        (HEADER + LINE).replace("\n", "\r\n").encode("cp1252"),
        (HEADER + LINE).replace(", ", "|").replace(";", ",").encode(),
        (HEADER + LINE).replace(";", "\t").encode(),
        b"Unit Kerja;Nama Lengkap;Telepon;NIP;Posisi;Peran\n"
        b"seksi-pakis;Andi  Pratama ;0811;'19850217 201003 1 002;ppk|petugas-ti;performer, author\n",
        (HEADER + "\n;;;;\n" + LINE).encode(),
    ],
)
def test_it_is_read_as_every_spreadsheet_writes_it(content: bytes) -> None:
    read = read_list(content, KNOWN)

    assert read.flaws == ()
    [one] = read.lines
    assert (one.name, one.nip, one.unit) == (ANDI.name, ANDI.nip, ANDI.unit)
    assert (set(one.positions), one.roles) == (set(ANDI.positions), ANDI.roles)


@pytest.mark.parametrize(
    ("cell", "post"),
    [
        ("PPK", Post("ppk")),
        ("Plt. PPK", Post("ppk", acting=Acting.PLT)),
        ("plh ppk (1/12/2026 s.d. 5/12/2026)", Post("ppk", date(2026, 12, 1), date(2026, 12, 5), Acting.PLH)),
        ("PPK (sejak 1 Maret 2020)", Post("ppk", date(2020, 3, 1))),
        ("PPK (1 Jan 2026 sampai 31 Des 2026)", Post("ppk", date(2026, 1, 1), date(2026, 12, 31))),
        ("PPK (2026-01-01 - 2026-12-31)", Post("ppk", date(2026, 1, 1), date(2026, 12, 31))),
        ("PPK (01/01/2026–31/12/2026)", Post("ppk", date(2026, 1, 1), date(2026, 12, 31))),
        ("PPK (s.d. 31/12/2026)", Post("ppk", None, date(2026, 12, 31))),
        ("PPK ()", Post("ppk")),
    ],
)
def test_a_position_has_its_days_and_plt_or_plh_with_it(cell: str, post: Post) -> None:
    [one] = read_list(f"{HEADER}Andi;;;{cell};\n".encode(), KNOWN).lines

    assert one.positions == (post,)


def test_a_title_that_looks_like_days_is_a_title() -> None:
    titles = {"pjs": "Plt. Kepala (sementara)"}
    [one] = read_list(
        b"nama;jabatan\nAndi;Plt. Kepala (sementara)\n", Known(Units([]), titles, date(2026, 11, 24))
    ).lines

    assert one.positions == (Post("pjs"),)


@pytest.mark.parametrize(
    ("cell", "away"),
    [
        ("1/12/2026 s.d. 5/12/2026", Span(date(2026, 12, 1), date(2026, 12, 5))),
        ("s.d. 30 Nov", Span(date(2026, 11, 24), date(2026, 11, 30))),
        ("besok", Span(date(2026, 11, 25))),
    ],
)
def test_an_absence_has_its_days_and_a_stand_in(cell: str, away: Span) -> None:
    [one] = read_list(f"nama;cuti;pengganti\nAndi;{cell};Siti  Rahma\n".encode(), KNOWN).lines

    assert (one.away, one.stand_in) == (away, "Siti Rahma")


def test_a_name_in_the_code_page_of_windows_keeps_its_letters() -> None:
    [one] = read_list("nama\nRené Mañana\n".encode("cp1252"), KNOWN).lines

    assert one.name == "René Mañana"


def test_what_is_left_empty_says_nothing() -> None:
    assert read_list((HEADER + "Budi;;;;\n").encode(), KNOWN).lines == (Listed(2, "Budi"),)


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (";198502172010031002;;;", Flaw(2, Snag.NAME)),
        ("123;;;;", Flaw(2, Snag.NAME, "123")),
        ("=cmd|' /C calc'!A0;;;;", Flaw(2, Snag.FORMULA, "=cmd|' /C calc'!A0")),
        ("@SUM(A1);;;;", Flaw(2, Snag.FORMULA, "@SUM(A1)")),
        ("Andi;1985;;;", Flaw(2, Snag.NIP, "1985")),
        ("Andi;1,98502E+17;;;", Flaw(2, Snag.NIP_SHORTENED, "1,98502E+17")),
        ("Andi;;Seksi Pakiss;;", Flaw(2, Snag.UNIT, "Seksi Pakiss", "Seksi PAKIS")),
        ("Andi;;;Petugas IT;", Flaw(2, Snag.POSITION, "Petugas IT", "Petugas TI")),
        ("Andi;;;;Pengawaz", Flaw(2, Snag.ROLE, "Pengawaz", "pengawas")),
        ("Andi;;;Plt. Petugas IT (1/12/2026);", Flaw(2, Snag.POSITION, "Petugas IT", "Petugas TI")),
        ("Andi;;;PPK (kapan-kapan);", Flaw(2, Snag.DAYS, "kapan-kapan")),
        ("Andi;;;PPK (5/12/2026 s.d. 1/12/2026);", Flaw(2, Snag.DAYS, "5/12/2026 s.d. 1/12/2026")),
    ],
)
def test_a_wrong_line_is_named_with_what_was_meant_and_the_others_are_read(line: str, flaw: Flaw) -> None:
    read = read_list(f"{HEADER}{line}\nSiti;;;;\n".encode(), KNOWN)

    assert read.flaws == (flaw,)
    assert [one.name for one in read.lines] == ["Siti"]


def test_whoever_stands_in_it_twice_is_read_once() -> None:
    lines = "Andi;198502172010031002;;;\nAndi P;198502172010031002;;;\nSiti;;;;\nsiti;;;;\n"
    read = read_list((HEADER + lines).encode(), KNOWN)

    assert [one.line for one in read.lines] == [2, 4]
    assert [(flaw.line, flaw.snag) for flaw in read.flaws] == [(3, Snag.NIP_TWICE), (5, Snag.NAME_TWICE)]


@pytest.mark.parametrize(
    ("content", "snag"),
    [
        (b"", Snag.NO_LINES),
        (b"\xef\xbb\xbf", Snag.NO_LINES),
        (HEADER.encode(), Snag.NO_LINES),
        (b"Andi;1985\nSiti;1986\n", Snag.NO_NAMES),
        (b"PK\x03\x04 an xlsx that is called csv", Snag.NO_TEXT),
        (b"nama\nAn\0di\n", Snag.NO_TEXT),
        (b"nama\n" + b"x" * 200_000 + b"\n", Snag.NO_TEXT),
        (b"nama\n" + b"A\n" * (LARGEST // 2), Snag.TOO_LONG),
        (b"nama\n" + b"Andi\n" * (MOST + 1), Snag.TOO_LONG),
    ],
)
def test_what_is_no_list_is_refused_whole(content: bytes, snag: Snag) -> None:
    read = read_list(content, KNOWN)

    assert read.lines == ()
    assert [(flaw.line, flaw.snag) for flaw in read.flaws] == [(0, snag)]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(b"\xff\xfe\x00")
@example(b'nama\n"never closed')
def test_whatever_the_bytes_it_is_read_or_refused(content: bytes) -> None:
    for head in (b"", HEADER.encode()):
        read = read_list(head + content, KNOWN)
        assert all(one.name and one.name.isprintable() for one in read.lines)
        assert all("\n" not in flaw.words for flaw in read.flaws if flaw.snag is Snag.FORMULA)


def test_the_example_of_the_guide_is_read() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "people.md").read_text(encoding="utf-8")
    example = guide.split("```")[1].strip()
    units = Units([Unit("subbag-tu", "Subbagian Tata Usaha")])
    titles = {**KNOWN.titles, "kasubbag-tu": "Kasubbag TU"}
    read = read_list(example.encode(), Known(units, titles, KNOWN.today))

    assert read.flaws == ()
    andi, siti = read.lines
    assert [post.acting for post in andi.positions] == [Acting.DEFINITIVE, Acting.PLT]
    assert (siti.positions[0].since, siti.stand_in) == (date(2025, 3, 1), "Andi Pratama")
