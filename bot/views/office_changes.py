"""/ganti: what changed in the office, and which SOPs that touches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.engine.office_changes import Place
from bot.engine.sop import Sop
from bot.views import names
from bot.views import office_change_taps as o
from bot.views.screen import Button, Screen, Style, cut, h, quoted
from bot.views.taps import Packer
from bot.views.words import N_, Words

PLACES: Mapping[Place, str] = {
    Place.EQUIPMENT: N_("equipment"),
    Place.NEEDS: N_("what is needed"),
    Place.POSITIONS: N_("positions"),
    Place.LEGAL_BASIS: N_("legal basis"),
    Place.RECORDS: N_("records that are kept"),
}


@dataclass(frozen=True, slots=True)
class Touched:
    """An SOP that names what changed: where, in which words, and how many of its runs are open."""

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


def touched(words: Words, pack: Packer, ask: int, text: str, found: Sequence[Touched], more: int) -> Screen:
    """Which SOPs does it touch? `more` are found beside those that are shown."""
    if not found:
        none = words("No SOP names “{text}”. Please type it in other words.", text=h(cut(text, 60)))
        return Screen(none)
    rows = [(_tick(pack, ask, number, one),) for number, one in enumerate(found)]
    if any(one.ticked for one in found):
        rows.append((Button(f"📣 {words('Have them reviewed')}", pack.plain(o.Announce(ask)), Style.MAIN),))
    return Screen("\n".join(_found(words, text, found, more)), tuple(rows))


def _found(words: Words, text: str, found: Sequence[Touched], more: int) -> Iterator[str]:
    yield f"<b>{words('SOPs that name “{text}”', text=h(cut(text, 60)))}</b>"
    yield words("Tick those that it really touches.")
    for number, one in enumerate(found, start=1):
        yield f"\n{number}. {h(cut(names.title(one.sop), 80))}"
        yield f"{words(PLACES[one.place])}: {h(cut(one.text, 100))}"
        if one.runs:
            yield words.many("{count} open run", "{count} open runs", one.runs)
    if more:
        yield "\n… " + words("and {count} more", count=words.number(more))


def _tick(pack: Packer, ask: int, number: int, one: Touched) -> Button:
    mark = "☑️" if one.ticked else "⬜"
    label = f"{mark} {number + 1}. {cut(names.title(one.sop), 44)}"
    return Button(label, pack.plain(o.TickTouched(ask, number, not one.ticked)))


def announced(words: Words, text: str, sops: Sequence[Sop]) -> Screen:
    """Those responsible have been told."""
    lines = [f"✅ <b>{words('Those responsible have been told')}</b>", *_listed(sops)]
    lines.append(words("The review of each is open now."))
    return Screen("\n".join(lines) + quoted(text))


def change_letter(words: Words, name: str, text: str, sops: Sequence[Sop]) -> Screen:
    """What those who look after SOPs are told of a change."""
    lines = [f"📣 <b>{words('Something changed in the office')}</b>", names.person(name) + quoted(text)]
    lines += [words("Please look at:"), *_listed(sops), words("The review of each is open now.")]
    return Screen("\n".join(lines))


def run_letter(words: Words, text: str, sop: Sop, run: int) -> Screen:
    """What whoever has an open run is told of a change."""
    lines = [f"📣 <b>{words('Something changed that your run may need')}</b>", f"{h(cut(sop.title, 120))} · #{run}"]
    return Screen("\n".join(lines) + quoted(text))


def _listed(sops: Sequence[Sop]) -> Iterator[str]:
    yield from (f"• {h(cut(sop.title, 100))}" for sop in sops)
