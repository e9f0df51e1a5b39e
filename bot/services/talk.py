"""What people type and send: the answer to what is asked, the word of a button, or words to search for."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.engine import commands as c
from bot.engine import questions as q
from bot.engine.commands import Refused
from bot.engine.run import FileKind, Progress, Run
from bot.engine.sop import Decide, Field, Sop, Step
from bot.engine.values import Ambiguous, Misread, clean, read, read_clock
from bot.services import menu, reports
from bot.services import runs as running
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.files import Incoming
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import menu as screens
from bot.views import taps as t
from bot.views.refusals import refusal
from bot.views.screen import Button, Screen

LARGEST = 20 * 1024 * 1024
"""Bytes of a file that Telegram hands to bots."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it came in: its words, or a file with perhaps some words, or neither."""

    message_id: int
    text: str = ""
    file: Incoming | None = None
    reply_to: int | None = None


_WORDS: dict[str, c.Command | t.Open] = {
    "selesai": c.Finish(),
    "done": c.Finish(),
    "kendala": t.Open(q.Otherwise()),
    "problem": t.Open(q.Otherwise()),
    "lainnya": t.Open(q.More()),
    "more": t.Open(q.More()),
    "selesai dengan catatan": c.Note(),
    "done with a note": c.Note(),
    "lewati": c.Skip(),
    "skip": c.Skip(),
    "tidak bisa": c.Block(),
    "cannot": c.Block(),
    "tidak berlaku": c.Waive(),
    "not applicable": c.Waive(),
    "jeda": c.Pause(),
    "pause": c.Pause(),
    "lanjutkan": c.Resume(),
    "resume": c.Resume(),
    "hentikan": c.Stop(),
    "stop run": c.Stop(),
    "urungkan": c.Undo(),
    "undo": c.Undo(),
    "setujui": c.Give(),
    "approve": c.Give(),
    "tolak": c.Refuse(),
    "reject": c.Refuse(),
}
_GO_ON = ("lanjut", "continue")
_WRONG = ("prosedur salah", "procedure wrong")


def hear(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """A message without a slash."""
    text = clean(said.text)
    if said.file is None and not text:
        _say(tx, me, "odd", said, screens.not_understood(house.words(me)))
        return
    if said.file is not None and (said.file.size or 0) > LARGEST:
        _say(tx, me, "big", said, screens.too_big(house.words(me)))
        return
    match me.asked:
        case Asked(what=q.Wording() as what):
            reports.explain(tx, house, me, what, text, said.file)
        case Asked(what=q.WhichSop()) if text and said.file is None:
            _which_sop(tx, house, me, text)
        case _:
            _to_a_run(tx, house, me, said, text)


def _say(tx: Transaction, me: Person, what: str, said: Said, screen: Screen) -> None:
    tx.letters.put(f"{what}:{me.id}:{said.message_id}", me.chat, screen, must=False)


def _which_sop(tx: Transaction, house: House, me: Person, text: str) -> None:
    found = menu.best(tx, me, text)
    if found is None:
        menu.find(tx, house, me, text)
    else:
        reports.ask_what_is_wrong(tx, house, me, found, None)


def _to_a_run(tx: Transaction, house: House, me: Person, said: Said, text: str) -> None:
    candidates = _runs_meant(tx, me, said)
    meant = text.casefold() in _WORDS or said.file is not None
    match candidates:
        case []:
            if said.file is not None:
                _say(tx, me, "file", said, screens.no_run_for_file(house.words(me)))
            else:
                menu.find(tx, house, me, text)
        case [run]:
            _to_run(tx, house, me, run, said, text)
        case _ if meant or any(_expects(tx, run) for run in candidates):
            words = house.words(me)
            menu.list_runs(tx, house, me, words("Which run is it for? Choose it, then send that again."))
        case _:
            menu.find(tx, house, me, text)


def _expects(tx: Transaction, run: Run) -> bool:
    sop = tx.versions.sop(run.digest)
    return run.progress is Progress.ACTIVE and c.next_field(sop.step(run.step or sop.first.id), run) is not None


def _runs_meant(tx: Transaction, me: Person, said: Said) -> list[Run]:
    """The run that a message is for: the card it replies to, the question that is open, else every open run."""
    if said.reply_to is not None:
        subject = tx.cards.subject_of(me.chat, said.reply_to)
        replied = running.run_of(subject) if subject else None
        run = tx.runs.get(replied) if replied else None
        if run is not None and run.starter == me.id:
            return [run]
    if me.asked is not None and me.asked.run is not None:
        run = tx.runs.get(me.asked.run)
        return [run] if run is not None else []
    return [run for one in tx.runs.open_of(me.id) if (run := tx.runs.get(one.id))]


def _to_run(tx: Transaction, house: House, me: Person, run: Run, said: Said, text: str) -> None:
    sop = tx.versions.sop(run.digest)
    try:
        _told(tx, house, me, run, sop, said, text)
    except Refused as refused:
        note = refusal(house.words(me), refused)
        after = tx.runs.get(run.id)
        assert after is not None
        running.show(tx, house, me, after, sop, asked=me.asked, said=note)


def _told(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, said: Said, text: str) -> str:
    plain = text.casefold().strip(" .!")
    match me.asked:
        case Asked(run=run.id, what=q.Tell(turn=turn)) if plain not in (*_GO_ON, *_WORDS):
            return _explain(tx, house, me, run, sop, turn, text, said.file)
        case Asked(run=run.id, what=q.When()) if plain not in _WORDS and said.file is None:
            return running.at_time(tx, house, me, run, sop, _moment(tx, house, me, run, sop, text))
        case Asked(run=run.id, what=q.Tell()) if plain in _GO_ON:
            return running.close(tx, house, me, run, sop)
        case _:
            pass
    _require_seen(tx, house, me, run, sop, said)
    if said.file is not None:
        return _proof(tx, house, me, run, sop, said.file)
    if plain in _WORDS:
        return _word(tx, house, me, run, sop, _WORDS[plain])
    if plain in _WRONG:
        reports.ask_what_is_wrong(tx, house, me, sop, run.step, run.id)
        return ""
    return _answer(tx, house, me, run, sop, text)


def _require_seen(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, said: Said) -> None:
    """Typed words carry no stamp: those written before the present visit was shown are for an earlier one."""
    shown = tx.cards.shown(running.subject(run.id), me.chat)
    seen = shown is not None and shown.visit == run.visit and shown.words_from is not None
    if not seen or shown is None or said.message_id < (shown.words_from or 0):
        raise Refused(c.Why.EARLY_WORDS)


def _word(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, meant: c.Command | t.Open) -> str:
    tap = t.OnRun(t.Stamp(run.id, run.visit), meant)
    answer = running.press(tx, house, me, tap)
    if answer.alert:
        after = tx.runs.get(run.id)
        assert after is not None
        running.show(tx, house, me, after, sop, said=answer.text)
    return answer.text


def _explain(
    tx: Transaction, house: House, me: Person, run: Run, sop: Sop, turn: int, text: str, file: Incoming | None
) -> str:
    if file is not None:
        tx.files.keep(file, me.id, run=run.id, visit=run.visit, step=run.step)
    attachment = file.attachment if file else None
    running.order(tx, house, me, run, sop, c.Explain(turn, text, attachment))
    return ""


def _proof(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, file: Incoming) -> str:
    command = c.Attach(file.attachment)
    used = tx.files.used_before(file.attachment.unique, run.id)
    if run.step is None or run.progress is not Progress.ACTIVE:
        raise Refused(c.Why.PAUSED if run.progress is Progress.PAUSED else c.Why.OVER)
    if any(one.unique == file.attachment.unique for one in run.files):
        raise Refused(c.Why.SAME_FILE)
    tx.files.keep(file, me.id, run=run.id, visit=run.visit, step=run.step)
    if used is not None and file.attachment.kind is not FileKind.LOCATION:
        return running.ask(tx, house, me, run, sop, q.Reused(command, used.run))
    return running.order(tx, house, me, run, sop, command)


def _moment(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, text: str) -> datetime:
    try:
        clock = read_clock(text, house.office.day(tx.at))
    except Misread as misread:
        raise Refused(c.Why.MISREAD, misfit=misread.why) from None
    return datetime(clock.day.year, clock.day.month, clock.day.day, clock.hour, clock.minute, tzinfo=house.office.zone)


def _answer(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, text: str) -> str:
    """Words that are no button's: the way of a decision, the value that the step asks for, else a search."""
    step = sop.step(run.step) if run.step else None
    if step is None or run.progress is not Progress.ACTIVE:
        return _search(tx, house, me, run, step, text)
    way = _way(step, text)
    if way is not None:
        return running.order(tx, house, me, run, sop, c.Choose(way))
    field = _asked_field(me, run, step)
    if field is None:
        return _search(tx, house, me, run, step, text)
    try:
        value = _value(me, field, text, house, tx)
    except Ambiguous as doubt:
        return running.ask(tx, house, me, run, sop, q.Which(field.name, doubt.candidates))
    return running.order(tx, house, me, run, sop, value)


def _value(me: Person, field: Field, text: str, house: House, tx: Transaction) -> c.Record:
    try:
        return c.Record(field.name, read(field.asks, text, house.office.day(tx.at)))
    except Misread as misread:
        raise Refused(c.Why.MISREAD, misfit=misread.why, field=field) from None


def _way(step: Step, text: str) -> int | None:
    match step.does:
        case Decide(ways=ways):
            labels = [way.label.casefold() for way in ways]
            return labels.index(text.casefold()) if text.casefold() in labels else None
        case _:
            return None


def _asked_field(me: Person, run: Run, step: Step) -> Field | None:
    match me.asked:
        case Asked(run=run.id, what=q.Fill(name=name) | q.Which(name=name) | q.Several(name=name)):
            return c.field_named(step, name)
        case _:
            following = c.next_field(step, run)
            return following if following is not None and following.required else None


def _search(tx: Transaction, house: House, me: Person, run: Run, step: Step | None, text: str) -> str:
    jot = None
    if step is not None:
        asked = tx.questions.ask(me.id, q.Jot(text), run.id, run.visit)
        data = house.pack.run(t.Stamp(run.id, run.visit, asked.ask), t.JotDown())
        jot = Button(screens.jot_label(house.words(me), step.number), data)
    menu.find(tx, house, me, text, jot)
    return ""


def cancel(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """/batal: leave the open question, never a run."""
    words = house.words(me)
    if me.asked is None:
        _say(tx, me, "cancel", said, screens.nothing_asked(words))
        return
    tx.questions.drop(me.id)
    if me.asked.run is not None:
        running.refresh(tx, house, replace(me, asked=None), me.asked.run)
    if isinstance(me.asked.what, q.WhichSop | q.WhatIsWrong | q.Wording):
        reports.close(tx, house, me, me.asked.what.number if isinstance(me.asked.what, q.Wording) else None)
    _say(tx, me, "cancel", said, screens.dropped(words))
