"""Facts taken out in the chat: only those that one may have, by pseudonyms; it is journalled who took them."""

import gzip
from datetime import timedelta
from io import BytesIO, TextIOWrapper
from typing import Any

from bot.engine.figures import Overview
from bot.engine.records import FactsExported
from bot.engine.rights import Action
from bot.engine.sop import Sop
from bot.services import counting, report_cards
from bot.services.house import Answer, House
from bot.services.inquiry import Inquiry
from bot.storage import export
from bot.storage.database import Transaction
from bot.storage.journal import Entry, Where
from bot.storage.part import Part, TooMany
from bot.storage.people import Person
from bot.views import figures as view
from bot.views.screen import Written

MOST, ROWS = 10_000_000, 300_000
"""Bytes of a file that is sent, which a phone in the field still fetches; and rows beyond which none is read, as there
is no room for so many."""


def inquiry(house: House, me: Person, of: Overview, ask: int, code: str) -> Inquiry | None:
    """How facts are read and sent below; None where no button says that. Tapped twice in a minute they come once."""
    if code not in view.FACTS:
        return None
    what, _, form = code.partition("-")

    def read(tx: Transaction) -> bytes | None:
        try:
            content = _written(tx, house, _part(tx, house, me, of), what, form)
        except TooMany:
            return None
        return content if len(content) <= MOST else None

    def show(content: bytes | None, tx: Transaction, house: House, me: Person) -> Answer:
        words = house.words(me)
        if content is None:
            return Answer(view.too_much(words, what), alert=True)
        period = of.period
        done = FactsExported(what, form, period.first, period.next.first, of.sop, of.unit)
        tx.journal.append(me.id, [Entry(done, Where(sop=of.sop, unit=me.unit))])
        days = f"{period.first:%Y%m%d}-{period.next.first - timedelta(days=1):%Y%m%d}"
        file = Written(f"{_NAME[what]}-{days}.{_ENDING[form]}", content)
        letter = view.facts_letter(counting.frame(tx, house, me), of, file)
        tx.letters.put(f"facts:{me.id}:{ask}:{code}:{tx.at:%Y%m%d%H%M}", me.chat, letter, must=False)
        return Answer(words("It follows below."))

    return Inquiry(read, show)


_NAME = {"runs": "pelaksanaan", "deviations": "penyimpangan", "reports": "laporan"}
_ENDING = {"xlsx": "xlsx", "xes": "xes.gz"}


def _part(tx: Transaction, house: House, me: Person, of: Overview) -> Part:
    scope = counting.scope(house, me, of, Action.EXPORT)
    sops = [one.sop for one in tx.versions.newest() if of.unit is None or _is_of(house, of.unit, one.sop)]
    readable = (sop.id for sop in sops if report_cards.may(tx, house, me, Action.SEE_REPORTS, sop))
    return Part(scope, me.id, frozenset(readable))


def _is_of(house: House, unit: str, sop: Sop) -> bool:
    return house.units.covers(unit, house.units.titled(sop.unit))


def _written(tx: Transaction, house: House, part: Part, what: str, form: str) -> bytes:
    def put(out: BytesIO | gzip.GzipFile) -> None:
        stream = TextIOWrapper(out, encoding="utf-8", newline="")
        again = house.settings.departures.again
        export.write(tx.connection, what, form, stream, names=False, part=part, again=again, most=ROWS)
        stream.detach()

    held = _Held()
    if form == "xes":
        # a log in XML says the same words again and again, and whatever reads such logs reads them packed
        with gzip.open(held, "wb") as packed:
            put(packed)
    else:
        put(held)
    return held.getvalue()


class _Held(BytesIO):
    """A file in memory that holds one byte more than can be sent, whatever is written to it."""

    def write(self, content: Any) -> int:
        room = max(MOST + 1 - self.tell(), 0)
        super().write(content[:room])
        return len(content)
