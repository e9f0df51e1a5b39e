"""What waits for somebody: one list, oldest first, each with the button that opens it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.engine.run import Progress, Run
from bot.engine.sop import Approve, Sop
from bot.views import names
from bot.views import taps as t
from bot.views.pages import Page
from bot.views.screen import Button, Screen, Style, cut, h
from bot.views.taps import Packer
from bot.views.words import Words

PAGE = 8
"""Tasks on one screen."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for whoever reads the list. `tap` opens it."""

    mark: str
    title: str
    what: str
    since: datetime
    tap: t.Tap


@dataclass(frozen=True, slots=True)
class Waiting:
    """The same where it is told, on the list of the day, that it has waited for too long."""

    mark: str
    title: str
    what: str
    tap: t.Tap


def run_task(words: Words, sop: Sop, run: Run, me: int, since: datetime) -> Task:
    """A run that waits for `me`: a step that is offered or one's own, an approval, leave that is asked for, what nobody
    took."""
    step = sop.step(run.step or sop.first.id)
    facts = {"number": step.number, "text": cut(step.text, 60)}
    if run.progress is Progress.PAUSED:
        mark, what = "⏸", words("Paused at step {number}: {text}", **facts)
    elif run.wish is not None:
        mark, what = "✋", words("Asks for your leave at step {number}: {text}", **facts)
    elif isinstance(step.does, Approve):
        mark, what = "✅", words("Waits for approval at step {number}: {text}", **facts)
    elif run.holder == me:
        mark, what = "▶️", words("Your step {number}: {text}", **facts)
    elif run.declined or run.released is not None:
        mark, what = "📨", words("Not taken yet, step {number}: {text}", **facts)
    else:
        mark, what = "📨", words("Offered to you, step {number}: {text}", **facts)
    return Task(mark, f"#{run.id} {names.title(sop)}", what, since, t.ShowRun(run.id))


def tasks(words: Words, pack: Packer, listed: Sequence[Task], total: int, page: int, now: datetime) -> Screen:
    """A page of one's tasks, of `total` in all."""
    if not listed:
        text = words("Nothing waits for you now.")
        return Screen(f"✅ {text}", ((Button(f"📚 {words('All SOPs')}", pack.plain(t.Browse(0))),),))
    part = Page(page, total, PAGE)
    lines = [f"📥 <b>{words('Waiting for you, the oldest first')}</b>{part.place}"]
    rows = []
    for one in listed[:PAGE]:
        since = words("since {moment}", moment=words.moment(one.since, now))
        lines += ["", f"{one.mark} <b>{h(cut(one.title, 70))}</b>", f"{h(cut(one.what, 110))} · {since}"]
        rows.append((Button(f"{one.mark} {cut(one.title, 45)}", pack.plain(one.tap)),))
    turning = part.turning(lambda label, number: Button(label, pack.plain(t.Tasks(number))))
    return Screen("\n".join(lines), (*rows, *turning))


def tasks_button(words: Words, pack: Packer, count: int) -> Button:
    """The way to the list, with how much it holds."""
    label = words.many("{count} task waits for you", "{count} tasks wait for you", count)
    return Button(f"📥 {label}", pack.plain(t.Tasks(0)), Style.MAIN)
