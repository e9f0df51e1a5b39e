"""/ganti: something changed that SOPs rely on; those that it touches are found, ticked, and looked at early.

Only they hear of it who look after one of these SOPs, or have a run in hand whose version names what changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, utils

from bot.engine import questions as q
from bot.engine.office_changes import ChangeAnnounced, Place, named
from bot.engine.sop import Sop
from bot.services import cards, deciders, reviews
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.journal import Entry
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import office_change_taps as o
from bot.views import office_changes as view
from bot.views.pages import Page
from bot.views.screen import Screen

CARD = "change"
"""What the card is called on which a change is announced."""

ALIKE = 82
"""Likeness, of 100, from which on words of an SOP are taken for what changed."""


def begin(tx: Transaction, house: House, me: Person, text: str) -> None:
    """/ganti, with or without what changed."""
    if text:
        find(tx, house, me, text)
    else:
        cards.ask(tx, house, me, q.WhatChanged())
        _put(tx, me, view.ask_what(house.words(me)), anew=True)


def _put(tx: Transaction, me: Person, screen: Screen, *, anew: bool = False) -> None:
    tx.cards.put(CARD, me.chat, screen, seen_id=me.seen_id, anew=anew)


def find(tx: Transaction, house: House, me: Person, text: str) -> None:
    """What changed was typed: which SOPs name it? Other words may be typed until it is found."""
    found = sorted(_naming(tx, text), key=lambda sop: sop.title)
    what = q.Touched(text, tuple(sop.id for sop in found)) if found else q.WhatChanged()
    asked = cards.ask(tx, house, me, what)
    _draw(tx, house, me, asked, text, 0, anew=True)


def _naming(tx: Transaction, text: str) -> list[Sop]:
    return [one.sop for one in tx.versions.live() if _where(one.sop, text)[2] >= ALIKE]


def _where(sop: Sop, text: str) -> tuple[Place, str, float]:
    """The words of an SOP that are likest to what changed, where they stand, and how like they are."""
    rated = [(place, words, _likeness(text, words)) for place, words in named(sop)]
    return max(rated, key=lambda one: one[2])


def _likeness(text: str, words: str) -> float:
    if len(text) < len(words):
        return fuzz.partial_ratio(text, words, processor=utils.default_process)
    return fuzz.ratio(text, words, processor=utils.default_process)


def _draw(tx: Transaction, house: House, me: Person, asked: Asked, text: str, page: int, *, anew: bool = False) -> None:
    ids, chosen = (asked.what.sops, asked.what.chosen) if isinstance(asked.what, q.Touched) else ((), ())
    live = _live(tx, ids)
    part = Page(page, len(live), view.PAGE)
    found = []
    for number, sop in live[part.lines]:
        place, words, _ = _where(sop, text)
        found.append(view.Touched(number, sop, place, words, len(tx.runs.open_in(sop.id)), number in chosen))
    ticked = sum(number in chosen for number, _ in live)
    screen = view.touched(house.words(me), house.pack, asked.ask, text, found, part, ticked)
    _put(tx, me, screen, anew=anew)


def _live(tx: Transaction, ids: Sequence[str]) -> list[tuple[int, Sop]]:
    live = {one.sop.id: one.sop for one in tx.versions.live()}
    return [(number, live[name]) for number, name in enumerate(ids) if name in live]


def press(tx: Transaction, house: House, me: Person, tap: o.OfficeChangeTap) -> Answer:
    """A tap on the card of a change."""
    match me.asked, tap:
        case Asked(ask=ask, what=q.Touched() as what) as asked, o.TickTouched() if ask == tap.ask:
            chosen = {*what.chosen, tap.number} if tap.on else {*what.chosen} - {tap.number}
            now = replace(what, chosen=tuple(sorted(chosen)))
            page = sum(number < tap.number for number, _ in _live(tx, what.sops)) // view.PAGE
            _draw(tx, house, me, tx.questions.go_on(me.id, asked, now), what.words, page)
            return Answer()
        case Asked(ask=ask, what=q.Touched() as what) as asked, o.TurnTouched() if ask == tap.ask:
            _draw(tx, house, me, asked, what.words, tap.page)
            return Answer()
        case Asked(ask=ask, what=q.Touched() as what), o.Announce() if ask == tap.ask:
            return _announce(tx, house, me, what)
        case _:
            return Answer(house.words(me)("That card was old. Send /change to begin again."), alert=True)


def _announce(tx: Transaction, house: House, me: Person, what: q.Touched) -> Answer:
    """Those that are ticked are looked at now: their reviews open, and whoever looks after them or runs them hears."""
    sops = [sop for number, sop in _live(tx, what.sops) if number in what.chosen]
    if not sops:
        return Answer(house.words(me)("Please tick an SOP first."), alert=True)
    tx.questions.drop(me.id)
    seq = tx.journal.append(me.id, [Entry(ChangeAnnounced(what.words), reviews.where(sop)) for sop in sops])
    for sop in sops:
        reviews.open_now(tx, house, sop, me.id)
        _tell_performers(tx, house, me, what.words, sop, seq)
    _tell_owners(tx, house, me, what.words, sops, seq)
    _put(tx, me, view.announced(house.words(me), what.words, sops))
    return Answer()


def _tell_performers(tx: Transaction, house: House, me: Person, text: str, sop: Sop, seq: int) -> None:
    hands = dict(tx.runs.open_in(sop.id))
    runs = tx.runs.some(hands)
    pinned = tx.versions.sops(run.digest for run in runs)
    people = {one.id: one for one in tx.people.some(set(hands.values()) - {me.id})}
    for run in runs:
        to, version = people.get(hands[run.id]), pinned[run.digest]
        if to is not None and _where(version, text)[2] >= ALIKE:
            letter = view.run_letter(house.words(to), text, version, run.id)
            tx.letters.put(f"change:{seq}:run:{run.id}", to.chat, letter)


def _tell_owners(tx: Transaction, house: House, me: Person, text: str, sops: Sequence[Sop], seq: int) -> None:
    """Each hears of their own; of what nobody looks after the admins do."""
    owned: dict[int, list[Sop]] = defaultdict(list)
    for sop in sops:
        for person in deciders.owners(tx, house, sop):
            owned[person].append(sop)
    for other in tx.people.some(owned.keys() - {me.id}):
        letter = view.change_letter(house.words(other), me.name, text, owned[other.id])
        tx.letters.put(f"change:{seq}:{other.id}", other.chat, letter)
