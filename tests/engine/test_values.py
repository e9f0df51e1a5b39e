"""What people type, read back: numbers the Indonesian way, days, choices, and the limits that they are held to."""

import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.sop import Asks, Choice, Choices, Day, Earlier, Number, Range, Text, YesNo
from bot.engine.values import (
    LONGEST_TEXT,
    Ambiguous,
    Clock,
    Misfit,
    Misread,
    Value,
    Verdict,
    check,
    clean,
    ends,
    read,
    read_clock,
)

TODAY = date(2026, 11, 24)
CONDITIONS = ("Baik", "Rusak ringan", "Rusak berat")

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
asks_of_all_kinds = st.sampled_from(
    [Text(), Text((1, 6)), Number("°C"), Number(), Day(), Choice(CONDITIONS), Choices(CONDITIONS), YesNo()]
)
typed = (
    st.text()
    | st.text(alphabet="0123456789 .,-–/Rp°C", max_size=25)
    | st.sampled_from(["hari ini", "1,2", "ya", "24 nov", "Baik", "1.500"])
)


def misfit(asks: Asks, text: str) -> Misfit:
    with pytest.raises(Misread) as misread:
        read(asks, text, TODAY)
    return misread.value.why


# Any text


@given(asks_of_all_kinds, typed, days)
def test_whatever_is_typed_is_read_or_asked_again(asks: Asks, text: str, today: date) -> None:
    try:
        value = read(asks, text, today)
    except (Misread, Ambiguous):
        return
    match asks:
        case Text():
            assert isinstance(value, str)
        case Number():
            assert isinstance(value, Decimal)
            assert value.is_finite()
        case Day():
            assert isinstance(value, date)
        case Choice():
            assert value in CONDITIONS
        case Choices():
            assert value
            assert set(value) <= set(CONDITIONS)  # type: ignore[arg-type]
        case YesNo():
            assert isinstance(value, bool)


@pytest.mark.parametrize("asks", [Text(), Number(), Day(), Choice(CONDITIONS), Choices(CONDITIONS), YesNo()])
@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "\u200b\u200d", "\u3164", "\u2800 "])
def test_words_that_cannot_be_seen_are_no_answer(asks: Asks, text: str) -> None:
    assert misfit(asks, text) is Misfit.EMPTY


def test_the_longest_text_is_kept_and_a_longer_one_refused() -> None:
    assert read(Text(), "a" * LONGEST_TEXT, TODAY) == "a" * LONGEST_TEXT
    assert misfit(Text(), "a" * (LONGEST_TEXT + 1)) is Misfit.TOO_LONG


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  kartu\x00 merah\u200b ", "kartu merah"),
        ("satu\r\ndua\rtiga\n", "satu\ndua\ntiga"),
        ("nama\tjabatan", "nama jabatan"),
        ("\u202emerah", "merah"),
        ("cafe\u200b\u0301", "caf\u00e9"),
        ("\ud800rusak", "rusak"),
    ],
)
def test_a_text_is_kept_as_it_looks(text: str, kept: str) -> None:
    assert clean(text) == kept


@given(st.text())
def test_a_clean_text_is_composed_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert all(char == "\n" or not unicodedata.category(char).startswith("C") for char in once)


@pytest.mark.parametrize(("text", "digits"), [("120", "120"), ("000120", "000120"), (" 12 01 ", "1201")])
def test_digits_keep_their_zeros_and_lose_their_spaces(text: str, digits: str) -> None:
    assert read(Text((1, 6)), text, TODAY) == digits


@pytest.mark.parametrize("text", ["1234567", "12a", "12.5", "-12", "١٢"])
def test_too_many_digits_or_other_signs_are_refused(text: str) -> None:
    assert misfit(Text((1, 6)), text) is Misfit.NOT_DIGITS


def test_too_few_digits_are_refused() -> None:
    assert misfit(Text((18, 18)), "1980010120050110") is Misfit.NOT_DIGITS
    assert read(Text((18, 18)), "19800101 200501 1 001", TODAY) == "198001012005011001"


# Numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("1.500,5", "1500.5"), ("1500,5", "1500.5"), ("1500.5", "1500.5"), ("1,500.5", "1500.5")),
        *(("1.500.000", "1500000"), ("1,500,000", "1500000"), ("1 500", "1500"), ("1 500 000,25", "1500000.25")),
        *(("1\u00a0500", "1500"), ("1\u202f500", "1500"), ("0", "0"), ("007", "7"), ("-3", "-3"), ("- 3", "-3")),
        *(("\u22123", "-3"), ("–3", "-3"), ("+3", "3"), ("0.500", "0.5"), ("0,500", "0.5"), ("12.5", "12.5")),
        *(("1500.500", "1500.5"), ("-1.500,25", "-1500.25"), ("12,50", "12.5")),
        *(("Rp1.500.000", "1500000"), ("Rp 1.500.000,00", "1500000"), ("Rp. 1.500,-", "1500"), ("rp500,-", "500")),
        *(("-Rp1.500.000", "-1500000"), ("99999999999999999999", "99999999999999999999")),
    ],
)
def test_a_number_is_read_the_way_it_is_written_here(text: str, number: str) -> None:
    assert read(Number(), text, TODAY) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("36,5 °C", "°C", "36.5"),
        ("36,5°c", "°C", "36.5"),
        ("80%", "%", "80"),
        ("12 Orang", "orang", "12"),
        ("1.500.000 rupiah", "rupiah", "1500000"),
        ("-4 °C", "°C", "-4"),
    ],
)
def test_the_unit_may_stand_behind_a_number(text: str, unit: str, number: str) -> None:
    assert read(Number(unit), text, TODAY) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "many", "few"),
    [
        ("1.500", "1500", "1.5"),
        ("1,500", "1500", "1.5"),
        ("-1.500", "-1500", "-1.5"),
        ("12.000", "12000", "12"),
        ("Rp999,999", "999999", "999.999"),
    ],
)
def test_a_thousand_and_a_half_or_one_and_a_half_is_asked_back(text: str, many: str, few: str) -> None:
    with pytest.raises(Ambiguous) as doubt:
        read(Number(), text, TODAY)
    assert doubt.value.candidates == (Decimal(many), Decimal(few))


@pytest.mark.parametrize(
    "text",
    [
        *("lima", "Rp", "-", "--5", "1 5", "12 30", "1\n500", "1.500.00", "1.50.000", "1.500,5,5", "1.500 000"),
        *("1500,", ",5", "1e5", "NaN", "Infinity", "0x10", "1_000", "²", "٣", "5 km", "1/2", "9" * 21, "1," + "0" * 30),
    ],
)
def test_what_is_no_number_is_asked_again(text: str) -> None:
    assert misfit(Number("m"), text) is Misfit.NOT_A_NUMBER


def test_there_is_no_zero_below_zero() -> None:
    assert str(read(Number(), "-0", TODAY)) == "0"


def written(number: Decimal, thousands: str, mark: str) -> str:
    return f"{number:,f}".replace(",", "t").replace(".", mark).replace("t", thousands)


numbers = st.decimals(Decimal(-(10**12)), Decimal(10**12), allow_nan=False, places=3) | st.integers(
    -(10**12), 10**12
).map(Decimal)


@given(numbers, st.sampled_from([(".", ","), (",", "."), (" ", ","), ("", ","), ("", ".")]))
def test_a_number_written_out_reads_back_or_is_asked_back_with_itself_among_the_two(
    number: Decimal, style: tuple[str, str]
) -> None:
    text = written(number, *style)
    try:
        assert read(Number(), text, TODAY) == number
    except Ambiguous as doubt:
        assert number in doubt.candidates


# Days


@pytest.mark.parametrize(
    "text",
    [
        *(
            "24/11/2026",
            "24-11-2026",
            "24.11.2026",
            "24 11 2026",
            "24/11",
            "2026-11-24",
            "2026/11/24",
            "24 November 2026",
        ),
        *("24 november", "24 nov", "24 Nov.", "24-nov-2026", "24nov2026", "24 nopember 2026", "Hari  ini", "today"),
    ],
)
def test_a_day_is_read_in_every_usual_form(text: str) -> None:
    assert read(Day(), text, TODAY) == TODAY


@pytest.mark.parametrize("text", ["31/12/9999", "9999-12-31", "0001-01-01", "1/1/1899", "1 Januari 2200"])
def test_a_year_out_of_reach_is_a_slip(text: str) -> None:
    assert misfit(Day(), text) is Misfit.NOT_A_DAY


@pytest.mark.parametrize(
    ("text", "ahead"), [("kemarin", -1), ("yesterday", -1), ("besok", 1), ("tomorrow", 1), ("lusa", 2)]
)
def test_a_near_day_is_counted_from_today(text: str, ahead: int) -> None:
    assert read(Day(), text, TODAY) == TODAY + timedelta(days=ahead)


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        ("2027-01-02", "31 des", "2026-12-31"),
        ("2026-12-30", "2 jan", "2027-01-02"),
        ("2026-11-24", "17 agustus", "2026-08-17"),
        ("2027-12-01", "29 feb", "2028-02-29"),
    ],
)
def test_a_day_without_year_is_the_nearest(today: str, text: str, day: str) -> None:
    assert read(Day(), text, date.fromisoformat(today)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        *("31/11/2026", "29/2/2027", "29 feb", "11/24/2026", "24/11/26", "0/1/2026", "1/1/0000", "24 marmot 2026"),
        *("24 ma 2026", "24", "20261124", "minggu depan", "24/11/2026 08.10"),
    ],
)
def test_what_is_no_day_is_asked_again(text: str) -> None:
    assert misfit(Day(), text) is Misfit.NOT_A_DAY


@given(days, days, st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]))
def test_a_day_with_its_year_reads_back_on_any_other_day(day: date, today: date, form: str) -> None:
    assert read(Day(), day.strftime(form), today) == day


@pytest.mark.parametrize(
    ("text", "hour", "minute", "ahead"),
    [
        ("08.10", 8, 10, 0),
        ("8:05", 8, 5, 0),
        ("pukul 07.30", 7, 30, 0),
        ("jam 07.30 WITA", 7, 30, 0),
        ("kemarin 14:30", 14, 30, -1),
        ("23/11 pukul 08.10", 8, 10, -1),
        ("24 November 2026, pkl. 23.59 wib", 23, 59, 0),
    ],
)
def test_a_time_is_read_with_or_without_its_day(text: str, hour: int, minute: int, ahead: int) -> None:
    assert read_clock(text, TODAY) == Clock(hour, minute, TODAY + timedelta(days=ahead))


@pytest.mark.parametrize("text", ["24.00", "12.60", "8", "pagi", "nanti 08.10", "pukul", "31/11 08.10"])
def test_what_is_no_time_is_asked_again(text: str) -> None:
    with pytest.raises(Misread) as misread:
        read_clock(text, TODAY)
    assert misread.value.why is Misfit.NOT_A_DAY


@given(typed, days)
def test_whatever_is_typed_for_a_time_is_read_or_asked_again(text: str, today: date) -> None:
    try:
        clock = read_clock(text, today)
    except Misread:
        return
    assert 0 <= clock.hour < 24
    assert 0 <= clock.minute < 60


# Choices


@pytest.mark.parametrize("text", ["Rusak ringan", "rusak  RINGAN", "2"])
def test_an_option_is_chosen_by_its_words_or_its_number(text: str) -> None:
    assert read(Choice(CONDITIONS), text, TODAY) == "Rusak ringan"


def test_the_words_of_an_option_come_before_its_number() -> None:
    assert read(Choice(("3", "2", "1")), "1", TODAY) == "1"


@pytest.mark.parametrize("text", ["0", "4", "-1", "Rusak", "Baik sekali", "02"])
def test_what_is_no_option_is_asked_again(text: str) -> None:
    assert misfit(Choice(CONDITIONS), text) is Misfit.NOT_AN_OPTION


@pytest.mark.parametrize("text", ["rusak berat, baik", "3;1", "1\n3\n", "Baik, 3, baik"])
def test_several_options_come_back_once_and_in_their_order(text: str) -> None:
    assert read(Choices(CONDITIONS), text, TODAY) == ("Baik", "Rusak berat")


@pytest.mark.parametrize("text", [",", "1, 9", "Baik dan rusak"])
def test_one_wrong_option_spoils_the_answer(text: str) -> None:
    assert misfit(Choices(CONDITIONS), text) is Misfit.NOT_AN_OPTION


@pytest.mark.parametrize(
    ("text", "answer"),
    [("Ya", True), ("y", True), ("YES", True), ("Tidak", False), ("t", False), ("no", False), ("n", False)],
)
def test_yes_and_no_are_understood_in_both_languages(text: str, answer: bool) -> None:
    assert read(YesNo(), text, TODAY) is answer


def test_perhaps_is_neither_yes_nor_no() -> None:
    assert misfit(YesNo(), "mungkin") is Misfit.NOT_YES_OR_NO


# Limits

TEMPERATURE = Number("°C", expect=Range(Decimal(20), Decimal(80)), limit=Range(Decimal(0), None))


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("20", Verdict.INSIDE),
        ("80", Verdict.INSIDE),
        ("80.1", Verdict.UNEXPECTED),
        ("0", Verdict.UNEXPECTED),
        ("-0.1", Verdict.FORBIDDEN),
    ],
)
def test_both_ends_of_a_range_belong_to_it(value: str, verdict: Verdict) -> None:
    assert check(TEMPERATURE, Decimal(value), {}) is verdict


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        ({}, Verdict.INSIDE),
        ({"mulai": date(2026, 11, 24)}, Verdict.INSIDE),
        ({"mulai": date(2026, 11, 25)}, Verdict.FORBIDDEN),
        ({"mulai": "besok"}, Verdict.INSIDE),
    ],
)
def test_an_end_recorded_earlier_counts_once_it_is_recorded(known: dict[str, Value], verdict: Verdict) -> None:
    assert check(Day(limit=Range(Earlier("mulai"), None)), TODAY, known) is verdict


def test_an_expected_end_may_be_an_earlier_number() -> None:
    asks = Number(expect=Range(None, Earlier("kuota")))
    assert check(asks, Decimal(31), {"kuota": Decimal(30)}) is Verdict.UNEXPECTED
    assert check(asks, Decimal(30), {"kuota": Decimal(30)}) is Verdict.INSIDE


@pytest.mark.parametrize(
    ("asks", "value"),
    [(Text(), "merah"), (YesNo(), False), (Choice(CONDITIONS), "Baik"), (Choices(CONDITIONS), ("Baik",))],
)
def test_what_has_no_range_is_always_inside(asks: Asks, value: Value) -> None:
    assert check(asks, value, {}) is Verdict.INSIDE


def test_the_ends_of_a_range_can_be_told_to_whoever_missed_them() -> None:
    limits: Range[Decimal] = Range(Earlier("kuota"), Decimal(80))
    assert ends(limits, {"kuota": Decimal(30)}) == (Decimal(30), Decimal(80))
    assert ends(limits, {}) == (None, Decimal(80))
