"""Finding an SOP and looking at it; one's open runs; language and help."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from rapidfuzz import fuzz, process, utils

from bot.engine import questions as q
from bot.engine.commands import Refused
from bot.engine.rights import Action
from bot.engine.sop import Sop, Status
from bot.services import cards, commands, report_cards
from bot.services import runs as running
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.storage.runs import OpenRun
from bot.storage.versions import Version
from bot.views import menu as view
from bot.views import taps as t
from bot.views.refusals import refusal
from bot.views.screen import Button, Screen
from bot.views.words import LANGUAGES

BEST = 5
JUST_NOW = timedelta(seconds=10)
ENOUGH = 62
"""Likeness, of 100, from which on a title is offered for typed words."""


def _put(tx: Transaction, me: Person, screen: Screen, *, anew: bool = False) -> None:
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id, anew=anew)


def home(tx: Transaction, house: House, me: Person) -> None:
    """The menu of /start: open runs, favourites, what was used last."""
    ranked = _ranked(tx, me)
    cards.ask(tx, house, me, q.Finding())
    tasks, runs = tx.errands.count(me.id), len(tx.runs.open_of(me.id))
    screen = view.home(house.words(me), house.pack, me.name, tasks, runs, ranked[:3])
    _put(tx, me, screen, anew=True)


def find(tx: Transaction, house: House, me: Person, text: str, jot: Button | None = None) -> None:
    """The best five SOPs for typed words, with typos; without words the favourites and what was used last.

    `jot`: the words were typed at a step; it is the button that makes them a note there."""
    if jot is None:
        cards.ask(tx, house, me, q.Finding())
    everything = _ranked(tx, me)
    if text:
        runs = 0 if jot else len(tx.runs.open_of(me.id))
        found = _likely(everything, text)
        _put(tx, me, view.results(house.words(me), house.pack, text, found, runs, jot))
    else:
        _put(tx, me, _all(house, me, everything, 0))


def likely(tx: Transaction, me: Person, text: str) -> list[Sop]:
    """The SOPs that typed words may mean, the best first."""
    return [one.sop for one in _likely(_ranked(tx, me), text)]


def _likely(found: Sequence[view.Found], text: str) -> list[view.Found]:
    scores: dict[int, float] = {}
    for place, one in enumerate(found):
        names = [one.sop.title, one.sop.number, one.sop.id.replace("-", " "), *one.sop.aliases]
        best = process.extractOne(text, names, scorer=fuzz.WRatio, processor=utils.default_process)
        words = fuzz.partial_token_set_ratio(text, " ".join(names), processor=utils.default_process)
        scores[place] = max(best[1] if best else 0, words * 0.95 if len(text) > 3 else 0)
    likely = [place for place, score in scores.items() if score >= ENOUGH]
    top = max(scores.values(), default=0)
    kept = sorted((place for place in likely if scores[place] >= top - 25), key=lambda place: (-scores[place], place))
    return [found[place] for place in kept[:BEST]]


def _ranked(tx: Transaction, me: Person) -> list[view.Found]:
    """Every SOP that one may find: favourites, the last used, then by title; drafts only for those who try them."""
    versions = {one.sop.id: one for one in tx.versions.live()}
    if me.may(Action.SEE_DRAFTS):
        for draft in tx.versions.in_state([Status.DRAFT]):
            versions.setdefault(draft.sop.id, draft)
    used = tx.runs.last_used(me.id)
    stars = tx.people.favourites(me.id)

    def rank(one: Version) -> tuple[bool, int, str]:
        place = used.index(one.sop.id) if one.sop.id in used else len(used)
        return one.sop.id not in stars, place, one.sop.title

    return [view.Found(one.sop, one.status, one.sop.id in stars) for one in sorted(versions.values(), key=rank)]


def browse(tx: Transaction, house: House, me: Person, page: int) -> None:
    """A page of all SOPs."""
    _put(tx, me, _all(house, me, _ranked(tx, me), page))


def _all(house: House, me: Person, found: Sequence[view.Found], page: int) -> Screen:
    return view.all_sops(house.words(me), house.pack, found, page)


def _version(tx: Transaction, me: Person, sop_id: str) -> Version | None:
    live = tx.versions.live_of(sop_id)
    if live is None and me.may(Action.SEE_DRAFTS):
        return tx.versions.draft_of(sop_id)
    return live


def show_sop(tx: Transaction, house: House, me: Person, sop_id: str, *, anew: bool = False) -> None:
    """The card of an SOP, with its start button."""
    version = _version(tx, me, sop_id)
    if version is None:
        _put(tx, me, _gone(tx, house, me, sop_id), anew=anew)
        return
    asked = _looking(tx, house, me, sop_id)
    draft = tx.versions.draft_of(sop_id) if me.may(Action.WRITE) else None
    waits = draft is not None and tx.approvals.open_of(sop_id) is not None
    may_try = me.may(Action.START_TRIAL) and not waits and tx.versions.is_new(sop_id)
    card = view.SopCard(
        sop=version.sop,
        status=version.status,
        ask=asked.ask,
        favourite=sop_id in tx.people.favourites(me.id),
        may_start=version.status in (Status.TRIAL, Status.IN_FORCE),
        draft=version.sop.version if version.status is Status.DRAFT and may_try else "",
        rehearses=rehearsed.sop.version if (rehearsed := _to_rehearse(tx, me, sop_id)) else "",
        submits=draft.sop.version if draft and not waits else "",
        waits=draft.sop.version if draft and waits else "",
        drafts=(draft.sop.version if draft else "") if me.may(Action.WRITE) else None,
        may_post=me.may(Action.POST_CODE),
        reports=report_cards.pending_of(tx, house, me, version.sop),
        due=version.due,
        today=house.office.day(tx.at),
        open_runs=[one.id for one in tx.runs.open_of(me.id) if one.sop == sop_id and not one.rehearsal],
    )
    _put(tx, me, view.sop_card(house.words(me), house.pack, card), anew=anew)


def _looking(tx: Transaction, house: House, me: Person, sop_id: str) -> Asked:
    """The question that the start button answers. It stays the same one for as long as the person looks at that SOP:
    whoever taps faster than the card is painted would otherwise always be one number behind."""
    match me.asked:
        case Asked(what=q.Looking(sop=looked_at, after=None)) if looked_at == sop_id:
            return me.asked
        case _:
            return cards.ask(tx, house, me, q.Looking(sop_id))


def _gone(tx: Transaction, house: House, me: Person, sop_id: str) -> Screen:
    """An SOP that is not in use: what it was called, and what continues it or was related to it."""
    retired = next((one.sop for one in tx.versions.all_of(sop_id)), None)
    live = {one.sop.id: one for one in tx.versions.live()}
    instead = [one for one in live.values() if one.sop.continues == sop_id]
    if retired is not None and not instead:
        instead = [live[name] for name in retired.related if name in live]
    found = [view.Found(one.sop, one.status) for one in instead[:BEST]]
    return view.gone(house.words(me), house.pack, retired.title if retired else "", found)


def start_run(tx: Transaction, house: House, me: Person, tap: t.StartRun) -> Answer:
    """Start the SOP whose card is open. A second tap, or one on an old card, starts nothing."""
    words = house.words(me)
    match me.asked:
        case Asked(ask=tap.ask, what=q.Looking(sop=tap.sop, after=after)):
            version = tx.versions.live_of(tap.sop)
            if version is None:
                _put(tx, me, _gone(tx, house, me, tap.sop))
                return Answer(words("That SOP is not in use."), alert=True)
            begun = None if after is None else continued(tx, after, tap.sop)
            if begun is not None:
                tx.questions.drop(me.id)
                _put(tx, me, view.started(words, version.sop, begun))
                return show_begun(tx, house, replace(me, asked=None), begun)
            try:
                run = running.start(tx, house, me, version.sop, after)
            except Refused as refused:
                return Answer(refusal(words, refused), alert=True)
            tx.questions.drop(me.id)
            _put(tx, me, view.started(words, version.sop, run.id))
            return Answer()
        case _:
            return _too_late(tx, house, me, tap.sop, words("That card was old. Please tap Start on the new one."))


def continued(tx: Transaction, after: int, sop: str) -> int | None:
    """The run of `sop` that continues that run. Where there is none, nobody else starts one before this transaction
    ends."""
    tx.journal.hold()  # or two who worked on it would both start the next one
    return tx.runs.after(after).get(sop)


def show_begun(tx: Transaction, house: House, me: Person, begun: int) -> Answer:
    """Somebody was faster: that run."""
    running.reopen(tx, house, me, begun)
    return Answer(house.words(me)("It is started already; the card is below."))


def _to_rehearse(tx: Transaction, me: Person, sop_id: str) -> Version | None:
    """What a rehearsal of an SOP would walk: its draft, where one may find it, else what new runs use."""
    draft = tx.versions.draft_of(sop_id) if me.may(Action.SEE_DRAFTS) else None
    return draft or tx.versions.live_of(sop_id)


def rehearse(tx: Transaction, house: House, me: Person, tap: t.Rehearse) -> Answer:
    """Walk the SOP whose card is open, without any of it counting. A second tap, or one on an old card, starts
    nothing."""
    words, version = house.words(me), _to_rehearse(tx, me, tap.sop)
    match me.asked:
        case Asked(ask=tap.ask, what=q.Looking(sop=tap.sop)) if version is not None:
            tx.questions.drop(me.id)
            run = running.rehearse(tx, house, me, version.sop)
            _put(tx, me, view.started(words, version.sop, run.id))
            return Answer()
        case _:
            return _too_late(tx, house, me, tap.sop, words("That card was old. Please look at the new one."))


def _too_late(tx: Transaction, house: House, me: Person, sop: str, was_old: str) -> Answer:
    """A tap that starts nothing: the second one, or one on a card that was old."""
    if any(one.sop == sop and tx.at - one.moved_at < JUST_NOW for one in tx.runs.open_of(me.id)):
        return Answer(house.words(me)("It is started already; the card is below."))
    show_sop(tx, house, me, sop)
    return Answer(was_old, alert=True)


def draw_code(tx: Transaction, house: House, me: Person, tap: t.DrawCode) -> Answer:
    """The picture for the wall: its code opens the SOP in this bot."""
    version, words = tx.versions.live_of(tap.sop), house.words(me)
    if version is None:
        return Answer(words("That SOP is not in use."), alert=True)
    letter = view.code_letter(words, version.sop, house.link(f"sop_{tap.sop}"))
    tx.letters.put(f"code:{me.id}:{tap.ask}", me.chat, letter, must=False)
    return Answer()


def favour(tx: Transaction, house: House, me: Person, tap: t.Favour) -> Answer:
    """Put an SOP among the favourites, or take it out."""
    if tx.versions.knows(tap.sop):
        tx.people.favour(me.id, tap.sop, on=tap.on)
    show_sop(tx, house, me, tap.sop)
    return Answer()


def list_runs(tx: Transaction, house: House, me: Person) -> None:
    """One's open runs, to choose from; the only one is shown at once."""
    if me.asked is not None and isinstance(me.asked.what, q.Finding | q.Looking):
        tx.questions.drop(me.id)
        me = replace(me, asked=None)
    mine = open_runs(tx, me)
    if len(mine) == 1:
        running.reopen(tx, house, me, mine[0].id)
    else:
        _put(tx, me, view.open_runs(house.words(me), house.pack, mine, tx.at), anew=True)


def open_runs(tx: Transaction, me: Person) -> list[view.OpenRun]:
    """One's open runs, the last moved first."""
    return [_in_list(tx, one) for one in tx.runs.open_of(me.id)]


def _in_list(tx: Transaction, one: OpenRun) -> view.OpenRun:
    sop = tx.versions.sop(one.digest)
    step, paused = sop.step(one.step) if one.step else None, one.progress == "paused"
    return view.OpenRun(one.id, sop, step, paused, one.moved_at, one.rehearsal)


def ask_language(tx: Transaction, house: House, me: Person) -> None:
    """Which language?"""
    _put(tx, me, view.languages(house.words(me), house.pack), anew=True)


def speak(tx: Transaction, house: House, me: Person, language: str) -> Answer:
    """From now on this language."""
    if language in LANGUAGES:
        tx.people.change(me.id, language=language)
        commands.offer(tx, house, me.id)
        _put(tx, me, view.spoken(house.words(replace(me, language=language))))
    return Answer()


def show_help(tx: Transaction, house: House, me: Person) -> None:
    """What can I do here."""
    _put(tx, me, view.help_screen(house.words(me), house.pack, with_people=me.may(Action.SEE_PEOPLE)), anew=True)
