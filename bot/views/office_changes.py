"""/ganti: what changed in the office, and which SOPs that touches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.engine.office_changes import Place
from bot.engine.sop import Sop
from bot.views import names
from bot.views import office_change_taps as o
from bot.views.pages import Page
from bot.views.screen import Button, Row, Screen, Style, cut, h, quoted
from bot.views.taps import Packer
from bot.views.words import N_, Words

PAGE = 8
"""SOPs on a page."""

MOST = 20
"""SOPs that are named of those that were ticked."""

PLACES: Mapping[Place, str] = {
    Place.EQUIPMENT: N_("equipment"),
    Place.NEEDS: N_("what is needed"),
    Place.POSITIONS: N_("positions"),
    Place.LEGAL_BASIS: N_("legal basis"),
    Place.RECORDS: N_("records that are kept"),
}


@dataclass(frozen=True, slots=True)
class Touched:
    """The n-th SOP, from 0, that names what changed: where, in which words, and how many of its runs are open."""

    number: int
    sop: Sop
    place: Place
    text: str
    runs: int
    ticked: bool


def ask_what(words: Words) -> Screen:
    """What changed?"""
    lines = [f"<b>{words('What changed in the office?')}</b>"]
    lines.append(words("Type the machine, person, place, rule or form, as SOPs name it."))
    return Screen("\n".join(lines))


def touched(
    words: Words, pack: Packer, ask: int, text: str, found: Sequence[Touched], page: Page, ticked: int
) -> Screen:
    """Which SOPs does it touch? Those of a page, while `ticked` of all are ticked."""
    if not found:
        none = words("No SOP names “{text}”. Please type it in other words.", text=h(cut(text, 60)))
        return Screen(none)
    rows: list[Row] = [(_tick(pack, ask, one),) for one in found]
    rows += page.turning(lambda label, number: Button(label, pack.plain(o.TurnTouched(ask, number))))
    if ticked:
        label = f"📣 {words('Have them reviewed')}" + (f" ({words.number(ticked)})" if page.pages > 1 else "")
        rows.append((Button(label, pack.plain(o.Announce(ask)), Style.MAIN),))
    return Screen("\n".join(_found(words, text, found, page)), tuple(rows))


def _found(words: Words, text: str, found: Sequence[Touched], page: Page) -> Iterator[str]:
    yield f"<b>{words('SOPs that name “{text}”', text=h(cut(text, 60)))}</b>{page.place}"
    yield words("Tick those that it really touches.")
    for one in found:
        yield f"\n{one.number + 1}. {h(cut(names.title(one.sop), 80))}"
        yield f"{words(PLACES[one.place])}: {h(cut(one.text, 100))}"
        if one.runs:
            yield words.many("{count} open run", "{count} open runs", one.runs)


def _tick(pack: Packer, ask: int, one: Touched) -> Button:
    mark = "☑️" if one.ticked else "⬜"
    label = f"{mark} {one.number + 1}. {cut(names.title(one.sop), 44)}"
    return Button(label, pack.plain(o.TickTouched(ask, one.number, not one.ticked)))


def announced(words: Words, text: str, sops: Sequence[Sop]) -> Screen:
    """Those responsible have been told."""
    lines = [f"✅ <b>{words('Those responsible have been told')}</b>", *_listed(words, sops)]
    lines.append(words("The review of each is open now."))
    return Screen("\n".join(lines) + quoted(text))


def change_letter(words: Words, name: str, text: str, sops: Sequence[Sop]) -> Screen:
    """What those who look after SOPs are told of a change."""
    lines = [f"📣 <b>{words('Something changed in the office')}</b>", names.person(name) + quoted(text)]
    lines += [words("Please look at:"), *_listed(words, sops), words("The review of each is open now.")]
    return Screen("\n".join(lines))


def run_letter(words: Words, text: str, sop: Sop, run: int) -> Screen:
    """What whoever has an open run is told of a change."""
    lines = [f"📣 <b>{words('Something changed that your run may need')}</b>", f"{h(cut(sop.title, 120))} · #{run}"]
    return Screen("\n".join(lines) + quoted(text))


def _listed(words: Words, sops: Sequence[Sop]) -> Iterator[str]:
    yield from (f"• {h(cut(sop.title, 100))}" for sop in sops[:MOST])
    if len(sops) > MOST:
        yield f"… {words('and {count} more', count=words.number(len(sops) - MOST))}"
