"""The card of whoever looks after people: lists, somebody's card, and short forms, all on one message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.engine.people import Role
from bot.engine.staffing import Absence, Acting, ErasedFor, Holding, Span
from bot.engine.units import Units
from bot.views import names, people
from bot.views import taps as t
from bot.views.pages import Page
from bot.views.screen import Button, Row, Screen, Style, cut, h
from bot.views.taps import Packer
from bot.views.words import N_, Words

PAGE = 7
"""Lines of a list: as many as fit a small screen with buttons for thumbs."""

MOST = 30
"""Positions or absences of one person, whose list has no pages."""


class Move(StrEnum):
    """What a button of this card does."""

    GO = "g"
    CHOOSE = "c"
    PERSON = "p"
    TURN = "t"
    NUMBER = "n"
    DAY = "d"
    SAVE = "s"
    BACK = "b"


class Go(StrEnum):
    """Where a button of this card leads."""

    INVITE = "invite"
    INVITATIONS = "invitations"
    REQUESTS = "requests"
    LIST = "list"
    NAME = "name"
    NIP = "nip"
    UNIT = "unit"
    ROLES = "roles"
    POSITIONS = "positions"
    GIVE = "give"
    ABSENCES = "absences"
    AWAY = "away"
    SINCE = "since"
    UNTIL = "until"
    STAND_IN = "stand-in"
    STOP = "stop"
    ERASE = "erase"
    RESTORE = "restore"
    PIN = "pin"


NONE = "--none"
"""Chosen instead of a unit or a person: none."""
ALL = "--all"
"""Chosen instead of a unit: everyone."""
TODAY, TOMORROW, OPEN = "today", "tomorrow", "open"
"""Days that have a button; OPEN is no last day."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every screen of this card is drawn with: for the question `ask`, with something `said` at its top."""

    words: Words
    pack: Packer
    ask: int
    today: date
    units: Units
    titles: Mapping[str, str]
    said: str = ""

    def button(self, label: str, move: Move, to: str = "-", style: Style = Style.PLAIN) -> Button:
        """A button of this card."""
        return Button(label, self.pack.plain(t.Desk(self.ask, move.value, to)), style)

    def go(self, label: str, place: Go, style: Style = Style.PLAIN) -> Button:
        """A button that leads somewhere."""
        return self.button(label, Move.GO, place.value, style)

    def back(self) -> Row:
        """The way back."""
        return (self.button(f"‹ {self.words('Back')}", Move.BACK),)

    def screen(self, lines: Iterable[str], rows: Iterable[Row] = ()) -> Screen:
        """The screen, with what was said at its top."""
        note = [f"ℹ️ {h(cut(self.said, 600))}", ""] if self.said else []
        return Screen("\n".join([*note, *lines]), tuple(row for row in rows if row))

    def title(self, position: str) -> str:
        """What a position is called; one that no SOP knows any more, by its id."""
        return self.titles.get(position, position)

    def unit(self, unit: str | None) -> str:
        """What a unit is called."""
        known = self.units.get(unit)
        return h(cut(known.title if known else unit, 80)) if unit else self.words("no unit")

    def turning(self, page: Page) -> tuple[Row, ...]:
        """The buttons that turn the pages of a list."""
        return page.turning(lambda label, number: self.button(label, Move.TURN, str(number)))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, as their card shows them. `others` has the names of those who stand in."""

    id: int
    name: str
    nip: str | None
    unit: str | None
    roles: frozenset[Role]
    stopped_at: datetime | None = None
    awaited: bool = False
    reachable: bool = True
    holdings: tuple[Holding, ...] = ()
    absences: tuple[Absence, ...] = ()
    others: Mapping[int, str] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """Their name, or a dash where they never wrote and nobody named them."""
        return names.person(self.name or "–")


# Lists


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are: of people by unit, and of what waits."""

    people: Mapping[str | None, int]
    invitations: int
    requests: int
    takes_lists: bool


def by_unit(frame: Frame, counts: Counts, page: int) -> Screen:
    """The units and how many work in each, to choose from."""
    words = frame.words
    units = [(unit.id, unit.title) for unit in frame.units if counts.people.get(unit.id)]
    if counts.people.get(None):
        units.append((NONE, words("no unit")))
    part = Page(page, len(units), PAGE)
    rows: list[Row] = []
    for unit, title in units[part.lines]:
        count = counts.people[None if unit == NONE else unit]
        rows.append((frame.button(f"{cut(title, 48)} ({words.number(count)})", Move.CHOOSE, unit),))
    rows += frame.turning(part)
    everyone = words("Everyone ({count})", count=words.number(sum(counts.people.values())))
    rows.append((frame.button(f"👥 {everyone}", Move.CHOOSE, ALL),))
    return frame.screen(_head(words), [*rows, *_ways_in(frame, counts)])


def _head(words: Words) -> list[str]:
    return [f"<b>{words('People')}</b>", words("Type a name to find somebody.")]


def _ways_in(frame: Frame, counts: Counts) -> list[Row]:
    words = frame.words
    row = [frame.go(f"✉️ {words('Invite')}", Go.INVITE, Style.MAIN)]
    if counts.invitations:
        count = words.number(counts.invitations)
        row.append(frame.go(words("Invitations ({count})", count=count), Go.INVITATIONS))
    requests = words("Requests ({count})", count=words.number(counts.requests))
    asking = (frame.go(f"🙋 {requests}", Go.REQUESTS),) if counts.requests else ()
    whole = (frame.go(f"📄 {words('As a list (CSV)')}", Go.LIST),) if counts.takes_lists else ()
    return [tuple(row), asking, whole]


def listed(
    frame: Frame, members: Sequence[Member], page: int, *, unit: str | None, found: str, counts: Counts | None
) -> Screen:
    """A page of people: of a unit, found by words, or all. `counts` where this is the first list there is."""
    words, part = frame.words, Page(page, len(members), PAGE)
    lines = [f"<b>{_list_title(frame, unit, found, counts)}</b> ({words.number(len(members))})"]
    lines.append(words("Type a name to find somebody."))
    rows: list[Row] = [(_member_button(frame, one),) for one in members[part.lines]]
    rows += frame.turning(part)
    return frame.screen(lines, [*rows, *(_ways_in(frame, counts) if counts else [frame.back()])])


def _list_title(frame: Frame, unit: str | None, found: str, counts: Counts | None) -> str:
    if found:
        return frame.words("Found for “{text}”", text=h(cut(found, 60)))
    return frame.words("People") if counts or unit is None else frame.unit(None if unit == NONE else unit)


def _member_button(frame: Frame, one: Member) -> Button:
    held = next((frame.title(holding.position) for holding in one.holdings if holding.span.covers(frame.today)), "")
    label = " · ".join(part for part in (cut(one.name or "–", 32), cut(held, 28)) if part)
    return frame.button(f"{_mark(frame, one)}{label}", Move.PERSON, str(one.id))


def _mark(frame: Frame, one: Member) -> str:
    if one.stopped_at is not None:
        return "⛔ "
    if any(absence.span.covers(frame.today) for absence in one.absences):
        return "🌴 "
    return "⏳ " if one.awaited else ""


# Somebody


def card(frame: Frame, one: Member, may: frozenset[Go]) -> Screen:
    """Somebody's card: who they are, what they hold, and what I may change of it."""
    words = frame.words
    lines = [f"👤 <b>{one.called}</b>"]
    lines += [words("NIP {nip}", nip=h(one.nip))] if one.nip else []
    lines.append(words("Unit: {unit}", unit=frame.unit(one.unit)))
    lines.append(words("Roles: {roles}", roles=people.roles(words, one.roles)))
    lines += _state(frame, one)
    if one.holdings:
        lines += ["", f"<b>{words('Positions')}</b>", *(f"• {_holding(frame, held)}" for held in one.holdings[:MOST])]
    if one.absences:
        lines += [
            "",
            f"<b>{words('Absence')}</b>",
            *(f"• {_absence(frame, away, one)}" for away in one.absences[:MOST]),
        ]
    return frame.screen(lines, [*_card_rows(frame, may), frame.back()])


def _state(frame: Frame, one: Member) -> list[str]:
    words = frame.words
    if one.stopped_at is not None:
        return [f"⛔ {words('Access stopped on {day}', day=words.day(one.stopped_at.astimezone(words.zone).date()))}"]
    if one.awaited:
        return [f"⏳ {words('Has not opened the bot yet')}"]
    return [] if one.reachable else [f"🔇 {words('Has blocked the bot, so nothing arrives')}"]


def _holding(frame: Frame, held: Holding) -> str:
    words = frame.words
    what = people.position(words, frame.title(held.position), held.acting)
    where = f", {frame.unit(held.unit)}" if held.unit else ""
    return f"{what}{where}, {people.span(words, held.span)}"


def _absence(frame: Frame, away: Absence, one: Member) -> str:
    words = frame.words
    if away.stand_in is None:
        return f"{people.span(words, away.span)}, {words('nobody stands in')}"
    stand_in = names.person(one.others.get(away.stand_in) or "–")
    return f"{people.span(words, away.span)}, {words('{name} stands in', name=stand_in)}"


def _card_rows(frame: Frame, may: frozenset[Go]) -> list[Row]:
    words = frame.words
    offered: tuple[tuple[tuple[str, Go], ...], ...] = (
        ((words("Positions"), Go.POSITIONS), (words("Absence"), Go.ABSENCES)),
        ((words("Roles"), Go.ROLES), (words("Unit"), Go.UNIT)),
        ((words("Name"), Go.NAME), (words("NIP"), Go.NIP)),
        ((words("Clear PIN"), Go.PIN),),
        ((f"✅ {words('Restore access')}", Go.RESTORE),),
    )
    rows = [tuple(frame.go(label, place) for label, place in row if place in may) for row in offered]
    stop = (frame.go(f"⛔ {words('Stop access')}", Go.STOP, Style.STOP),) if Go.STOP in may else ()
    erase = (frame.go(f"🗑 {words('Erase personal data')}", Go.ERASE, Style.STOP),) if Go.ERASE in may else ()
    return [*rows, stop, erase]


def _typing(frame: Frame, head: str, how: str) -> Screen:
    return frame.screen([f"<b>{head}</b>", how], [frame.back()])


def new_name(frame: Frame, one: Member | None) -> Screen:
    """What is somebody called, or, where nobody is given, whoever is invited?"""
    words = frame.words
    head = words("What is {name} called?", name=one.called) if one else words("What is the person called?")
    return _typing(frame, head, words("Please type the whole name."))


def new_nip(frame: Frame, one: Member) -> Screen:
    """Which NIP?"""
    words = frame.words
    how = words("Please type the 18 digits, or a hyphen for none.")
    return _typing(frame, words("Which NIP does {name} have?", name=one.called), how)


def new_unit(frame: Frame, one: Member | None, page: int, chosen: str | None) -> Screen:
    """In which unit does somebody work, or, where nobody is given, is it?"""
    words = frame.words
    head = words("In which unit does {name} work?", name=one.called) if one else words("In which unit?")
    everything = list(frame.units)
    part = Page(page, len(everything), PAGE)
    rows: list[Row] = [
        (frame.button(f"{_tick(unit.id == chosen)}{cut(unit.title, 56)}", Move.CHOOSE, unit.id),)
        for unit in everything[part.lines]
    ]
    rows += frame.turning(part)
    rows.append((frame.button(f"{_tick(chosen is None)}{words('no unit')}", Move.CHOOSE, NONE),))
    return frame.screen([f"<b>{head}</b>"], [*rows, frame.back()])


def _tick(on: bool) -> str:
    return "✅ " if on else ""


def roles(frame: Frame, one: Member, chosen: Sequence[Role]) -> Screen:
    """Which roles?"""
    words = frame.words
    head = words("Which roles does {name} have?", name=one.called)
    save = (frame.button(f"💾 {words('Save')}", Move.SAVE, style=Style.MAIN),)
    return frame.screen([f"<b>{head}</b>"], [*_role_rows(frame, chosen, list(Role)), save, frame.back()])


def _role_rows(frame: Frame, chosen: Sequence[Role], offered: Sequence[Role]) -> list[Row]:
    buttons = [
        frame.button(f"{_tick(role in chosen)}{frame.words(people.ROLES[role])}", Move.CHOOSE, role.value)
        for role in Role
        if role in offered or role in chosen
    ]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


# Positions


def positions(frame: Frame, one: Member) -> Screen:
    """What somebody holds now and later; each can be ended."""
    words = frame.words
    lines = [f"<b>{words('Positions of {name}', name=one.called)}</b>"]
    lines += [f"• {_holding(frame, held)}" for held in one.holdings] or [words("None yet.")]
    rows: list[Row] = [
        (frame.button(words("End: {what}", what=cut(frame.title(held.position), 48)), Move.NUMBER, str(held.id)),)
        for held in one.holdings[:MOST]
    ]
    rows.append((frame.go(f"➕ {words('Give a position')}", Go.GIVE, Style.MAIN),))
    return frame.screen(lines, [*rows, frame.back()])


def which_position(
    frame: Frame, one: Member | None, position_ids: Sequence[str], page: int, chosen: Sequence[str], found: str
) -> Screen:
    """Which position for somebody, or which ones for whoever is invited? All that the SOPs know, or those found."""
    words = frame.words
    head = words("Which position for {name}?", name=one.called) if one else words("Which positions?")
    lines = [f"<b>{head}</b>", words("Choose one, or type a part of its name.")]
    if found and not position_ids:
        lines.append(words("I found no position for “{text}”.", text=h(cut(found, 60))))
    if not frame.titles:
        lines.append(words("There is no SOP yet, and so there are no positions."))
    part = Page(page, len(position_ids), PAGE)
    rows: list[Row] = [
        (frame.button(f"{_tick(position in chosen)}{cut(frame.title(position), 56)}", Move.CHOOSE, position),)
        for position in position_ids[part.lines]
    ]
    return frame.screen(lines, [*rows, *frame.turning(part), frame.back()])


def giving(frame: Frame, one: Member, position: str, days: Span, acting: Acting, unit: str | None) -> Screen:
    """The form of a position that is given: everything on it is usual, so that one tap saves it."""
    words = frame.words
    lines = [f"<b>{words('A position for {name}', name=one.called)}</b>"]
    lines.append(people.position(words, frame.title(position), acting))
    lines.append(words("First day: {day}", day=words.day(days.since)))
    lines.append(words("Last day: {day}", day=words.day(days.until) if days.until else words("none")))
    lines.append(words("Unit: {unit}", unit=frame.unit(unit or one.unit)))
    how = tuple(
        frame.button(f"{_tick(kind is acting)}{words(name)}", Move.CHOOSE, kind.value)
        for kind, name in people.ACTING.items()
    )
    when = (frame.go(f"📅 {words('First day')}", Go.SINCE), frame.go(f"📅 {words('Last day')}", Go.UNTIL))
    where = (frame.go(words("Another unit"), Go.UNIT),) if len(frame.units) else ()
    save = (frame.button(f"💾 {words('Save')}", Move.SAVE, style=Style.MAIN),)
    return frame.screen(lines, [how, when, where, save, frame.back()])


def _which_day(frame: Frame, head: str, days: Sequence[str]) -> Screen:
    # `days` have a button; any other is typed
    words = frame.words
    labels = {TODAY: words("Today"), TOMORROW: words("Tomorrow"), OPEN: words("No last day")}
    buttons = tuple(frame.button(labels[day], Move.DAY, day) for day in days)
    how = words("Or type a date, for example: {example}.", example=words.day(date(frame.today.year, 12, 1)))
    return frame.screen([f"<b>{head}</b>", how], [buttons, frame.back()])


def first_day(frame: Frame) -> Screen:
    """From which day on?"""
    return _which_day(frame, frame.words("Which is the first day?"), (TODAY, TOMORROW))


def last_day(frame: Frame) -> Screen:
    """Until which day?"""
    return _which_day(frame, frame.words("Which is the last day?"), (TODAY, TOMORROW, OPEN))


def ending(frame: Frame, one: Member, held: Holding) -> Screen:
    """Which is the last day of a position?"""
    title = h(cut(frame.title(held.position), 80))
    head = frame.words("Which is the last day of {name} as {position}?", name=one.called, position=title)
    return _which_day(frame, head, (TODAY,))


# Absence


def absences(frame: Frame, one: Member) -> Screen:
    """When somebody is away now and later."""
    words = frame.words
    lines = [f"<b>{words('Absence of {name}', name=one.called)}</b>"]
    lines += [f"• {_absence(frame, away, one)}" for away in one.absences] or [words("None planned.")]
    rows: list[Row] = [
        (frame.button(words("End: {what}", what=people.span(words, away.span)), Move.NUMBER, str(away.id)),)
        for away in one.absences[:MOST]
    ]
    rows.append((frame.go(f"➕ {words('Enter an absence')}", Go.AWAY, Style.MAIN),))
    return frame.screen(lines, [*rows, frame.back()])


def away(frame: Frame, one: Member, days: Span, stand_in: str | None) -> Screen:
    """The form of an absence."""
    words = frame.words
    lines = [f"<b>{words('An absence of {name}', name=one.called)}</b>"]
    lines.append(words("First day: {day}", day=words.day(days.since)))
    lines.append(words("Last day: {day}", day=words.day(days.until) if days.until else words("none")))
    lines.append(words("Stand-in: {name}", name=names.person(stand_in) if stand_in else words("nobody")))
    lines.append(words("Whoever stands in does the steps of their positions meanwhile."))
    when = (frame.go(f"📅 {words('First day')}", Go.SINCE), frame.go(f"📅 {words('Last day')}", Go.UNTIL))
    who = (frame.go(f"👤 {words('Stand-in')}", Go.STAND_IN),)
    save = (frame.button(f"💾 {words('Save')}", Move.SAVE, style=Style.MAIN),)
    return frame.screen(lines, [when, who, save, frame.back()])


def which_stand_in(frame: Frame, one: Member, members: Sequence[Member], page: int) -> Screen:
    """Who stands in for somebody?"""
    words = frame.words
    head = words("Who stands in for {name}?", name=one.called)
    part = Page(page, len(members), PAGE)
    rows: list[Row] = [(_member_button(frame, other),) for other in members[part.lines]]
    nobody = (frame.button(words("Nobody"), Move.CHOOSE, NONE),)
    lines = [f"<b>{head}</b>", words("Choose somebody, or type a name.")]
    return frame.screen(lines, [*rows, *frame.turning(part), nobody, frame.back()])


# Access


def stopping(frame: Frame, one: Member, held: int) -> Screen:
    """Is the access really to be stopped?"""
    words = frame.words
    lines = [f"⛔ <b>{words('Stop the access of {name}?', name=one.called)}</b>"]
    lines.append(words("They can do nothing here any more, at once. What they did stays."))
    if held:
        lines.append(words.many("{count} open step is with them.", "{count} open steps are with them.", held))
    stop = frame.button(f"⛔ {words('Stop access')}", Move.SAVE, style=Style.STOP)
    return frame.screen(lines, [(stop,), frame.back()])


ERASED_FOR: Mapping[ErasedFor, str] = {
    ErasedFor.ASKED: N_("They asked for it"),
    ErasedFor.LEFT: N_("They left the office"),
    ErasedFor.TERM: N_("The time to keep it is over"),
}


def erasing(frame: Frame, one: Member, why: ErasedFor | None) -> Screen:
    """Why is what is known of somebody to be erased; and, once that is said, really?"""
    words = frame.words
    lines = [f"🗑 <b>{words('Erase the personal data of {name}?', name=one.called)}</b>"]
    lines.append(words("Name, NIP, Telegram number, typed words and sent files go for good."))
    lines.append(words("That a position did its steps stays, without the name."))
    lines.append(words("Messages that phones already show cannot be taken back."))
    if why is None:
        reasons = [(frame.button(words(label), Move.CHOOSE, code.value),) for code, label in ERASED_FOR.items()]
        return frame.screen([*lines, "", words("Why?")], [*reasons, frame.back()])
    lines += ["", words("Reason: {reason}", reason=words(ERASED_FOR[why])), words("This cannot be undone.")]
    erase = frame.button(f"🗑 {words('Erase for good')}", Move.SAVE, style=Style.STOP)
    return frame.screen(lines, [(erase,), frame.back()])


@dataclass(frozen=True, slots=True)
class Draft:
    """With what somebody is to be let in, as far as it is chosen."""

    roles: tuple[Role, ...]
    unit: str | None
    positions: tuple[str, ...]
    name: str


def inviting(
    frame: Frame, draft: Draft, offered: Sequence[Role], *, may_give_positions: bool, asked: str | None
) -> Screen:
    """The form of an invitation, or, where somebody `asked` for it, of letting them in."""
    words = frame.words
    head = words("Let {name} in", name=names.person(asked)) if asked is not None else words("Invite somebody")
    called = names.person(draft.name) if draft.name else words("as in Telegram")
    held = ", ".join(h(cut(frame.title(one), 60)) for one in draft.positions) or words("none")
    lines = [f"<b>{head}</b>", words("Name: {name}", name=called)]
    lines.append(words("Roles: {roles}", roles=people.roles(words, draft.roles) or words("none")))
    lines.append(words("Unit: {unit}", unit=frame.unit(draft.unit)))
    lines += [words("Positions: {positions}", positions=held)] if may_give_positions else []
    unit = [frame.go(words("Unit"), Go.UNIT)] if len(frame.units) else []
    more = [*unit, *([frame.go(words("Positions"), Go.POSITIONS)] if may_give_positions else [])]
    label = words("Let in") if asked is not None else words("Make the invitation")
    return frame.screen(
        lines,
        [
            *_role_rows(frame, draft.roles, offered),
            (*more, frame.go(words("Name"), Go.NAME)),
            (frame.button(f"✅ {label}", Move.SAVE, style=Style.GO),),
            frame.back(),
        ],
    )


@dataclass(frozen=True, slots=True)
class Open:
    """An invitation that can still be used."""

    id: int
    draft: Draft
    inviter: str
    expires_at: datetime


def invitations(frame: Frame, listed: Sequence[Open], page: int) -> Screen:
    """The invitations that can still be used; each can be taken back."""
    words, part = frame.words, Page(page, len(listed), PAGE)
    shown = listed[part.lines]
    lines = [f"<b>{words('Invitations')}</b>"]
    lines += [_open(frame, one) for one in shown] or [words("None is open.")]
    rows: list[Row] = [
        (frame.button(words("Revoke: {what}", what=f"#{one.id} {cut(one.draft.name, 40)}"), Move.NUMBER, str(one.id)),)
        for one in shown
    ]
    return frame.screen(lines, [*rows, *frame.turning(part), frame.back()])


def _open(frame: Frame, one: Open) -> str:
    words = frame.words
    name = f" {names.person(one.draft.name)}" if one.draft.name else ""
    terms = f"{people.roles(words, one.draft.roles)}, {frame.unit(one.draft.unit)}"
    by = words("by {name}, until {moment}", name=names.person(one.inviter), moment=words.weekday(one.expires_at))
    return f"• #{one.id}{name}: {terms}\n{by}"


def requests(frame: Frame, asking: Sequence[tuple[int, str, int]]) -> Screen:
    """Who asked to be let in: the number of the request, the name, the chat."""
    words = frame.words
    lines = [f"<b>{words('Requests')}</b>"]
    lines += [words("• {name}, number {id}", name=names.person(name), id=chat) for _, name, chat in asking[:PAGE]]
    rows: list[Row] = [
        (frame.button(words("Answer: {name}", name=cut(name, 40)), Move.NUMBER, str(number)),)
        for number, name, _ in asking[:PAGE]
    ]
    return frame.screen(lines if asking else [*lines, words("None is open.")], [*rows, frame.back()])
