"""SOP files: what they may say, what it becomes, and where exactly a wrong one is wrong."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.engine.calendar import Duration
from bot.engine.sop import (
    Approve,
    Child,
    Choice,
    Choices,
    Dates,
    Day,
    Deadline,
    Decide,
    Do,
    Earlier,
    Evidence,
    Field,
    Kind,
    Law,
    Number,
    Offset,
    Position,
    Range,
    ReviewRule,
    Scope,
    Signatory,
    Sop,
    Status,
    Step,
    Team,
    Text,
    TrialRule,
    Way,
    YesNo,
)
from bot.library.problems import Problem
from bot.library.reader import read_sop
from bot.views.words import Words

WORDS = Words("en", ZoneInfo("Asia/Makassar"))

WHOLE = """\
id: rawat-genset
title: SOP Perawatan Genset
aliases: [servis genset, mesin listrik]
number: SOP-020/TU/2026
version: "3"
status: in force
kind: administrative
scope: macro
continues: beli-genset
unit: Subbagian Tata Usaha
approved_by: {position: Kepala Kantor, name: "", nip: ""}
dates: {made: 2026-01-05, trial: , revised: 2026-02-01, effective: 2026-03-01}
legal_basis:
  - {text: "PP 27/2014, tentang BMN", checked: 2026-01-04}
  - PermenPAN-RB 35/2012
related: [pengelolaan-bmn, SOP Pengadaan]
qualifications: [Paham mesin diesel]
equipment: [Kunci pas, Corong]
warnings: ["Jika mesin panas, maka tunggu"]
records: [Buku servis]
team: {author: teknisi, supervisor: kasubbag, manager: kepala}
review:
  trial: {from: 1 bulan, until: 2 bulan, runs: 3, performers: 1}
  monitor: 6 bulan
  evaluate: 1 bulan
positions:
  teknisi: Teknisi
  kasubbag: {title: Kasubbag TU}
  kepala: Kepala Kantor
  bengkel: {title: Bengkel, external: true, recorded_by: teknisi}
phases: [Awal, Akhir]
steps:
  - id: minta
    do: Meminta perawatan
    by: [initiator, teknisi]
    with: kasubbag
    phase: Awal
    needs: [Buku servis, "Formulir (ruang, gejala)"]
    within: 5-10 menit
    at_least: 2 menit
    output: Permintaan
    note: Setiap bulan
    help: |
      Baca jam kerja mesin.

      Tulis apa adanya.
    record:
      - {name: kode, label: Kode, type: text, digits: 1-6, example: "012"}
      - {name: seri, label: Nomor seri, type: text, digits: 16, required: false}
      - {name: jam, label: Jam kerja, type: number, unit: jam, limit: [0, null]}
      - {name: jam_lalu, label: Jam lalu, type: number, expect: [-1.5, jam], limit: [null, "12.000,5"]}
      - {name: servis, label: Servis lalu, type: date}
      - {name: batas, label: Batas, type: date, expect: [servis, 2030-12-31]}
      - {name: bahan, label: Bahan bakar, type: choice, options: [Solar, no]}
      - {name: bagian, label: Bagian, type: choices, options: [Filter, Oli]}
      - {name: bocor, label: Bocor?, type: yesno}
  - id: layak
    decide: Apakah genset layak dirawat?
    by: kasubbag
    time_note: 10:30 setiap Senin
    choices:
      - {label: Layak, next: rawat}
      - {label: Belum lengkap, next: minta, reason: true, max: 2, then: end}
      - {label: Menunggu, next: minta, reason: [Suku cadang belum ada, Hujan], until: batas, then: simpan}
      - {label: Dirawat di sini}
  - id: rawat
    do: Merawat mesin
    by: bengkel
    critical: true
    warning: Matikan mesin dahulu
    check: [Oli diganti, Filter bersih]
    evidence: {photos: 2, files: 1, location: true}
    not_before: {after: minta, wait: 1 hari}
    deadline: {after: minta, within: akhir bulan}
    within: 2x24 jam
  - id: uji
    run: uji-genset
    not_before: {after: rawat}
    deadline: {before: batas, by: 2 hari, starts: true}
  - id: setuju
    approve: Menyetujui hasil
    by: kepala
    sign: true
    reject: rawat
  - id: simpan
    do: Menyimpan berkas
    by: teknisi
    phase: Akhir
    next: end
"""


def read(text: str) -> Sop:
    sop, problems = read_sop(text.encode(), "sop.yaml")
    assert [problem.line_of_text(WORDS) for problem in problems] == []
    assert sop is not None
    return sop


def wrong(source: bytes) -> list[Problem]:
    sop, problems = read_sop(source, "sop.yaml")
    assert sop is None
    assert problems
    return problems


def lines(problems: list[Problem]) -> list[str]:
    return [problem.line_of_text(WORDS) for problem in problems]


# What a file says


def test_a_file_with_every_key_becomes_what_it_says() -> None:
    sop = read(WHOLE)

    assert replace(sop, digest="", steps=()) == Sop(
        id="rawat-genset",
        title="SOP Perawatan Genset",
        aliases=("servis genset", "mesin listrik"),
        number="SOP-020/TU/2026",
        version="3",
        status=Status.IN_FORCE,
        kind=Kind.ADMINISTRATIVE,
        scope=Scope.MACRO,
        continues="beli-genset",
        unit="Subbagian Tata Usaha",
        approved_by=Signatory("Kepala Kantor"),
        dates=Dates(made=date(2026, 1, 5), revised=date(2026, 2, 1), effective=date(2026, 3, 1)),
        legal_basis=(Law("PP 27/2014, tentang BMN", date(2026, 1, 4)), Law("PermenPAN-RB 35/2012")),
        related=("pengelolaan-bmn", "SOP Pengadaan"),
        qualifications=("Paham mesin diesel",),
        equipment=("Kunci pas", "Corong"),
        warnings=("Jika mesin panas, maka tunggu",),
        records=("Buku servis",),
        team=Team("teknisi", "kasubbag", "kepala"),
        review=ReviewRule(
            TrialRule(Duration.parse("1 bulan"), Duration.parse("2 bulan"), 3, 1),
            Duration.parse("6 bulan"),
            Duration.parse("1 bulan"),
        ),
        positions=(
            Position("teknisi", "Teknisi"),
            Position("kasubbag", "Kasubbag TU"),
            Position("kepala", "Kepala Kantor"),
            Position("bengkel", "Bengkel", external=True, recorded_by="teknisi"),
        ),
        phases=("Awal", "Akhir"),
        steps=(),
        digest="",
    )
    assert sop.steps == (
        Step(
            id="minta",
            number=1,
            text="Meminta perawatan",
            does=Do("layak"),
            by=("initiator", "teknisi"),
            along=("kasubbag",),
            phase="Awal",
            needs=("Buku servis", "Formulir (ruang, gejala)"),
            within=Duration.parse("5-10 menit"),
            at_least=Duration.parse("2 menit"),
            output=("Permintaan",),
            note="Setiap bulan",
            help="Baca jam kerja mesin.\n\nTulis apa adanya.",
            record=(
                Field("kode", "Kode", Text((1, 6)), example="012"),
                Field("seri", "Nomor seri", Text((16, 16)), required=False),
                Field("jam", "Jam kerja", Number("jam", limit=Range(Decimal(0)))),
                Field(
                    "jam_lalu",
                    "Jam lalu",
                    Number(expect=Range(Decimal("-1.5"), Earlier("jam")), limit=Range(None, Decimal("12000.5"))),
                ),
                Field("servis", "Servis lalu", Day()),
                Field("batas", "Batas", Day(Range(Earlier("servis"), date(2030, 12, 31)))),
                Field("bahan", "Bahan bakar", Choice(("Solar", "no"))),
                Field("bagian", "Bagian", Choices(("Filter", "Oli"))),
                Field("bocor", "Bocor?", YesNo()),
            ),
        ),
        Step(
            id="layak",
            number=2,
            text="Apakah genset layak dirawat?",
            by=("kasubbag",),
            time_note="10:30 setiap Senin",
            does=Decide(
                (
                    Way("Layak", "rawat"),
                    Way("Belum lengkap", "minta", reason=True, max=2, then=None),
                    Way(
                        "Menunggu",
                        "minta",
                        reason=True,
                        then="simpan",
                        until=Earlier("batas"),
                        reasons=("Suku cadang belum ada", "Hujan"),
                    ),
                    Way("Dirawat di sini", "rawat"),
                )
            ),
        ),
        Step(
            id="rawat",
            number=3,
            text="Merawat mesin",
            does=Do("uji"),
            by=("bengkel",),
            critical=True,
            warning="Matikan mesin dahulu",
            check=("Oli diganti", "Filter bersih"),
            evidence=Evidence(2, 1, True),
            not_before=Offset("minta", Duration.parse("1 hari")),
            deadline=Deadline(Offset("minta", Duration.parse("akhir bulan"))),
            within=Duration.parse("2x24 jam"),
        ),
        Step(
            id="uji",
            number=4,
            text="uji-genset",
            does=Child("uji-genset", "setuju"),
            not_before=Offset("rawat"),
            deadline=Deadline(Offset("batas", Duration.parse("2 hari"), before=True), starts=True),
        ),
        Step(
            id="setuju",
            number=5,
            text="Menyetujui hasil",
            does=Approve("simpan", reject="rawat", sign=True),
            by=("kepala",),
        ),
        Step(id="simpan", number=6, text="Menyimpan berkas", does=Do(None), by=("teknisi",), phase="Akhir"),
    )


SMALL = """\
id: rapat
title: SOP Rapat
version: "1"
kind: technical
unit: Tata Usaha
team: {author: staf, supervisor: staf, manager: staf}
positions: {staf: Staf}
steps:
  - {id: undang, do: Mengundang, by: staf}
"""


def test_what_is_left_out_takes_its_default() -> None:
    sop = read(SMALL)

    assert (sop.status, sop.scope, sop.review) == (Status.DRAFT, Scope.MICRO, ReviewRule())
    assert sop.first.does == Do(None)


TRAPS = "no|10:30|012|0x1F|1e3|1_000|2026-11-24|Off|true|.5|1.10|0o14|1:30:00|=|<<|../.env"


@pytest.mark.parametrize("text", TRAPS.split("|"))
def test_every_value_stays_what_its_author_wrote(text: str) -> None:
    assert read(SMALL.replace("SOP Rapat", text)).title == text


@pytest.mark.parametrize("nothing", ["", "~", "null", '""', "'  '"])
def test_a_key_with_nothing_behind_it_counts_as_left_out(nothing: str) -> None:
    assert read(SMALL + f"number: {nothing}\n") == read(SMALL)


def test_a_byte_order_mark_windows_line_ends_and_decomposed_letters_change_nothing() -> None:
    plain = SMALL.replace("Mengundang", "Mengundang André")
    typed_elsewhere = "\ufeff" + plain.replace("é", "e\u0301").replace("\n", "\r\n")

    assert read(typed_elsewhere) == read(plain)


# The digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: rapat\ntitle: SOP Rapat\n", "title: SOP Rapat\nid: rapat\n"),
        ("SOP Rapat", "'SOP Rapat'  # rapat dinas"),
        ("kind:", "status: withdrawn\nkind:"),
        ("kind:", "dates: {trial: 2026-11-24}\nkind:"),
        ("kind:", "approved_by: {name: Budi}\nkind:"),
    ],
)
def test_the_digest_ignores_order_quotes_comments_status_dates_and_approval(old: str, new: str) -> None:
    assert read(SMALL.replace(old, new)).digest == read(SMALL).digest


@pytest.mark.parametrize(
    ("old", "new"), [("Mengundang", "Mengundang tamu"), ('"1"', '"2"'), ("kind:", "number: 1\nkind:")]
)
def test_the_digest_tells_every_other_content_apart(old: str, new: str) -> None:
    assert read(SMALL.replace(old, new)).digest != read(SMALL).digest


# What is wrong: each row is a sentence, and what of WHOLE is replaced by what, so that it is told at the line marked
# with HERE, or at the first line replaced

RAWAT = "  - id: rawat\n    do: Merawat mesin\n    by: bengkel\n"
SIMPAN = "  - id: simpan\n    do: Menyimpan berkas\n    by: teknisi\n    phase: Akhir\n    next: end\n"
STEP = "  - {id: lagi, do: Lagi, by: teknisi}\n"
KODE = '{name: kode, label: Kode, type: text, digits: 1-6, example: "012"}'
JAM = "{name: jam, label: Jam kerja, type: number, unit: jam, limit: [0, null]}"
BATAS = "{name: batas, label: Batas, type: date, expect: [servis, 2030-12-31]}"
BAHAN = "{name: bahan, label: Bahan bakar, type: choice, options: [Solar, no]}"
LAYAK = "{label: Layak, next: rawat}"

BROKEN = [
    # YAML
    ("A ': ' cannot stand here", "note: Setiap bulan", "note: Catatan: setiap bulan # HERE"),
    ("Indent with spaces", "    do: Merawat mesin", "\tdo: Merawat mesin # HERE"),
    ("indent with spaces", "note: Setiap bulan", "note: @bulan # HERE"),
    ("mend the indentation", "    do: Merawat mesin", "   do: Merawat mesin # HERE"),
    ("This fits nothing above", "note: Setiap bulan", "note: 'Setiap' bulan # HERE"),
    ("without its '-'", "  - id: rawat\n    do", "  id: rawat # HERE\n  do"),
    ("The quotes that open here", "phase: Akhir", 'phase: "Akhir # HERE'),
    ("The list that opens here is not closed", "phases: [Awal, Akhir]", "phases: [Awal, Akhir # HERE"),
    ("The group that opens here is not closed", "{label: Dirawat di sini}", "{label: Dirawat di sini # HERE"),
    ("A ':' is missing on the line before", "id: rawat-genset\n", "id: rawat-genset\njudul\nnama: x # HERE\n"),
    ("A value is missing here", "note: Setiap bulan", "note: , # HERE"),
    ("This is not YAML", "note: Setiap bulan", 'note: "\\q" # HERE'),
    ("A bracket is left open", '"Formulir (ruang, gejala)"', "Formulir (ruang, gejala) # HERE\n      "),
    ("anchors are refused", "note: Setiap bulan", "note: &bulan Setiap # HERE"),
    ("anchors are refused", "note: Setiap bulan", "note: *penting # HERE"),
    ("tags are refused", "note: Setiap bulan", "note: !penting x # HERE"),
    ("tags are refused", "phases: [Awal, Akhir]", "phases: !!set [Awal, Akhir] # HERE"),
    ("`title` is given twice; leave one.", "aliases:", "title: Genset # HERE\naliases:"),
    ("`title` is given twice; leave one.", "aliases:", '"title": # HERE\naliases:'),
    ("A key must be one plain word.", "aliases:", "[a, b]: c # HERE\naliases:"),
    ("A key must be one plain word.", "aliases:", "~: c # HERE\naliases:"),
    ("A second document begins here", "phases:", "--- # HERE\nphases:"),
    ("This is nested too deep.", "[Paham mesin diesel]", "[" * 20 + "x" + "]" * 20 + " # HERE"),
    ("(U+200B) stands here", "Merawat mesin", "Merawat\u200b mesin # HERE"),
    ("(U+0007) stands here", "Merawat mesin", "Merawat\x07 mesin # HERE"),
    ("(U+202E) stands here", "Merawat mesin", "Merawat\u202e mesin # HERE"),
    ("(U+202E) stands here", "note: Setiap bulan", 'note: "Setiap \\u202e bulan" # HERE'),
    ("(U+0000) stands here", "aliases:", '"tit\\0le": x # HERE\naliases:'),
    # Keys
    ("`titel` does not belong here. Did you mean title?", "aliases:", "titel: x # HERE\naliases:"),
    ("`minuets` does not belong here.", "    critical: true", "    minuets: 3 # HERE"),
    ("`withn` does not belong here. Did you mean within?", "    critical: true", "    withn: 3 jam # HERE"),
    ("`supervisr` does not belong here. Did you mean supervisor?", "supervisor: kas", "supervisr: kas"),
    ("`naem` does not belong here. Did you mean name?", KODE, KODE.replace("name", "naem") + " # HERE"),
    ("`lable` does not belong here. Did you mean label?", LAYAK, "{lable: Layak, next: rawat} # HERE"),
    ("`next` does not belong here.", "time_note: 10:30 setiap Senin", "next: rawat # HERE"),
    (
        "Only a plain step that is not critical may be left out.",
        "    critical: true",
        "    critical: true\n    optional: true # HERE",
    ),
    ("`sign` does not belong here.", "critical: true", "sign: true # HERE"),
    ("`check` does not belong here.", "run: uji-genset", "run: uji-genset\n    check: [x] # HERE"),
    ("`digits` does not belong here.", JAM, JAM.replace("unit: jam", "digits: 2") + " # HERE"),
    (
        "`wait` does not belong here. Possible here: after, within, starts.",
        "{after: minta, within",
        "{after: minta, wait: 1 jam, within",
    ),
    ("`by` is missing here.", RAWAT, "  - id: rawat # HERE\n    do: Merawat mesin\n"),
    ("`title` is missing here.", "title: SOP Perawatan Genset", "title: # HERE"),
    ("`id` is missing here.", "id: rawat-genset\n", ""),
    ("`label` is missing here.", LAYAK, "{next: rawat} # HERE"),
    ("`until` is missing here.", "until: 2 bulan, ", ""),
    ("exactly one of `do`", RAWAT, "  - id: rawat # HERE\n    do: x\n    run: y\n    by: bengkel\n"),
    ("exactly one of `do`", RAWAT, "  - id: rawat # HERE\n    by: bengkel\n"),
    ("exactly one of `after`", "{before: batas, by: 2 hari, starts: true}", "{by: 2 hari} # HERE"),
    ("exactly one of `after`", "{before: batas, by: 2 hari, starts: true}", "{before: batas, after: minta} # HERE"),
    # Single values
    ("`note` wants one text", "note: Setiap bulan", "note: [Setiap, bulan] # HERE"),
    ("`qualifications` wants one text", "[Paham mesin diesel]", "\n  - Paham: mesin # HERE"),
    ("`within` wants one text", "within: 2x24 jam", "within: [2 jam] # HERE"),
    ("`critical` wants one text", "critical: true", "critical: [true] # HERE"),
    ("`phases` wants a list", "phases: [Awal, Akhir]", "phases: Awal # HERE"),
    ("`record` wants a list", "    check: [Oli diganti, Filter bersih]", "    record: {name: x} # HERE"),
    (
        "`team` wants keys and values",
        "team: {author: teknisi, supervisor: kasubbag, manager: kepala}",
        "team: x # HERE",
    ),
    ("`positions` wants keys and values", "positions:\n", "positions: [teknisi] # HERE\nrecord:\n"),
    ("`phases` wants one text", "phases: [Awal, Akhir]", "phases: [Awal, {a: b}] # HERE"),
    ("An item of `phases` is empty", "phases: [Awal, Akhir]", "phases:\n  - Awal\n  - # HERE"),
    ("`by` is an empty list", "by: bengkel", "by: [] # HERE"),
    ("`options` is an empty list", BAHAN, BAHAN.replace("Solar, no", "") + " # HERE"),
    ("'Rawat Genset' is no id", "id: rawat-genset", "id: Rawat Genset # HERE"),
    ("'aaaaaaaaaa", "id: rawat-genset", f"id: {'a' * 49} # HERE"),
    ("'rawat mesin' is no id", "id: rawat\n", "id: rawat mesin # HERE\n"),
    ("'Kepala!' is no id", "  kepala: Kepala Kantor", "  Kepala!: Kepala Kantor # HERE"),
    ("'7jam' is no name", "name: jam_lalu", "name: 7jam"),
    ("'in fors' is not known for `status`. Did you mean in force?", "status: in force", "status: in fors # HERE"),
    ("'tehnical' is not known for `kind`. Did you mean technical?", "kind: administrative", "kind: tehnical # HERE"),
    ("'x' is not known for `scope`. Possible here: micro, macro.", "scope: macro", "scope: x # HERE"),
    ("'numbr' is no type of record. Did you mean number?", JAM, JAM.replace("type: number", "type: numbr") + " # HERE"),
    ("'' is no type of record. Possible here: text, number,", KODE, "{name: kode, label: Kode} # HERE"),
    ("`critical` is true or false, not 'ya'.", "critical: true", "critical: ya # HERE"),
    ("`max` wants a whole number from 1 to 9999, not '0'.", "max: 2", "max: 0"),
    ("`photos` wants a whole number", "photos: 2", "photos: dua"),
    ("'2026-02-30' is no date", "revised: 2026-02-01", "revised: 2026-02-30"),
    ("'5 Januari' is no date", "made: 2026-01-05", "made: 5 Januari"),
    ("'sesuai jadwal' is no length of time", "within: 2x24 jam", "within: sesuai jadwal # HERE"),
    ("'akhir bulan' is no length of time", "at_least: 2 menit", "at_least: akhir bulan # HERE"),
    ("'0 menit' is no length of time", "at_least: 2 menit", "at_least: 0 menit # HERE"),
    ("'0 jam' is no length of time", "within: 2x24 jam", "within: 0 jam # HERE"),
    ("'lama' is no length of time", "wait: 1 hari", "wait: lama"),
    ("'3 jam' is no interval", "monitor: 6 bulan", "monitor: 3 jam # HERE"),
    ("'6-1' is no number of digits", "digits: 1-6", "digits: 6-1"),
    ("'enam' is no number of digits", "digits: 1-6", "digits: enam"),
    ("write 1500 or 1.5 without", "limit: [0, null]", "limit: [0, 1.500]"),
    ("write 37125 or 37.1250 without", "limit: [0, null]", "limit: [0, 37.125]"),
    ("'?' is neither a number", "limit: [0, null]", 'limit: [0, "?"]'),
    ("'2026-13-01' is no date", "[servis, 2030-12-31]", "[servis, 2026-13-01]"),
    ("'Besok!' is neither a date", "[servis, 2030-12-31]", "[servis, Besok!]"),
    ("`limit` wants two ends", "limit: [0, null]", "limit: [0]"),
    ("`limit` wants two ends", "limit: [0, null]", "limit: [0, 1,5]"),
    ("does not fit a button: at most 32", LAYAK, "{label: " + "Layak " * 6 + ", next: rawat} # HERE"),
    ("does not fit a button: at most 40", BAHAN, BAHAN.replace("Solar", "Solar " * 7) + " # HERE"),
    ("`options` has more items than buttons fit", BAHAN, BAHAN.replace("Solar", "1, " * 30 + "Solar") + " # HERE"),
    # What the parts say of each other
    ("`initiator` is whoever starts", "  bengkel:", "  initiator: Siapa saja # HERE\n  bengkel:"),
    ("`external: true` and `recorded_by` go together", ", recorded_by: teknisi}", "} # HERE"),
    ("`external: true` and `recorded_by` go together", "external: true, ", ""),
    ("There is no position 'bengkel'", "recorded_by: teknisi", "recorded_by: bengkel"),
    (
        "There is no position 'kasubag'; add it to `positions`. Did you mean kasubbag?",
        "supervisor: kasubbag",
        "supervisor: kasubag",
    ),
    ("There is no position 'tehnisi'", "by: [initiator, teknisi]", "by: [initiator, tehnisi] # HERE"),
    ("There is no position 'initiator'", "with: kasubbag", "with: initiator # HERE"),
    ("A technical SOP has one performer, this one 5", "kind: administrative", "kind: technical # HERE"),
    ("This SOP runs itself", "run: uji-genset", "run: rawat-genset # HERE"),
    ("There is no phase 'Akir' in `phases`. Did you mean Akhir?", "phase: Akhir", "phase: Akir # HERE"),
    ("The trial ends before", "until: 2 bulan", "until: 2 minggu"),
    ("`end` is the end of the run", "id: simpan", "id: end # HERE"),
    ("'rawat' is already a step", "id: simpan", "id: rawat # HERE"),
    ("'kode' is already a step or a record", "name: jam_lalu", "name: kode"),
    ("'rawat' is already a step", "name: jam_lalu", "name: rawat"),
    ("There is no step 'simpen'. Did you mean simpan?", "then: simpan", "then: simpen"),
    ("There is no step 'rawatt'", "{label: Layak, next: rawat}", "{label: Layak, next: rawatt} # HERE"),
    ("There is no step 'akhir'", "next: end", "next: akhir # HERE"),
    ("There is no step 'end'", "reject: rawat", "reject: end # HERE"),
    ("`then` needs `max` or `until`", "max: 2, then", "then"),
    ("`max` needs `then`", "max: 2, then: end", "max: 2"),
    ("`until` needs `then`", "until: batas, then: simpan", "until: batas"),
    ("'Selesai' is a button of the bot", LAYAK, "{label: Selesai, next: rawat} # HERE"),
    ("is a button of the bot", LAYAK, '{label: "✅ TIDAK BISA", next: rawat} # HERE'),
    ("'↩️' has no words", "{label: Menunggu", "{label: ↩️"),
    ("(U+3164) stands here", "{label: Menunggu", "{label: ㅤ"),
    ("'hujan' stands here twice", "[Suku cadang belum ada, Hujan]", "[Hujan, hujan]"),
    ("`reason` is an empty list", "[Suku cadang belum ada, Hujan]", "[]"),
    ("An item of `reason` is empty", "[Suku cadang belum ada, Hujan]", "[Hujan, ~]"),
    ("at most 40 characters", "[Suku cadang belum ada, Hujan]", f"[{'x' * 41}]"),
    ("`reason` is true or false, not 'ya'", "[Suku cadang belum ada, Hujan]", "ya"),
    ("'LAYAK' stands here twice", "{label: Menunggu", "{label: LAYAK"),
    ("'solar' stands here twice", "[Solar, no]", "[Solar, solar]"),
    ("no step and no recorded date 'mintak'", "{after: minta, wait", "{after: mintak, wait"),
    ("no step and no recorded date 'kode'", "{after: minta, within", "{after: kode, within"),
    ("no step and no recorded date 'btas'", "{before: batas", "{before: btas"),
    ("no step and no recorded date 'jam'", "until: batas", "until: jam"),
    ("'jam_lalu' is no record of the same type that stands above", JAM, JAM.replace("null", "jam_lalu") + " # HERE"),
    ("'servis' is no record of the same type", "expect: [-1.5, jam]", "expect: [-1.5, servis]"),
    ("The low end must stand first", "limit: [0, null]", "limit: [2, 1]"),
    ("The low end must stand first", "[servis, 2030-12-31]", "[2030-12-31, 2030-12-30]"),
    ("No way leads to the step 'lagi'", "    next: end\n", "    next: end\n" + STEP.replace("}", "} # HERE")),
    (
        "From the step 'simpan' no way leads to the end",
        SIMPAN,
        SIMPAN.replace("simpan", "simpan # HERE", 1).replace("end", "simpan"),
    ),
]


@pytest.mark.parametrize(("sentence", "old", "new"), BROKEN)
def test_what_is_wrong_is_told_at_its_line(sentence: str, old: str, new: str) -> None:
    assert WHOLE.count(old) == 1
    broken = WHOLE.replace(old, new)
    place = broken.find("# HERE") if "# HERE" in broken else WHOLE.find(old)

    told = [problem for problem in wrong(broken.encode()) if sentence in problem.line_of_text(WORDS)]

    assert told, lines(wrong(broken.encode()))
    assert {problem.line for problem in told} == {broken.count("\n", 0, place) + 1}


def test_only_a_macro_sop_runs_another() -> None:
    (micro,) = wrong((SMALL + "  - {id: catat, run: catat-rapat}\n").encode())
    (macro,) = wrong(SMALL.replace("kind:", "scope: macro\nkind:").encode())

    assert micro.line_of_text(WORDS) == "sop.yaml:10:17: Only a macro SOP runs another; write `scope: macro`."
    assert macro.line_of_text(WORDS) == "sop.yaml:4:1: A macro SOP has a step with `run`; write `scope: micro`."


def test_the_column_is_that_of_the_key() -> None:
    (problem,) = wrong(WHOLE.replace("supervisor: kasubbag", "supervisor: kasubag").encode())

    assert problem.line_of_text(WORDS).startswith("sop.yaml:21:25: There is no position 'kasubag'")


def test_everything_wrong_is_told_at_once_from_the_top() -> None:
    broken = SMALL.replace("technical", "teknis").replace("by: staf", "by: staf, within: lama, foo: x")

    assert [(problem.line, problem.values) for problem in wrong(broken.encode())] == [
        (4, {"value": "teknis", "key": "kind"}),
        (9, {"value": "lama"}),
        (9, {"key": "foo"}),
    ]


def test_a_problem_is_one_line_however_long_the_value() -> None:
    (problem,) = wrong(SMALL.replace("technical", '"' + "a\\n" * 1000 + '"').encode())

    assert len(problem.line_of_text(WORDS)) < 200
    assert "\n" not in problem.line_of_text(WORDS)


# What is told, but does not keep the file out


@pytest.mark.parametrize(
    ("sentence", "old", "new"),
    [
        (
            "only one way",
            "  - {id: undang, do: Mengundang, by: staf}",
            "  - {id: a, decide: B, by: staf, choices: [{label: C}]}",
        ),
        ("`needs` is long and will be folded", "by: staf}", f"by: staf, needs: [{'x' * 100}, {'y' * 100}]}}"),
        ("`output` is long and will be folded", "by: staf}", f"by: staf, output: {'x' * 161}}}"),
        ("`time_note` stands instead", "by: staf}", "by: staf, within: 1 jam, time_note: sesuai jadwal}"),
        ("longer than the card shows", "Mengundang", "Mengundang " * 40),
        ("longer than the card shows", "by: staf}", f"by: staf, check: [Siap, {'x' * 51}]}}"),
        ("longer than the card shows", "by: staf}", f"by: staf, help: {'x' * 901}}}"),
    ],
)
def test_what_merely_reads_badly_is_a_warning(sentence: str, old: str, new: str) -> None:
    sop, problems = read_sop(SMALL.replace(old, new).encode(), "sop.yaml")

    assert sop is not None
    assert [(problem.warning, sentence in problem.line_of_text(WORDS)) for problem in problems] == [(True, True)]
    assert problems[0].line == 9


# Hostile files

LARGEST = 256 * 1024
HOSTILE = {
    "nothing": (b"", "The file is empty."),
    "a comment": (b"# kosong\n", "The file is empty."),
    "too large": (b"#" * (LARGEST + 1), "larger than 256 kB"),
    "UTF-16": (SMALL.encode("utf-16"), "saved as UTF-16"),
    "UTF-16 without its mark": (SMALL.encode("utf-16-le"), "(U+0000)"),
    "Latin-1": (SMALL.replace("Mengundang", "André").encode("latin-1"), "not UTF-8"),
    "a null byte": (SMALL.encode() + b"\0", "(U+0000)"),
    "words after a text": (b'"Rapat" dinas', "The file goes on after its end"),
    "a text": (b"Rapat dinas", "must consist of lines such as `key: value`"),
    "a list": (b"- a\n- b\n", "must consist of lines such as `key: value`"),
    "open brackets": (b"[" * LARGEST, "nested too deep"),
    "open braces": (b"{" * LARGEST, "nested too deep"),
    "keys within keys": (b"? " * (LARGEST // 2), "nested too deep"),
    "dashes": (b"- " * (LARGEST // 2), "nested too deep"),
    "a bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchors are refused"),
    "an object": (b"a: !!python/object/apply:os.system [ls]\n", "tags are refused"),
    "a merge": (b"id: a\n<<: {title: b}\n", "`<<` does not belong here"),
    "a merge of an alias": (b"id: a\n<<: *b\n", "anchors are refused"),
    "another file": (b"title: !include ../.env\n", "tags are refused"),
    "another file by reference": (b"$ref: ../.env\n", "`$ref` does not belong here"),
    "another file as proof": (SMALL.encode() + b"attachment: ../../.env\n", "`attachment` does not belong here"),
    "a path for an id": (SMALL.replace("id: rapat", "id: ../../.env").encode(), "'../../.env' is no id"),
    "a directive": (b"%TAG ! tag:yaml.org,2002:\n---\na: !str b\n", "tags are refused"),
    "a tab": (SMALL.replace("  - {id", "\t- {id").encode(), "indent with spaces instead of tabs"),
    "yes for true": (SMALL.replace("by: staf}", "by: staf, critical: yes}").encode(), "true or false, not 'yes'"),
    "an octal number": (SMALL.encode() + b"review: {trial: {from: 1 bulan, until: 2 bulan, runs: 012}}", "not '012'"),
    "a time of day": (SMALL.replace("by: staf}", "by: staf, within: 10:30}").encode(), "'10:30' is no length of time"),
    "key after key": (b"".join(b"k%d: 1\n" % number for number in range(9000)), "`k0` does not belong here"),
}


@pytest.mark.parametrize(("source", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence_of_either_language(source: bytes, sentence: str) -> None:
    (told, *_) = [problem for problem in wrong(source) if sentence in problem.line_of_text(WORDS)]
    indonesian = told.line_of_text(Words("id", WORDS.zone))

    assert indonesian != told.line_of_text(WORDS)
    assert "{" not in indonesian


def test_the_place_of_a_byte_that_is_not_utf_8_is_told() -> None:
    assert lines(wrong("id: é\ntitle: ".encode() + b"\xff"))[0].startswith("sop.yaml:2:8: ")


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=4)), min_size=1, max_size=4)
)
@example([(0, len(WHOLE), b"a: \xed\xa0\x80")])
def test_whatever_the_bytes_nothing_is_raised(edits: list[tuple[int, int, bytes]]) -> None:
    source = WHOLE.encode()
    for place, removed, added in edits:
        source = source[:place] + added + source[place + removed :]

    sop, problems = read_sop(source, "sop.yaml")

    assert (sop is None) == any(not problem.warning for problem in problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
    assert all(len(line.splitlines()) == 1 for line in lines(problems))


@given(st.text(alphabet="abid:-?[]{},&*!|>'\"%@`#\n\t ~0", max_size=60))
def test_whatever_the_signs_nothing_is_raised(text: str) -> None:
    assert wrong(text.encode())


# Any procedure, written and read again

IDS = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
TEXTS = st.text(alphabet="aZ é0:#-'\"[](){}!&*?|>%@,~n", min_size=1, max_size=12).map(str.strip).filter(bool)
LABELS = TEXTS.filter(lambda label: any(char in "aZé0" for char in label))
LENGTHS = st.sampled_from(["5 menit", "1,5 jam", "5-10 menit", "3 hari", "2 minggu", "2x24 jam"]).map(Duration.parse)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
NUMBERS = st.decimals(-999, 999, places=2)
STAFF = ("staf", "kepala")


def tuples(of: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(
        of, min_size=least, max_size=3, unique_by=lambda one: str(getattr(one, "label", one)).casefold()
    ).map(tuple)


def ranges(ends: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.none() | ends, st.none() | ends).map(
        lambda pair: Range(*(sorted(pair) if None not in pair else pair))
    )


ASKS = st.one_of(
    st.builds(Text, st.none() | st.tuples(st.integers(1, 9), st.integers(9, 20))),
    st.builds(Number, st.sampled_from(["", "°C"]), ranges(NUMBERS), ranges(NUMBERS)),
    st.builds(Day, ranges(DAYS), ranges(DAYS)),
    st.builds(Choice, tuples(TEXTS, 1)),
    st.builds(Choices, tuples(TEXTS, 1)),
    st.just(YesNo()),
)


@st.composite
def sops(draw: st.DrawFn) -> Sop:
    names = draw(st.lists(IDS.filter(lambda name: name != "end"), min_size=2, max_size=9, unique=True))
    half = (len(names) + 1) // 2
    ids, records = names[:half], names[half:]
    steps = tuple(draw(steps_of(ids, place, records[place : place + 1])) for place in range(len(ids)))
    return Sop(
        id=draw(IDS),
        title=draw(TEXTS),
        version=draw(TEXTS),
        kind=Kind.ADMINISTRATIVE,
        unit=draw(TEXTS),
        team=Team("staf", "kepala", "kepala"),
        positions=(Position("staf", draw(TEXTS)), Position("kepala", draw(TEXTS), True, "staf")),
        steps=steps,
        digest="",
        status=draw(st.sampled_from(Status)),
        dates=draw(st.builds(Dates, st.none() | DAYS, st.none() | DAYS)),
        legal_basis=draw(tuples(st.builds(Law, TEXTS, st.none() | DAYS))),
        related=draw(tuples(TEXTS)),
    )


@st.composite
def steps_of(draw: st.DrawFn, ids: list[str], place: int, records: list[str]) -> Step:
    below = ids[place + 1] if place + 1 < len(ids) else None
    anywhere = st.sampled_from([*ids, None])
    limits = {"max": st.integers(1, 9), "then": anywhere}
    back = st.one_of(
        st.builds(Way, LABELS, anywhere, st.booleans(), **limits),
        st.builds(Way, LABELS, anywhere, st.just(True), reasons=tuples(TEXTS, 1), **limits),
    )
    ways = st.lists(back, max_size=2, unique_by=lambda way: way.label.casefold())
    onward = Way("1", below)
    does = st.one_of(
        st.just(Do(below)),
        ways.map(lambda others: Decide((onward, *others, Way("2", below)))),
        st.builds(Approve, st.just(below), st.none() | st.sampled_from(ids), st.booleans()),
    )
    offsets = st.builds(Offset, st.sampled_from(ids), LENGTHS)
    fields = st.builds(Field, st.sampled_from(records), TEXTS, ASKS, st.booleans(), TEXTS) if records else st.nothing()
    return Step(
        id=ids[place],
        number=place + 1,
        text=draw(TEXTS),
        does=draw(does),
        by=draw(st.sampled_from([STAFF, STAFF[:1], ("initiator",)])),
        needs=draw(tuples(TEXTS)),
        within=draw(st.none() | LENGTHS),
        critical=draw(st.booleans()),
        record=draw(st.just(()) | fields.map(lambda one: (one,))) if records else (),
        check=draw(tuples(TEXTS)),
        evidence=draw(st.builds(Evidence, st.integers(0, 9), st.integers(0, 9), st.booleans())),
        not_before=draw(st.none() | offsets),
        deadline=draw(st.none() | st.builds(Deadline, offsets, st.booleans())),
    )


def written(sop: Sop) -> dict[str, Any]:
    """`sop` as its file would say it, every value as text."""
    return {
        "id": sop.id,
        "title": sop.title,
        "version": sop.version,
        "status": sop.status.value,
        "kind": sop.kind.value,
        "unit": sop.unit,
        "team": {"author": sop.team.author, "supervisor": sop.team.supervisor, "manager": sop.team.manager},
        "positions": {
            one.id: {"title": one.title, "external": flag(one.external), "recorded_by": one.recorded_by}
            for one in sop.positions
        },
        "dates": {"made": day(sop.dates.made), "trial": day(sop.dates.trial)},
        "legal_basis": [{"text": law.text, "checked": day(law.checked)} for law in sop.legal_basis],
        "related": list(sop.related),
        "steps": [written_step(step) for step in sop.steps],
    }


def written_step(step: Step) -> dict[str, Any]:
    return written_does(step) | {
        "id": step.id,
        "by": list(step.by),
        "needs": list(step.needs) or None,
        "within": step.within and step.within.text,
        "critical": flag(step.critical),
        "record": [written_field(one) for one in step.record],
        "check": list(step.check),
        "evidence": {
            "photos": str(step.evidence.photos) if step.evidence.photos else None,
            "files": str(step.evidence.files) if step.evidence.files else None,
            "location": flag(step.evidence.location),
        },
        "not_before": step.not_before and {"after": step.not_before.anchor, "wait": length(step.not_before)},
        "deadline": step.deadline
        and {
            "after": step.deadline.at.anchor,
            "within": length(step.deadline.at),
            "starts": flag(step.deadline.starts),
        },
    }


def written_does(step: Step) -> dict[str, Any]:
    match step.does:
        case Do(next=then):
            return {"do": step.text, "next": then or "end"}
        case Approve(next=then, reject=reject, sign=sign):
            return {"approve": step.text, "next": then or "end", "reject": reject, "sign": flag(sign)}
        case Decide(ways=ways):
            return {"decide": step.text, "choices": [written_way(way) for way in ways]}
        case Child():
            raise AssertionError


def written_way(way: Way) -> dict[str, Any]:
    limit = {"max": str(way.max), "then": way.then or "end"} if way.max else {}
    reason = list(way.reasons) or flag(way.reason)
    return {"label": way.label, "next": way.next or "end", "reason": reason} | limit


def written_field(one: Field) -> dict[str, Any]:
    common = {"name": one.name, "label": one.label, "required": flag(one.required), "example": one.example}
    match one.asks:
        case Text(digits=digits):
            return common | {"type": "text", "digits": digits and f"{digits[0]}-{digits[1]}"}
        case Number(unit=unit, expect=expect, limit=limit):
            return common | {"type": "number", "unit": unit, "expect": ends(expect), "limit": ends(limit)}
        case Day(expect=expect_day, limit=limit_day):
            return common | {"type": "date", "expect": ends(expect_day), "limit": ends(limit_day)}
        case Choice(options=options):
            return common | {"type": "choice", "options": list(options)}
        case Choices(options=options):
            return common | {"type": "choices", "options": list(options)}
        case YesNo():
            return common | {"type": "yesno"}


def flag(value: bool) -> str:
    return "true" if value else "false"


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def length(offset: Offset) -> str | None:
    return offset.duration.text if offset.duration else None


def ends(limits: Range[Any]) -> list[str | None]:
    return [None if end is None else str(end) for end in (limits.low, limits.high)]


@given(sops())
def test_any_procedure_that_is_written_is_read_as_it_was(sop: Sop) -> None:
    as_yaml = read(yaml.safe_dump(written(sop), allow_unicode=True, sort_keys=False))
    as_json = read(json.dumps(written(sop), ensure_ascii=False))

    assert replace(as_yaml, digest="") == sop
    assert as_json == as_yaml
