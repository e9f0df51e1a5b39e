"""Screens of reviews: the list of the day, that of all, the card with what speaks for a decision, and the decision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from bot.engine.review import (
    GROUNDS,
    QUESTIONS,
    Ground,
    Intervals,
    Judging,
    Lacks,
    Review,
    ReviewKind,
    Seat,
    Verdict,
    lacks,
    late,
)
from bot.engine.sop import Sop, Status
from bot.views import names, review_evidence
from bot.views import review_taps as v
from bot.views import taps as t
from bot.views.pages import Page
from bot.views.report_taps import ReportsOf
from bot.views.screen import Button, Row, Screen, Style, Written, cut, h
from bot.views.taps import Packer
from bot.views.tasks import Task, Waiting
from bot.views.words import N_, Words

PAGE = 7
"""Reviews in one list."""
LEAST = 3
"""Of what else waits so much is shown beside however many reviews."""
MOST_WORDS = 6
"""Words of the team on the card, the latest."""
SAID = 600
"""Characters of a reason, or of what is to be done, that a letter tells."""

KINDS: Mapping[ReviewKind, str] = {
    ReviewKind.TRIAL: N_("trial review"),
    ReviewKind.MONITORING: N_("monitoring"),
    ReviewKind.EVALUATION: N_("evaluation"),
    ReviewKind.REVISION: N_("revision"),
}
_MARKS: Mapping[Verdict, tuple[str, Style]] = {
    Verdict.IN_FORCE: ("✅", Style.GO),
    Verdict.WELL: ("✅", Style.GO),
    Verdict.KEEP: ("✅", Style.GO),
    Verdict.BADLY: ("⚠️", Style.PLAIN),
    Verdict.REVISE: ("✏️", Style.PLAIN),
    Verdict.WITHDRAW: ("🗑", Style.STOP),
    Verdict.POSTPONE: ("⏰", Style.PLAIN),
}
REASONS: Mapping[Ground, str] = {
    Ground.FITS: N_("Fits the daily work"),
    Ground.SMALL_GAPS: N_("Only small deviations"),
    Ground.STEPS: N_("Steps do not fit the work"),
    Ground.TIMES: N_("Standard time does not fit"),
    Ground.RULES: N_("A rule or form changed"),
    Ground.CHANGED: N_("Equipment, staff or place changed"),
    Ground.UNUSED: N_("No longer used"),
    Ground.REPLACED: N_("Another SOP replaces it"),
    Ground.NO_MEETING: N_("The team has not met yet"),
    Ground.DATA_AWAITED: N_("Data is still awaited"),
    Ground.DECIDER_AWAY: N_("The official is away"),
    Ground.OWN: N_("A reason in own words"),
}
TABLE_8: tuple[str, ...] = (
    N_("Does it help to work better?"),
    N_("Is it easy to understand?"),
    N_("Is it easy to carry out?"),
    N_("Can everyone play their part in it?"),
    N_("Does it solve the problems of its process?"),
    N_("Does it meet the office's need to work better?"),
    N_("Do it and the other SOPs fit together?"),
)
"""The seven items of Tabel 8, asked as questions."""
SEATS: Mapping[Seat, str] = {
    Seat.AUTHOR: N_("author"),
    Seat.SUPERVISOR: N_("supervisor"),
    Seat.MANAGER: N_("manager"),
    Seat.ADMIN: N_("admin"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A review in a list; `instead`: seats that are empty, in whose place the reader is told."""

    id: int
    sop: Sop
    dates: Review
    instead: frozenset[Seat] = frozenset()


# Lists


def digest(words: Words, pack: Packer, listed: Sequence[Listed], waiting: Sequence[Waiting], today: date) -> Screen:
    """A person's list of the day: one message, whatever is to be looked at."""
    lines = [f"🔔 <b>{words('To see to, {day}', day=words.day(today))}</b>"]
    lines += _entries(words, listed[:PAGE], today)
    rows = [_opens(words, pack, one) for one in listed[:PAGE]]
    shown = waiting[: max(PAGE - len(listed), LEAST)]
    for other in shown:
        lines += ["", f"{other.mark} <b>{h(cut(other.title, 70))}</b>", h(cut(other.what, 160))]
        rows.append((Button(f"{other.mark} {cut(other.title, 45)}", pack.plain(other.tap)),))
    more = len(listed[PAGE:]) + len(waiting) - len(shown)
    if more:
        lines += ["", words.many("{count} more stands in the list.", "{count} more stand in the list.", more)]
    if not listed and not waiting:
        lines += ["", words("All of it is done.")]
    whole = [Button(f"📅 {words('All reviews')}", pack.plain(v.Reviews(0)))] if listed or not waiting else []
    whole += [Button(f"📥 {words('All tasks')}", pack.plain(t.Tasks(0)))] if waiting else []
    return Screen("\n".join(lines), (*rows, tuple(whole)))


def task(words: Words, one: Listed, today: date, since: datetime) -> Task:
    """A review among what waits for somebody."""
    return Task("🔎", names.title(one.sop), _kind_and_standing(words, one.dates, today), since, v.ShowReview(one.id))


def _entries(words: Words, listed: Sequence[Listed], today: date) -> Iterator[str]:
    """Reviews a line each; how they stand is told once below those that follow each other and stand alike."""

    def alike(one: Listed) -> tuple[str, frozenset[Seat]]:
        return _kind_and_standing(words, one.dates, today), one.instead

    for (told, instead), group in groupby(listed, alike):
        yield ""
        yield from (f"🔎 <b>{h(cut(names.title(one.sop), 80))}</b>" for one in group)
        yield told
        if instead:
            seats = words.listed([words(SEATS[seat]) for seat in Seat if seat in instead])
            yield f"ℹ️ {words('No {seats} can be reached, so this comes to you.', seats=seats)}"


def _kind_and_standing(words: Words, dates: Review, today: date) -> str:
    kind = words(KINDS[dates.kind])
    return f"{kind[:1].upper()}{kind[1:]} · {_standing(words, dates, today)}"


def _standing(words: Words, dates: Review, today: date) -> str:
    day = words.day(dates.due)
    if today > dates.due:
        return f"🔴 {words('overdue since {day}', day=day)}"
    if today == dates.due:
        return f"🟠 {words('due today')}"
    if today >= dates.opens:
        return f"🟡 {words('open, due {day}', day=day)}"
    return f"⚪ {words('due {day}', day=day)}"


def _opens(words: Words, pack: Packer, one: Listed) -> Row:
    return (Button(f"🔎 {cut(names.title(one.sop), 54)}", pack.plain(v.ShowReview(one.id))),)


def reviews(words: Words, pack: Packer, listed: Sequence[Listed], page: int, today: date) -> Screen:
    """The reviews that are to come, the next one first."""
    if not listed:
        return Screen(words("No review is planned."))
    part = Page(page, len(listed), PAGE)
    shown = listed[part.lines]
    lines = [f"<b>{words('Reviews')}</b>{part.place}", *_entries(words, shown, today)]
    rows = [_opens(words, pack, one) for one in shown]
    rows += part.turning(lambda label, number: Button(label, pack.plain(v.Reviews(number))))
    rows.append((Button(f"📆 {words('For my calendar')}", pack.plain(v.SendDates())),))
    return Screen("\n".join(lines), tuple(rows))


def dates_letter(words: Words, content: bytes, count: int) -> Screen:
    """The reviews as a calendar file."""
    told = words.many("{count} review for your calendar.", "{count} reviews for your calendar.", count)
    return Screen(f"📆 {told}\n{words('Open the file to add it.')}", file=Written("tinjauan.ics", content))


# The card


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody of the team said."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided, by whom and when; the verdict is missing where another version took the place."""

    verdict: Verdict | None
    ground: Ground | None
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """What the card of a review is drawn from. `offered` is what the reader may decide now; `evidence` is None where it
    is not for them."""

    id: int
    sop: Sop
    status: Status
    since: date
    dates: Review
    count: Intervals
    today: date
    evidence: review_evidence.Evidence | None
    remarks: Sequence[Remark]
    offered: Sequence[Verdict]
    is_of_team: bool
    outcome: Outcome | None
    said: str = ""


def review_card(words: Words, pack: Packer, card: ReviewCard) -> Screen:
    """A review with what speaks for its decision."""
    lines = [f"ℹ️ {h(card.said)}", ""] if card.said else []
    lines += [*_head(words, card.sop, card.dates), *_why(words, card), ""]
    if card.evidence is None:
        lines.append(words("Only those who work with this SOP see what its review rests on."))
    else:
        lines += review_evidence.lines(words, card.sop, card.evidence)
    lines += _remarks(words, card.remarks)
    if card.outcome is not None:
        lines += ["", *_outcome(words, card.outcome)]
    elif not card.offered:
        lines += ["", _not_yet(words, card)]
    return Screen("\n".join(lines), tuple(_rows(words, pack, card)))


def _head(words: Words, sop: Sop, dates: Review) -> list[str]:
    kind = words(KINDS[dates.kind])
    return [
        f"🔎 <b>{h(cut(names.title(sop), 160))}</b>",
        f"{kind[:1].upper()}{kind[1:]} · {words('version {version}', version=h(cut(sop.version, 40)))}",
    ]


def _why(words: Words, card: ReviewCard) -> Iterator[str]:
    """Why it comes now."""
    since, due = words.day(card.since), words.day(card.dates.due)
    match card.dates.kind:
        case ReviewKind.TRIAL:
            yield words("On trial since {day}.", day=since)
        case ReviewKind.MONITORING:
            yield words("Last looked at {day}.", day=since)
            yield words("Monitored every {span}.", span=h(card.count.monitor.text))
        case ReviewKind.EVALUATION:
            yield words("In use without evaluation since {day}.", day=since)
            yield words("Evaluated every {span}.", span=h(card.count.evaluate.text))
        case ReviewKind.REVISION:
            yield words("A revision was decided on {day}.", day=since)
            if card.offered:
                yield words("It ends with the new version. If none is needed, decide here.")
    changes = card.evidence.changes if card.evidence else ()
    early = [one.what for one in changes if one.day == card.dates.opens]
    if early and card.dates.round > 1:
        yield f"🔄 {words('It comes early, as this changed: “{what}”.', what=h(cut(early[-1], 100)))}"
    if card.outcome is None:
        days = late(card.dates.due, card.today)
        overdue = words.many("{count} day late", "{count} days late", days)
        yield f"🔴 {words('Due {day}', day=due)}: {overdue}." if days else words("Due {day}.", day=due)
        if card.dates.put_off:
            yield words.many("Put off {count} time.", "Put off {count} times.", card.dates.put_off)


def _remarks(words: Words, remarks: Sequence[Remark]) -> Iterator[str]:
    if remarks:
        yield f"\n<b>{words('What the team says')}</b>"
    for one in remarks[-MOST_WORDS:]:
        yield f"• {names.person(one.name)}: “{h(cut(one.text, 200))}”"
    if len(remarks) > MOST_WORDS:
        yield words.many(
            "{count} earlier word is not shown.", "{count} earlier words are not shown.", len(remarks) - MOST_WORDS
        )


def _outcome(words: Words, outcome: Outcome) -> Iterator[str]:
    if outcome.verdict is None:
        yield words("Nothing is left to decide: another version took its place.")
        return
    yield f"✔️ <b>{words(names.VERDICTS[outcome.verdict])}</b>"
    if outcome.ground is not None:
        yield words("Reason: {reason}.", reason=words(REASONS[outcome.ground]))
    yield words("Decided by {name} on {day}.", name=names.person(outcome.name), day=words.day(outcome.day))


def _not_yet(words: Words, card: ReviewCard) -> str:
    if card.today < card.dates.opens:
        return words("It can be decided from {day} on.", day=words.day(card.dates.opens))
    if card.dates.kind is ReviewKind.REVISION:
        return words("It ends with the new version.")
    return words("The supervisor decides; once it is late the manager too.")


def _rows(words: Words, pack: Packer, card: ReviewCard) -> Iterator[Row]:
    if card.outcome is None:
        for number, verdict in enumerate(card.offered):
            mark, style = _MARKS[verdict]
            decide = pack.plain(v.Decide(card.id, card.dates.round, number))
            yield (Button(f"{mark} {words(names.VERDICTS[verdict])}", decide, style),)
        if card.is_of_team:
            yield (Button(f"💬 {words('Add my word')}", pack.plain(v.Remark(card.id))),)
    if card.is_of_team and card.evidence is not None:
        yield from _sources(words, pack, card, card.evidence)
    yield (
        Button(f"📄 {words('Open the SOP')}", pack.plain(t.ShowSop(card.sop.id))),
        Button(f"📅 {words('All reviews')}", pack.plain(v.Reviews(0))),
    )


def _sources(words: Words, pack: Packer, card: ReviewCard, seen: review_evidence.Evidence) -> Iterator[Row]:
    """What the numbers of the card rest on."""
    rows = []
    if seen.figures.done or seen.figures.departures:
        count = words.number(seen.figures.done)
        rows.append(Button(f"🔎 {words('Runs: {count}', count=count)}", pack.plain(v.RunsBehind(card.id, 0, 0))))
    if seen.reports:
        label = words("Reports: {count}", count=words.number(seen.reports))
        rows.append(Button(f"📣 {label}", pack.plain(ReportsOf(card.sop.id, 0))))
    if rows:
        yield tuple(rows)
    if card.dates.kind is not ReviewKind.REVISION:
        yield tuple(
            Button(f"📄 {words('Form')} · {name}", pack.plain(v.ReviewPaper(card.id, sheet)))
            for name, sheet in (("PDF", False), ("Excel", True))
        )


# The decision


def deciding(words: Words, pack: Packer, ask: int, sop: Sop, dates: Review, judging: Judging) -> Screen:
    """What a decision still lacks is asked."""
    lines = [*_head(words, sop, dates), f"<b>{words(names.VERDICTS[judging.verdict])}</b>", ""]
    back = (Button(f"‹ {words('Back')}", pack.plain(v.LeaveReview(ask))),)
    match lacks(dates.kind, judging):
        case Lacks.ANSWER:
            place = len(judging.answers)
            lines += [
                words("Question {number} of {all}", number=place + 1, all=QUESTIONS),
                f"<b>{words(TABLE_8[place])}</b>",
            ]
            yes = Button(f"👍 {words('Yes')}", pack.plain(v.AnswerOne(ask, place, True)))
            no = Button(f"👎 {words('No')}", pack.plain(v.AnswerOne(ask, place, False)))
            return Screen("\n".join(lines), ((yes, no), back))
        case Lacks.ACTION:
            lines += [f"<b>{words('What is to be done about it?')}</b>", words("Please type one sentence.")]
            return Screen("\n".join(lines), (back,))
        case _:
            pass
    if judging.answers:
        lines += [*_answers(words, judging.answers), ""]
    lines += [f"<b>{words('What is the reason?')}</b>", words("Choose one, or type your own.")]
    grounds = GROUNDS[judging.verdict]
    rows = [(Button(words(REASONS[one]), pack.plain(v.Grounded(ask, n))),) for n, one in enumerate(grounds)]
    return Screen("\n".join(lines), (*rows, back))


def _answers(words: Words, answers: Sequence[bool]) -> Iterator[str]:
    for question, yes in zip(TABLE_8, answers, strict=False):
        yield f"{'👍' if yes else '👎'} {words(question)}"


def remarking(words: Words, pack: Packer, ask: int, sop: Sop, dates: Review) -> Screen:
    """What is to be considered?"""
    lines = [*_head(words, sop, dates), "", f"<b>{words('What should be considered?')}</b>"]
    lines.append(words("Please type it; the others of the team read it here."))
    return Screen("\n".join(lines), ((Button(f"‹ {words('Back')}", pack.plain(v.LeaveReview(ask))),),))


def left(words: Words, pack: Packer, review: int) -> Screen:
    """Something else was begun before it was decided."""
    again = Button(f"🔎 {words('Open the review')}", pack.plain(v.ShowReview(review)))
    return Screen(words("Nothing was decided yet. The review stays open."), ((again,),))


def decided_letter(words: Words, sop: Sop, dates: Review, judging: Judging, name: str) -> Screen:
    """What those responsible are told of a decision, in the words of whoever made it."""
    lines = [*_head(words, sop, dates), f"✔️ <b>{words(names.VERDICTS[judging.verdict])}</b>"]
    if judging.words:
        lines.append(words("Reason: {reason}.", reason=f"“{h(cut(judging.words, SAID))}”"))
    elif judging.ground is not None:
        lines.append(words("Reason: {reason}.", reason=words(REASONS[judging.ground])))
    if judging.action:
        lines.append(words("To be done: {action}", action=f"“{h(cut(judging.action, SAID))}”"))
    lines.append(words("By {name}.", name=names.person(name)))
    return Screen("\n".join(lines))


# No reminders for a while


def quiet(words: Words, pack: Packer, until: datetime | None) -> Screen:
    """/diam: until when no reminders come, and how that is changed."""
    lines = [f"<b>{words('Reminders')}</b>"]
    if until is None:
        lines.append(words("They come once a day, in office hours."))
    else:
        lines.append(f"🔕 {words('None until {moment}.', moment=words.weekday(until))}")
    lines.append(words("Steps handed to you and approvals always arrive."))
    spans = ((1, words("For a day")), (7, words("For a week")), (30, words("For a month")))
    rows: list[Row] = [(Button(f"🔕 {label}", pack.plain(v.Hush(days))),) for days, label in spans]
    if until is not None:
        rows.insert(0, (Button(f"🔔 {words('Remind me again')}", pack.plain(v.Hush(0)), Style.MAIN),))
    return Screen("\n".join(lines), tuple(rows))
