"""A list of people that somebody sent: what it would change, what is wrong with it, and the links that it brought."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.engine.desk import Flaw, Listed, Snag
from bot.engine.people import Role
from bot.engine.staffing import Acting, Holding
from bot.views import names
from bot.views.desk import Frame, Move
from bot.views.screen import Screen, Style, Written, cut, h
from bot.views.words import N_, Words

SHOWN = 8
"""Names or flaws that are listed; of more only the number is told."""

HEADERS = ("nama", "nip", "unit", "tautan")
"""Of the list of links, which people open in a spreadsheet and programs read."""
COLUMNS = ("nama", "nip", "unit", "jabatan", "peran", "cuti", "pengganti")
"""Of the list of people, as it is read: in one language, whoever sends it."""
SEVERAL = " | "
"""Between several positions or roles of somebody."""
ROLES: Mapping[Role, str] = {
    Role.PERFORMER: "pelaksana",
    Role.AUTHOR: "penulis",
    Role.SUPERVISOR: "pengawas",
    Role.MANAGER: "pimpinan",
    Role.ADMIN: "admin",
}
_ACTING: Mapping[Acting, str] = {Acting.DEFINITIVE: "", Acting.PLT: "Plt. ", Acting.PLH: "Plh. "}


def coming(frame: Frame) -> Screen:
    """The list is being fetched."""
    return frame.screen([f"⏳ {frame.words('I am reading your list …')}"], [frame.back()])


def preview(frame: Frame, new: Sequence[Listed], changed: Sequence[str], same: int, flaws: Sequence[Flaw]) -> Screen:
    """What the list would change."""
    words = frame.words
    lines = [f"<b>{words('Your list of people')}</b>"]
    lines.append(words("New, to be invited: {count}", count=words.number(len(new))))
    lines += _some(words, [one.name for one in new])
    lines.append(words("Known, to be changed: {count}", count=words.number(len(changed))))
    lines += _some(words, changed)
    lines.append(words("Known, unchanged: {count}", count=words.number(same)))
    if flaws:
        lines += ["", f"⚠️ <b>{words('Lines that are left out: {count}', count=words.number(len(flaws)))}</b>"]
        lines += [f"• {h(flaw(words, one))}" for one in flaws[:SHOWN]]
    rest = words("The list adds and corrects; it takes nothing away.")
    save = (frame.button(f"✅ {words('Take in')}", Move.SAVE, style=Style.GO),) if new or changed else ()
    return frame.screen([*lines, "", rest], [save, frame.back()])


def _some(words: Words, called: Sequence[str]) -> list[str]:
    shown = ", ".join(names.person(cut(name, 40)) for name in called[:SHOWN])
    more = f" {words('and {count} more', count=words.number(len(called) - SHOWN))}" if len(called) > SHOWN else ""
    return [f"{shown}{more}"] if called else []


_SNAGS: Mapping[Snag, str] = {
    Snag.NOT_FETCHED: N_("Telegram did not hand the file over. Please send it again."),
    Snag.NO_TEXT: N_("This is no CSV file. In Excel choose Save as, then CSV."),
    Snag.TOO_LONG: N_("The list is too long: at most 1,000 lines."),
    Snag.NO_NAMES: N_("The first line must name the columns: nama; nip; unit; jabatan; peran."),
    Snag.NO_LINES: N_("The list is empty."),
    Snag.NAME: N_("There is no readable name: {what}"),
    Snag.NAME_TWICE: N_("{what} stands in the list twice."),
    Snag.NAME_UNCLEAR: N_("Several people are called {what}; please add the NIP."),
    Snag.FORMULA: N_("The name begins like a formula: {what}"),
    Snag.NIP: N_("That is no NIP: {what}"),
    Snag.NIP_SHORTENED: N_("The spreadsheet shortened the NIP to {what}; make the column text."),
    Snag.NIP_TWICE: N_("The NIP {what} stands in the list twice."),
    Snag.UNIT: N_("There is no unit {what}."),
    Snag.POSITION: N_("No SOP knows the position {what}."),
    Snag.ROLE: N_("There is no role {what}."),
    Snag.DAYS: N_("Those are no days from first to last: {what}"),
    Snag.AWAY_NEW: N_("{what} is new; enter their absence once they are here."),
    Snag.STAND_IN: N_("Nobody here is {what}, to stand in."),
}


def flaw(words: Words, one: Flaw) -> str:
    """What is wrong on a line, and what was probably meant, without any markup."""
    said = words(_SNAGS[one.snag], what=cut(one.words, 60))
    meant = f" {words('Did you mean {name}?', name=cut(one.likely, 60))}" if one.likely else ""
    return f"{words('Line {number}', number=one.line)}: {said}{meant}" if one.line else said


def taken(words: Words, changed: int, invited: int, refused: Sequence[str]) -> str:
    """What became of the list, without any markup."""
    parts = [words("Changed: {count}.", count=words.number(changed))]
    parts.append(words("Invited: {count}.", count=words.number(invited)))
    if refused:
        listed = words.listed([cut(name, 40) for name in refused[:SHOWN]])
        parts.append(words("Not changed: {names}.", names=listed))
    return " ".join(parts)


def invitations(words: Words, table: bytes, count: int, expires_at: datetime) -> Screen:
    """The links for those who are new, as a spreadsheet."""
    lines = [f"<b>{words.many('{count} invitation', '{count} invitations', count)}</b>"]
    lines.append(words("Pass each link on to the person beside it. It lets in whoever opens it first."))
    lines.append(words("Good for one use, until {moment}.", moment=words.weekday(expires_at)))
    return Screen("\n".join(lines), file=Written("undangan.csv", table))


def post(titles: Mapping[str, str], held: Holding) -> str:
    """A position with its days, as a list of people tells it."""
    title = titles.get(held.position, held.position)
    called = held.position if set(title) & set(";,|()\n") else title  # what parts a list cannot stand in it
    until = f" s.d. {held.span.until:%d/%m/%Y}" if held.span.until else ""
    return f"{_ACTING[held.acting]}{called} ({held.span.since:%d/%m/%Y}{until})"


def whole(words: Words, table: bytes, count: int) -> Screen:
    """Everyone as a spreadsheet."""
    lines = [f"<b>{words.many('{count} person', '{count} people', count)}</b>"]
    lines.append(words("Change the list in a spreadsheet, save it as CSV, and send it here while this card is open."))
    lines.append(words("More lines are more people: the new ones get invitations. Only the name must be filled in."))
    days = words("Days stand in brackets behind a position: {example}.", example="Plt. PPK (1/12/2026 s.d. 31/12/2026)")
    return Screen("\n".join([*lines, days]), file=Written("orang.csv", table))
