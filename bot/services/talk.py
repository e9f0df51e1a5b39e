"""What people type and send: the answer to what is asked, the word of a button, or words to search for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.engine import commands as c
from bot.engine import questions as q
from bot.engine.commands import Refused
from bot.engine.deviations import Reason
from bot.engine.messages import Form, Incoming, Said
from bot.engine.reports import Fault
from bot.engine.review import Judging, Remarking
from bot.engine.run import Attachment, FileKind, Progress, Run
from bot.engine.sop import Approve, Choice, Choices, Decide, Field, Sop, Step
from bot.engine.values import Ambiguous, Misread, Value, clean, read, read_clock
from bot.services import (
    approvals,
    cards,
    feedback,
    guess,
    hands,
    menu,
    office_changes,
    pin,
    report_talk,
    reports,
    review_card,
    tasks,
    waiting,
    whereabouts,
)
from bot.services import runs as running
from bot.services import signing as signings
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import menu as screens
from bot.views import names
from bot.views import taps as t
from bot.views.refusals import refusal
from bot.views.run import reasons_of
from bot.views.screen import Button, Screen
from bot.views.words import Words

LARGEST = 20 * 1024 * 1024
"""Bytes of a file that Telegram hands to bots."""

_WORDS: dict[str, t.Act] = {
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
    "prosedur salah": t.Wrong(),
    "procedure wrong": t.Wrong(),
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
    "refuse": c.Refuse(),
    "terima": c.Accept(),
    "accept": c.Accept(),
    "bukan saya": c.Decline(),
    "not me": c.Decline(),
    "kembalikan": c.Return(),
    "return": c.Return(),
    "izinkan": c.Allow(),
    "allow": c.Allow(),
}
"""What the buttons say, typed."""

_ALSO: dict[str, t.Act] = {
    **dict.fromkeys(("ok", "oke", "okay", "sip", "siap", "beres", "sudah", "sudah selesai", "finished"), c.Finish()),
    **dict.fromkeys(("setuju", "disetujui", "approved"), c.Give()),
    **dict.fromkeys(("ditolak", "rejected"), c.Refuse()),
}
"""What people say instead, where no answer is asked that it could be."""

_GO_ON = ("lanjut", "continue", "cukup", "itu saja", "that is all")
_CANCEL = ("batal", "cancel")
_YES = ("ya", "y", "yes", "iya", "ok", "oke")
_NO = ("tidak", "t", "no", "n", "tdk", "bukan")
_NOTHING = ("lewati", "skip", "kosong", "kosongkan", "empty", "leave empty", "-")


def hear(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """A message without a slash."""
    said = replace(said, text=clean(said.text))
    match me.asked:
        case Asked(what=q.Signing() as signing) if _plain(said) not in _CANCEL:
            signings.hear(tx, house, me, me.asked, signing, said)
            return
        case Asked(what=q.Endorsing() as endorsing) if _plain(said) not in _CANCEL:
            approvals.hear_pin(tx, house, me, endorsing, said)
            return
        case _:
            pass
    trouble = _trouble(house.words(me), said)
    if trouble is not None:
        _say(tx, me, "odd", said, trouble)
        return
    replied = _replied(tx, house, me, said)
    if replied is not None and said.file is None and whereabouts.asks(said.text):
        whereabouts.show(tx, house, me, replied.id)
        return
    if replied is not None:
        _to_run(tx, house, me, replied, said)
        return
    match me.asked:
        case _ if said.file is None and _plain(said) in _CANCEL:
            cancel(tx, house, me, said)
        case Asked(what=q.Wording()):
            _wording(tx, house, me, said)
        case Asked(ask=ask, what=q.WhichSop()):
            _which_sop(tx, house, me, ask, said)
        case Asked(what=q.WhichStep() | q.Alike() | q.Rewording() | q.Answering() as what):
            report_talk.hear(tx, house, me, what, said)
        case Asked(what=q.WhatChanged() | q.Touched()) if said.text and said.file is None:
            office_changes.find(tx, house, me, said.text)
        case Asked(what=q.TurningDown() as what) if said.text and said.file is None:
            approvals.turn_down(tx, house, me, what, said.text)
        case Asked(what=q.WhatIsWrong() as what):
            _what_is_wrong(tx, house, me, what, said)
        case Asked(what=Judging() | Remarking()):
            review_card.hear(tx, house, me, me.asked, said)
        case Asked(what=q.ForWhich(said=held)):
            _ask_for_which(tx, house, me, (*held, said))
        case _ if said.file is None and whereabouts.asks(said.text):
            whereabouts.answer(tx, house, me, said.text)
        case Asked(what=q.Finding() | q.Looking()) if said.file is None and not _is_word(said):
            menu.find(tx, house, me, said.text)
        case _:
            _to_some_run(tx, house, me, said)


def _trouble(words: Words, said: Said) -> Screen | None:
    if said.odd:
        return screens.not_understood(words)
    if said.file is None and not said.text:
        return screens.no_words(words)
    if said.file is not None and (said.file.size or 0) > LARGEST:
        return screens.too_big(words)
    return None


def _plain(said: Said) -> str:
    return said.text.casefold().strip(" .!")


def _is_word(said: Said) -> bool:
    return _plain(said) in _WORDS or _plain(said) in _ALSO


def _say(tx: Transaction, me: Person, what: str, said: Said, screen: Screen) -> None:
    tx.letters.put(f"{what}:{me.id}:{said.message_id}", me.chat, screen, must=False)


# A report


def _wording(tx: Transaction, house: House, me: Person, said: Said) -> None:
    if said.file is None and (_plain(said) in _GO_ON or _is_word(said)):
        cards.leave(tx, house, me)
    else:
        reports.explain(tx, house, me, said)


def _which_sop(tx: Transaction, house: House, me: Person, ask: int, said: Said) -> None:
    likely = menu.likely(tx, me, said.text) if said.text else []
    match likely:
        case [sop]:
            reports.ask_which_step(tx, house, me, sop)
        case _:
            reports.offer(tx, house, me, ask, likely, said.text)


def _what_is_wrong(tx: Transaction, house: House, me: Person, what: q.WhatIsWrong, said: Said) -> None:
    """Typed instead of tapped: the kind by its name, or the words themselves."""
    words = house.words(me)
    number = guess.place(said.text, [words(name) for name in names.FAULTS.values()]) if said.file is None else None
    if number is None:
        reports.make(tx, house, me, what, Fault.OTHER, said)
    else:
        reports.make(tx, house, me, what, list(names.FAULTS)[number])


# To which run


def _replied(tx: Transaction, house: House, me: Person, said: Said) -> Run | None:
    """The run whose card the message replies to."""
    subject = tx.cards.subject_of(me.chat, said.reply_to) if said.reply_to is not None else None
    run_id = cards.run_of(subject) if subject else None
    run = tx.runs.get(run_id) if run_id else None
    return run if run is not None and cards.sees(tx, house, me, run) else None


def _to_some_run(tx: Transaction, house: House, me: Person, said: Said) -> None:
    match _runs_meant(tx, me, said):
        case []:
            _to_none(tx, house, me, said)
        case [run]:
            _to_run(tx, house, me, run, said)
        case [Run(), *_] if waiting.is_answer(_WORDS.get(_plain(said))):
            tasks.show(tx, house, me, 0)
        case several if said.file is not None or any(_is_for(tx, house, me, run, said) for run in several):
            _ask_for_which(tx, house, me, (said,))
        case _:
            menu.find(tx, house, me, said.text)


def _runs_meant(tx: Transaction, me: Person, said: Said) -> Sequence[Run]:
    """The run whose card asks something or which is in hand, else every open one. What just ended can be undone."""
    if me.asked is not None and me.asked.run is not None:
        asked = tx.runs.get(me.asked.run)
        if asked is not None and not (asked.over and isinstance(me.asked.what, q.InHand)):
            return [asked]
    answered = waiting.answered_by(tx, me, _WORDS.get(_plain(said)))
    if answered:
        return answered
    runs = [run for one in tx.runs.open_of(me.id) if one.holder == me.id and (run := tx.runs.get(one.id))]
    latest = tx.runs.latest_of(me.id) if _WORDS.get(_plain(said)) == c.Undo() else None
    if latest is None or not latest.over:
        return runs
    fresh = latest.ended_at is not None and tx.at - latest.ended_at <= c.UNDO_WINDOW
    return [latest, *runs] if fresh or not runs else runs


def _is_for(tx: Transaction, house: House, me: Person, run: Run, said: Said) -> bool:
    try:
        return _meant(house, me, run, tx.versions.sop(run.digest), said, tx.at) is not None
    except (Refused, Ambiguous):
        return True


def _to_none(tx: Transaction, house: House, me: Person, said: Said) -> None:
    if said.file is not None:
        _say(tx, me, "file", said, screens.no_run_for_file(house.words(me)))
    elif _is_word(said):
        menu.list_runs(tx, house, me)
    else:
        menu.find(tx, house, me, said.text)


def _ask_for_which(tx: Transaction, house: House, me: Person, said: tuple[Said, ...]) -> None:
    asked = cards.ask(tx, house, me, q.ForWhich(said))
    listed = menu.open_runs(tx, me)
    screen = screens.for_which(house.words(me), house.pack, asked.ask, listed, said, tx.at)
    tx.cards.put(cards.MENU, me.chat, screen, seen_id=me.seen_id)


def choose_run(tx: Transaction, house: House, me: Person, tap: t.ForRun) -> Answer:
    """The run that held messages are for was tapped. It is now the one in hand."""
    run, words = tx.runs.get(tap.run), house.words(me)
    match me.asked:
        case Asked(ask=tap.ask, what=q.ForWhich(said=held)) if run is not None and cards.sees(tx, house, me, run):
            tx.questions.ask(me.id, q.InHand(), run.id, run.visit)
            tx.cards.put(cards.MENU, me.chat, screens.chosen(words, tx.versions.sop(run.digest), run.id), seen_id=0)
            for said in held:
                now = tx.runs.get(tap.run)
                assert now is not None
                _to_run(tx, house, tx.people.get(me.id), now, replace(said, chosen=True))
            return Answer()
        case _:
            return Answer(refusal(words, Refused(c.Why.STALE)), alert=True)


def search_held(tx: Transaction, house: House, me: Person, tap: t.Search) -> Answer:
    """The held words are for no run; they were to be searched for."""
    match me.asked:
        case Asked(ask=tap.ask, what=q.ForWhich(said=held)):
            menu.find(tx, house, me, " ".join(one.text for one in held if one.text))
            return Answer()
        case _:
            return Answer(refusal(house.words(me), Refused(c.Why.STALE)), alert=True)


# In a run


def _to_run(tx: Transaction, house: House, me: Person, run: Run, said: Said) -> None:
    sop = tx.versions.sop(run.digest)
    try:
        _told(tx, house, me, run, sop, said)
    except Refused as refused:
        note = refusal(house.words(me), hands.named(tx, refused))
        after, me = tx.runs.get(run.id), tx.people.get(me.id)
        assert after is not None
        cards.show(tx, house, me, after, sop, asked=cards.about(me, after), said=note)


def _told(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, said: Said) -> None:
    word = _WORDS.get(_plain(said)) if said.file is None else None
    match cards.about(me, run):
        case Asked(what=q.Tell()) if isinstance(word, c.Undo):
            pass
        case Asked(what=q.Tell()) if said.file is None and (_is_word(said) or _plain(said) in _GO_ON):
            # the step that this word might end has not been shown yet
            running.close(tx, house, me, run, sop)
            return
        case Asked(what=q.Tell() as tell):
            _explain(tx, house, me, run, sop, tell, said)
            return
        case Asked(what=q.Saying() as saying) if said.file is None:
            if _is_word(said) or _plain(said) in _GO_ON:
                running.close(tx, house, me, run, sop)
            else:
                feedback.add_words(tx, house, me, run, sop, saying, said.text)
            return
        case Asked(what=q.When()) if word is None and said.file is None:
            running.at_time(tx, house, me, run, sop, _moment(house, tx.at, said.text))
            return
        case Asked(what=q.Because(command=command)) if word is None:
            _because(tx, house, me, run, sop, command, said)
            return
        case _:
            pass
    _require_seen(tx, me, run, said)
    if said.file is not None:
        _proof(tx, house, me, run, sop, said, said.file)
    else:
        _type(tx, house, me, run, sop, said)


def _require_seen(tx: Transaction, me: Person, run: Run, said: Said) -> None:
    """Typed words carry no stamp: those written before the present visit was shown are for an earlier one."""
    shown = tx.cards.shown(cards.subject(run.id), me.chat)
    seen = shown is not None and shown.visit == run.visit and shown.words_from is not None
    if not said.chosen and (not seen or shown is None or said.message_id < (shown.words_from or 0)):
        raise Refused(c.Why.EARLY_WORDS)


def _explain(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, tell: q.Tell, said: Said) -> None:
    """Words end what can be told; after a file more may follow, as in an album."""
    attachment = said.file.attachment if said.file else None
    events = hands.ordered(tx, house, me, run, sop, c.Explain(tell.turn, said.text, attachment))
    if tell.told:
        running.tell_more(tx, house, me, run, sop, said)
    waiting.hear_more(tx, house, me, run, sop, said)
    after = hands.move(tx, house, me, run, sop, events)
    hands.show_others(tx, house, me, run, after, sop, events)
    if said.file is None:
        running.close(tx, house, me, after, sop)
    else:
        tx.files.keep(said.file, me.id, run=run.id, step=run.ended_by(tell.turn) or run.step)
        cards.show(tx, house, me, after, sop, asked=me.asked, said=house.words(me)("Recorded."))


def _because(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, command: c.Reasoned, said: Said) -> None:
    """Typed where a reason is asked for: a better value, a reason of the list, or a reason in one's own words."""
    mended = _mended(house, tx.at, run, sop, command, said)
    if mended is not None:
        running.order(tx, house, me, run, sop, mended)
        return
    assert run.step is not None
    words, reasons = house.words(me), reasons_of(command, sop.step(run.step))
    number = guess.place(said.text, [names.reason(words, one) for one in reasons]) if said.file is None else None
    running.order(tx, house, me, run, sop, c.with_reason(command, Reason.OTHER if number is None else reasons[number]))
    me, after = tx.people.get(me.id), tx.runs.get(run.id)
    match me.asked:
        case Asked(what=q.Tell() as tell) if number is None and after is not None:
            _explain(tx, house, me, after, sop, tell, said)
        case _:
            pass


def _mended(house: House, at: datetime, run: Run, sop: Sop, command: c.Reasoned, said: Said) -> c.Record | None:
    match command:
        case c.Record(name=name) if run.step is not None and said.file is None:
            field = c.field_named(sop.step(run.step), name)
            try:
                return None if field is None else c.Record(name, _value(field, said.text, house, at))
            except (Refused, Ambiguous):
                return None
        case _:
            return None


def _proof(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, said: Said, file: Incoming) -> None:
    if run.step is None:
        raise Refused(c.Why.OVER)
    file = _as_wanted(sop.step(run.step), run, file)
    asks = file.form is not None and not run.rehearsal
    seen = tx.files.seen(file.attachment.unique) if asks else None
    running.order(tx, house, me, run, sop, c.Attach(file.attachment, seen))
    tx.files.keep(file, me.id, run=run.id, visit=run.visit, step=run.step)
    if said.text:
        me, after = tx.people.get(me.id), tx.runs.get(run.id)
        assert after is not None
        _type(tx, house, me, after, sop, replace(said, file=None), caption=True)


def _as_wanted(step: Step, run: Run, file: Incoming) -> Incoming:
    """A picture sent as a document is the photo that a step wants, or else the document that it wants."""
    unique = file.attachment.unique
    as_document = file.form is Form.DOCUMENT and not c.takes(step, run, file.attachment.kind)
    return replace(file, attachment=Attachment(FileKind.FILE, unique)) if as_document else file


def _type(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, said: Said, *, caption: bool = False) -> None:
    """Words for a run: what a button does, an answer, else to be searched for; under a photo, kept beside it."""
    try:
        meant = _meant(house, me, run, sop, said, tx.at, caption=caption)
    except Ambiguous as doubt:
        step = sop.step(run.step or "")
        field = _asked_field(me, run, step) or c.next_field(step, run)
        assert field is not None
        running.ask(tx, house, me, run, sop, q.Which(field.name, doubt.candidates))
        return
    if meant is not None:
        running.act(tx, house, me, run, sop, run.visit, meant)
    elif caption:
        running.order(tx, house, me, run, sop, c.Explain(run.turn, said.text))
    else:
        _search(tx, house, me, run, sop, said.text)


def _meant(
    house: House, me: Person, run: Run, sop: Sop, said: Said, at: datetime, *, caption: bool = False
) -> t.Act | None:
    """What typed words order; None where they are for no button and no question. Raises Refused and Ambiguous.

    A field that may stay empty is only offered: what could be meant otherwise is, and a caption never fills it."""
    plain = _plain(said)
    step = sop.step(run.step) if run.step else None
    field = _asked_field(me, run, step) if step and run.progress is Progress.ACTIVE else None
    offered = c.next_field(step, run) if step and field is None and not caption else None
    if field is not None and not field.required and plain in _NOTHING:
        return c.Record(field.name, None)
    if plain in _WORDS:
        return _own(said, waiting.as_asked(_WORDS[plain], run))
    if step is None or run.progress is not Progress.ACTIVE:
        return None
    if run.doubts and plain in (*_YES, *_NO):
        return c.Judge(run.doubts[0].turn, plain in _YES)
    if field is not None:
        return c.Record(field.name, _value(field, said.text, house, at))
    way = _way(step, said.text)
    if way is not None:
        return _own(said, c.Choose(way))
    if plain in _ALSO:
        return _own(said, _ALSO[plain])
    if offered is None and isinstance(step.does, Decide | Approve) and plain in (*_YES, *_NO):
        raise Refused(c.Why.UNFIT)
    slip = guess.slip(plain, list(_WORDS))
    if slip is not None:
        return _own(said, list(_WORDS.values())[slip])
    if offered is None:
        return None
    return c.Record(offered.name, None if plain in _NOTHING else _value(offered, said.text, house, at))


def _own(said: Said, act: t.Act) -> t.Act:
    """A forwarded word is somebody else's: it may answer, but it moves nothing."""
    if said.forwarded:
        raise Refused(c.Why.FORWARDED)
    return act


def _moment(house: House, at: datetime, text: str) -> datetime:
    try:
        clock = read_clock(text, house.office.day(at))
    except Misread as misread:
        raise Refused(c.Why.MISREAD, misfit=misread.why) from None
    return datetime(clock.day.year, clock.day.month, clock.day.day, clock.hour, clock.minute, tzinfo=house.office.zone)


def _value(field: Field, text: str, house: House, at: datetime) -> Value:
    """The value that typed words are, a slip in an option's name forgiven."""
    try:
        return read(field.asks, text, house.office.day(at))
    except Misread as misread:
        options = _options(field, text)
        if options is None:
            raise Refused(c.Why.MISREAD, misfit=misread.why, field=field) from None
        return options


def _options(field: Field, text: str) -> Value | None:
    match field.asks:
        case Choice(options=options):
            place = guess.place(text, options)
            return None if place is None else options[place]
        case Choices(options=options):
            places = [guess.place(part, options) for part in text.replace(";", ",").replace("\n", ",").split(",")]
            return None if None in places else tuple(one for number, one in enumerate(options) if number in places)
        case _:
            return None


def _way(step: Step, text: str) -> int | None:
    match step.does:
        case Decide(ways=ways):
            return guess.place(text, [way.label for way in ways])
        case _:
            return None


def _asked_field(me: Person, run: Run, step: Step) -> Field | None:
    match me.asked:
        case Asked(run=run.id, what=q.Fill(name=name) | q.Which(name=name) | q.Several(name=name)):
            return c.field_named(step, name)
        case _:
            following = c.next_field(step, run)
            return following if following is not None and following.required else None


def _search(tx: Transaction, house: House, me: Person, run: Run, sop: Sop, text: str) -> None:
    cards.leave(tx, house, me)
    jot = None
    if run.step is not None:
        asked = tx.questions.ask(me.id, q.Jot(text), run.id, run.visit)
        data = house.pack.run(t.Stamp(run.id, run.visit, asked.ask), t.JotDown())
        jot = Button(screens.jot_label(house.words(me), sop.step(run.step).number), data)
    menu.find(tx, house, me, text, jot)


# Beside it


def cancel(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """/batal: leave the open question, never a run."""
    words = house.words(me)
    match me.asked:
        case None | Asked(what=q.InHand() | q.Jot()):
            _say(tx, me, "cancel", said, screens.nothing_asked(words))
        case Asked(run=int(run_id)):
            run = tx.runs.get(run_id)
            assert run is not None
            tx.questions.drop(me.id)
            note = words("The question is closed.")
            cards.show(tx, house, me, run, tx.versions.sop(run.digest), said=note, anew=True)
        case _:
            cards.leave(tx, house, me)
            _say(tx, me, "cancel", said, screens.dropped(words))


def unknown(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """A command that there is not. While a PIN is asked for it may be that one, behind a slash."""
    if _asks_pin(me):
        hear(tx, house, me, said)
    else:
        menu.show_help(tx, house, me)


def _asks_pin(me: Person) -> bool:
    return me.asked is not None and isinstance(me.asked.what, q.Signing | q.Endorsing)


def edited(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """A message was changed after it was sent: what came first counts, and that is said once. Nobody needs the new
    words, which may be a PIN."""
    if tx.update is not None:
        tx.inbox.blank(tx.update)
    if _asks_pin(me):
        pin.forget(tx, me, said)
    _say(tx, me, "edited", said, screens.edited(house.words(me)))
