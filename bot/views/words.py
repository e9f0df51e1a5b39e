"""Words in the reader's language: sentences from the catalogue, dates and numbers as people here write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, localcontext
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from math import floor
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.engine.values import MOST_DIGITS

LANGUAGES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
_NUMBER = "#,##0." + "#" * MOST_DIGITS
CATALOGUES = Path(__file__).parent.parent / "locales"


def N_(text: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark `text` for the catalogue; it is translated later, where the reader's language is known."""
    return text


@cache
def catalogue(language: str) -> NullTranslations:
    """The catalogue of `language`; English needs none, being the language of the code."""
    source = CATALOGUES / f"{language}.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Words:
    """One reader's language and time zone. Called with an English sentence it gives theirs."""

    language: str
    zone: ZoneInfo

    def __call__(self, text: str, /, **values: object) -> str:
        """`text` in the reader's language, its `{placeholders}` filled in."""
        translated = catalogue(self.language).gettext(text)
        return translated.format(**values) if values else translated

    def many(self, one: str, more: str, count: int, /, **values: object) -> str:
        """`one` or `more`, as `count` asks for in the reader's language; `{count}` is filled in."""
        return catalogue(self.language).ngettext(one, more, count).format(count=self.number(count), **values)

    def number(self, value: Decimal | int) -> str:
        """1.500,5 for an Indonesian, 1,500.5 for an English reader."""
        with localcontext(prec=2 * MOST_DIGITS):  # all digits that a person can type
            return format_decimal(value, format=_NUMBER, locale=self._locale)

    def day(self, value: date) -> str:
        """24 November 2026."""
        return format_date(value, "d MMMM y", locale=self._locale)

    def month(self, value: date) -> str:
        """November 2026."""
        return format_date(value, "MMMM y", locale=self._locale)

    def percent(self, share: float) -> str:
        """93 %, rounded down, so that only what is whole is told as such."""
        return f"{floor(share * 100 + 1e-9)} %"

    def weekday(self, at: datetime) -> str:
        """Selasa, 24 November 2026 07.30 WITA; where a day begins, the day alone."""
        there = at.astimezone(self.zone)
        day = format_date(there.date(), "EEEE, d MMMM y", locale=self._locale)
        return day if there.time() == time() else f"{day} {self.time(at)}"

    def time(self, at: datetime) -> str:
        """07.30 WITA."""
        there = at.astimezone(self.zone)
        clock = format_datetime(there, "HH.mm" if self.language == "id" else "HH:mm", tzinfo=self.zone, locale="en")
        return f"{clock} {there.tzname()}"

    def moment(self, at: datetime, now: datetime) -> str:
        """The time alone where `at` is today, else with its day, and with a year that is not this one."""
        there, today = at.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        if there == today:
            return self.time(at)
        day = format_date(there, "d MMM" if there.year == today.year else "d MMM y", locale=self._locale)
        return f"{day} {self.time(at)}"

    def span(self, length: timedelta) -> str:
        """2 jam 15 menit. Never in days: it is working time, and nobody's working day has 24 hours."""
        hours, minutes = divmod(max(0, round(length.total_seconds() / 60)), 60)
        parts = []
        if hours:
            parts.append(self.many("{count} hour", "{count} hours", hours))
        if minutes or not parts:
            parts.append(self.many("{count} minute", "{count} minutes", minutes))
        return " ".join(parts)

    def listed(self, items: list[str]) -> str:
        """A, B, dan C."""
        return format_list(items, locale=self._locale) if items else ""

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.language)
