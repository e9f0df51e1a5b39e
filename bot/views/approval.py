"""A version that waits to be approved: what it changes, who submitted it, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.engine.difference import Change
from bot.engine.questions import Pin, PinAgain
from bot.engine.sop import Sop, Status
from bot.views import approval_taps as a
from bot.views import names
from bot.views.changes import changes
from bot.views.pin import asking
from bot.views.screen import Button, Row, Screen, Style, cut, h, quoted
from bot.views.taps import Packer
from bot.views.tasks import Task
from bot.views.words import N_, Words

_CHANGED = N_("The version was changed after it was submitted")


class Standing(StrEnum):
    """How an approval stands, as its card shows it."""

    OPEN = "open"
    ASKS_WHY = "asks why"
    APPROVED = "approved"
    NOW_IN_FORCE = "now in force"
    NOW_ON_TRIAL = "now on trial"
    TURNED_DOWN = "turned down"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be approved: at which stage, by whom it was submitted and signed, and what it changes since
    the version `before`, which is empty where it is the first."""

    approval: int
    stage: int
    is_last: bool
    author: str
    signed: Sequence[str]
    before: str
    changes: Sequence[Change]
    reports: int  # of its SOP, that nobody has answered
    pin: Pin | PinAgain | None = None  # what is typed of the PIN that it is signed with
    said: str = ""
    why: str = ""  # it is turned down


def approval_card(words: Words, pack: Packer, sop: Sop, asked: Asked, standing: Standing) -> Screen:
    """A version before its approval, and after it without buttons."""
    return Screen("\n".join(_lines(words, sop, asked, standing)), _rows(words, pack, asked, standing))


def task(words: Words, sop: Sop, approval: int, since: datetime) -> Task:
    """A version among what waits for somebody."""
    what = words("Version {version} waits for approval.", version=cut(sop.version, 20)).rstrip(".")
    return Task("📄", names.title(sop), what, since, a.ShowVersion(approval))


def _lines(words: Words, sop: Sop, asked: Asked, standing: Standing) -> Iterator[str]:
    yield f"📄 <b>{h(cut(sop.title, 120))}</b>"
    if standing not in (Standing.OPEN, Standing.ASKS_WHY):
        yield words("Version {version}", version=h(cut(sop.version, 20)))
    else:
        yield words("Version {version} waits for approval.", version=h(cut(sop.version, 20)))
    yield words("Submitted by {name}.", name=names.person(asked.author))
    if asked.signed:
        yield words("Approved before by {names}.", names=", ".join(names.person(name) for name in asked.signed[:5]))
    yield ""
    if asked.before:
        title = words("Changes since version {version}", version=h(cut(asked.before, 20)))
        yield from changes(words, title, asked.changes)
    else:
        yield words.many("A new SOP with {count} step.", "A new SOP with {count} steps.", len(sop.steps))
    if asked.reports and standing in (Standing.OPEN, Standing.ASKS_WHY):
        told = words.many("{count} report is not answered yet.", "{count} reports are not answered yet.", asked.reports)
        yield f"\n📣 {told}"
    if asked.pin is not None:
        question, how = asking(words, asked.pin)
        yield f"\n✍️ <b>{question}</b>\n{how}"
    if asked.said:
        yield f"\nℹ️ {h(asked.said)}"
    yield from _state(words, asked, standing)


def _state(words: Words, asked: Asked, standing: Standing) -> Iterator[str]:
    match standing:
        case Standing.OPEN:
            return
        case Standing.ASKS_WHY:
            yield f"\n✍️ <b>{words('Why is it not approved? Please type the reason.')}</b>"
        case Standing.APPROVED:
            yield f"\n✅ <b>{words('This stage is approved.')}</b>"
        case Standing.NOW_IN_FORCE:
            yield f"\n✅ <b>{words('Approved. This version is in force now.')}</b>"
        case Standing.NOW_ON_TRIAL:
            yield f"\n🧪 <b>{words('Approved. This version is on trial now.')}</b>"
        case Standing.TURNED_DOWN:
            yield f"\n↩️ <b>{words('It goes back to its author.')}</b>{quoted(asked.why)}"
        case Standing.CHANGED:
            yield f"\n✏️ <b>{words(_CHANGED)}</b>"
            yield words("It waits for you no more. You are asked anew once it is submitted again.")


def _rows(words: Words, pack: Packer, asked: Asked, standing: Standing) -> tuple[Row, ...]:
    match standing:
        case Standing.OPEN:
            return _open_rows(words, pack, asked)
        case Standing.ASKS_WHY:
            return ((Button(f"‹ {words('Back')}", pack.plain(a.ShowVersion(asked.approval))),),)
        case _:
            return ()


def _open_rows(words: Words, pack: Packer, asked: Asked) -> tuple[Row, ...]:
    endorse = pack.plain(a.Endorse(asked.approval, asked.stage))
    trial = pack.plain(a.EndorseTrial(asked.approval, asked.stage))
    down = (Button(f"↩️ {words('Reject')}", pack.plain(a.TurnDown(asked.approval, asked.stage)), Style.STOP),)
    walk = (Button(f"🎭 {words('Rehearse')}", pack.plain(a.WalkVersion(asked.approval))),)
    if not asked.is_last:
        return (Button(f"✅ {words('Approve')}", endorse, Style.GO),), down, walk
    in_force = Button(f"✅ {words('Approve, put in force')}", endorse, Style.GO)
    return (in_force,), (Button(f"🧪 {words('Approve, on trial first')}", trial),), down, walk


def published(words: Words, sop: Sop, status: Status, name: str) -> Screen:
    """The author's version was approved."""
    lines = [
        f"✅ <b>{words('Your version was approved')}</b>",
        f"{h(cut(sop.title, 160))} · {words('version {version}', version=h(cut(sop.version, 20)))}",
        words("Approved by {name}; it is now: {state}.", name=names.person(name), state=words(names.STATES[status])),
    ]
    return Screen("\n".join(lines))


def turned_down(words: Words, sop: Sop, name: str, reason: str) -> Screen:
    """The author's version was not approved."""
    lines = [
        f"↩️ <b>{words('Your version comes back')}</b>",
        f"{h(cut(sop.title, 160))} · {words('version {version}', version=h(cut(sop.version, 20)))}",
        words("{name} asks for changes first:", name=names.person(name)),
    ]
    return Screen("\n".join(lines) + quoted(reason))


def changed(words: Words, sop: Sop, *, is_author: bool) -> Screen:
    """The file of a version was changed while it waited: its author is to submit it again, whoever approved it reads it
    again."""
    if is_author:
        more = words("Its approval ended. Submit it again when it is ready: /find.")
    else:
        more = words("Your approval was of the earlier words. You may be asked anew.")
    lines = [
        f"✏️ <b>{words(_CHANGED)}</b>",
        f"{h(cut(sop.title, 160))} · {words('version {version}', version=h(cut(sop.version, 20)))}",
        more,
    ]
    return Screen("\n".join(lines))


def undecided(words: Words, pack: Packer, approval: int) -> Screen:
    """Something else was begun before it was signed, or before it was said why it is turned down."""
    again = Button(f"📄 {words('Open the version')}", pack.plain(a.ShowVersion(approval)))
    return Screen(words("It is not decided yet, and still waits for you."), ((again,),))


def told(said: str) -> Screen:
    """Why the PIN could not be asked for any more."""
    return Screen(f"ℹ️ {h(said)}")


def too_late(words: Words) -> Screen:
    """A reason was typed for what was decided meanwhile."""
    return Screen(words("That was decided meanwhile. Your reason was not used."))
