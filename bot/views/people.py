"""What is said at the door, and to those whose position, roles or access changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO

import segno

from bot.engine.people import Role
from bot.engine.sop import Sop, Step
from bot.engine.staffing import Acting, Denial, NipFault, Span
from bot.views import names
from bot.views import taps as t
from bot.views.screen import Button, Drawn, Screen, Style, cut, h
from bot.views.taps import Packer
from bot.views.words import N_, Words

ROLES: Mapping[Role, str] = {
    Role.PERFORMER: N_("Performer"),
    Role.AUTHOR: N_("Author"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.MANAGER: N_("Manager"),
    Role.ADMIN: N_("Admin"),
}

MOST_LEFT = 5
"""Steps that one letter names."""

ACTING: Mapping[Acting, str] = {Acting.DEFINITIVE: N_("Definitive"), Acting.PLT: N_("Plt."), Acting.PLH: N_("Plh.")}


def roles(words: Words, given: Iterable[Role]) -> str:
    """Roles in a row, as people read them."""
    chosen = set(given)
    return ", ".join(words(name) for role, name in ROLES.items() if role in chosen)


def position(words: Words, title: str, acting: Acting) -> str:
    """A position as it is held: Plt. Kasubbag TU."""
    return h(cut(title, 80)) if acting is Acting.DEFINITIVE else f"{words(ACTING[acting])} {h(cut(title, 80))}"


def span(words: Words, given: Span) -> str:
    """From when to when."""
    if given.until is None:
        return words("since {day}", day=words.day(given.since))
    if given.since == given.until:
        return words.day(given.since)
    return words("{since} to {until}", since=words.day(given.since), until=words.day(given.until))


# At the door


def stranger(words: Words, pack: Packer, chat: int) -> Screen:
    """The one polite line for those who are not let in yet; with the number that an admin needs."""
    text = words("You are not registered yet. Please ask your office admin, with this number: {id}.", id=chat)
    return Screen(text, ((Button(f"🙋 {words('Ask for access')}", pack.plain(t.AskIn()), Style.MAIN),),))


def asked_in(words: Words) -> Screen:
    """The request is with the admins."""
    return Screen(f"⏳ {words('Your request is with the office admin. You will hear from me here.')}")


def refused(words: Words) -> Screen:
    """The request was answered with no."""
    return Screen(words("Your request was not granted. Please talk to your office admin."))


def stopped(words: Words) -> Screen:
    """The one polite line for those whose access was stopped."""
    return Screen(words("Your access has been stopped. Please talk to your office admin."))


def not_for_you(words: Words) -> Screen:
    """That is for other roles."""
    return Screen(words("That is not part of your role here. /help shows what you can do."))


def known_already(words: Words) -> Screen:
    """Whoever asks is in already."""
    return Screen(words("You are registered already. Send /start for the menu."))


def welcome(words: Words, name: str) -> Screen:
    """Somebody was let in."""
    return Screen(f"✅ {words('Welcome, {name}. You are registered now.', name=names.person(name))}")


def no_invitation(words: Words) -> Screen:
    """An invitation that is wrong, used, revoked or expired: nobody learns which."""
    return Screen(words("This invitation cannot be used. Please ask whoever invited you for a new one."))


def too_many_tries(words: Words) -> Screen:
    """Too many wrong invitations."""
    return Screen(words("Those were too many tries. Please try again in an hour."))


# Admins


def request_card(words: Words, pack: Packer, request: int, name: str, chat: int) -> Screen:
    """A stranger wants to be let in."""
    lines = [f"🙋 <b>{words('Somebody asks for access')}</b>"]
    lines.append(words("{name}, number {id}", name=names.person(name), id=chat))
    lines.append(words("Allow it only if you know who this is."))
    allow = Button(f"✅ {words('Allow')}", pack.plain(t.LetIn(request)), Style.GO)
    return Screen("\n".join(lines), ((allow, Button(words("Refuse"), pack.plain(t.KeepOut(request)))),))


def request_answered(words: Words, name: str, by: str, *, allowed: bool) -> Screen:
    """What became of a request."""
    called = {"name": names.person(name), "by": names.person(by)}
    if allowed:
        return Screen(f"✅ {words('{name} was let in by {by}.', **called)}")
    return Screen(words("{name} was not let in, by {by}.", **called))


def invitation(words: Words, link: str, expires_at: datetime, name: str) -> Screen:
    """The picture and the address of an invitation, to be passed on."""
    png = BytesIO()
    segno.make(link, error="q", micro=False).save(png, kind="png", scale=12)
    head = words("Invitation for {name}", name=names.person(name)) if name else words("Invitation")
    lines = [f"<b>{head}</b>", words("Pass this on to one person. Whoever opens it first is registered.")]
    lines.append(words("Good for one use, until {moment}.", moment=words.weekday(expires_at)))
    return Screen("\n".join([*lines, h(link)]), file=Drawn(png.getvalue()))


def invitation_used(words: Words, name: str, chat: int) -> Screen:
    """The inviter hears who came."""
    lines = [f"✅ <b>{words('Your invitation was used')}</b>"]
    lines.append(words("{name}, number {id}", name=names.person(name), id=chat))
    lines.append(words("Somebody else? Send /people and stop their access."))
    return Screen("\n".join(lines))


def closed(words: Words) -> Screen:
    """Whoever looks after people has gone on to something else."""
    return Screen(words("This card is closed. /people opens it again."))


# Letters to whom it concerns


def new_roles(words: Words, given: Sequence[Role]) -> Screen:
    """Somebody may do other things now."""
    return Screen(f"ℹ️ {words('Your roles here are now: {roles}.', roles=roles(words, given))}")


def new_position(words: Words, title: str, days: Span, acting: Acting) -> Screen:
    """Somebody holds a position."""
    held = position(words, title, acting)
    lines = [f"ℹ️ <b>{words('You hold a position: {position}', position=held)}</b>", span(words, days)]
    lines.append(words("Steps of this position come to you here."))
    return Screen("\n".join(lines))


def stands_in(words: Words, name: str, days: Span) -> Screen:
    """Somebody does another's steps for a time."""
    lines = [f"ℹ️ <b>{words('You stand in for {name}', name=names.person(name))}</b>", span(words, days)]
    lines.append(words("Steps of their positions come to you meanwhile."))
    return Screen("\n".join(lines))


class Why(StrEnum):
    """Why somebody cannot go on with their steps."""

    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    AWAY = "away"


_WHY = {
    Why.STOPPED: N_("The access of {name} was stopped."),
    Why.UNREACHABLE: N_("Nothing reaches {name} on Telegram any more."),
    Why.AWAY: N_("{name} is away, and nobody stands in."),
}


@dataclass(frozen=True, slots=True)
class Left:
    """A step that somebody had, in a run, and who stands in for them there."""

    sop: Sop
    step: Step
    run: int
    stand_in: int | None = None


def steps_left(words: Words, name: str, left: Sequence[Left], why: Why) -> Screen:
    """Somebody who had steps cannot go on with them."""
    lines = [f"⚠️ <b>{words('Steps have lost whoever had them')}</b>", words(_WHY[why], name=names.person(name))]
    lines += _listed(words, left)
    lines += [
        "",
        words("They are offered to others who hold the position."),
        words("Where nobody takes one, assign it."),
    ]
    return Screen("\n".join(lines))


def steps_passed_on(words: Words, called: Mapping[int, str], left: Sequence[Left]) -> Screen:
    """Whoever is away hears where their steps have gone; `called` are the names of those who stand in."""
    lines = [f"ℹ️ <b>{words('You are away, so your steps go on without you')}</b>", *_listed(words, left), ""]
    stand_ins = dict.fromkeys(one.stand_in for one in left)
    given = words.listed([names.person(called.get(one, "?")) for one in stand_ins if one is not None])
    if given:
        lines.append(words("They are offered to {who}, who stands in for you.", who=given))
    if None in stand_ins:
        lines.append(words("Where nobody stands in, others who hold the position or the supervisor see to it."))
    return Screen("\n".join(lines))


def _listed(words: Words, left: Sequence[Left]) -> Iterator[str]:
    for one in left[:MOST_LEFT]:
        yield ""
        yield f"{h(cut(one.sop.title, 120))} · #{one.run}"
        yield words("Step {number}: {text}", number=one.step.number, text=h(cut(one.step.text, 120)))
    if len(left) > MOST_LEFT:
        yield ""
        yield f"… {words('and {count} more', count=len(left) - MOST_LEFT)}"


def restored(words: Words) -> Screen:
    """Access is as it was before."""
    return Screen(f"✅ {words('You can use this bot again. Send /start for the menu.')}")


def erased(words: Words, number: int) -> str:
    """What somebody is called of whom nothing is known any more but what was done under this number."""
    return words("Staff member {number} (name erased)", number=number)


def showed_erased(words: Words) -> Screen:
    """In place of a card that showed somebody's words."""
    return Screen(f"🗑 {words('What stood here is erased. Send /start for the menu.')}")


# Refusals

_DENIALS: Mapping[Denial, str] = {
    Denial.STALE: N_("This button belongs to an earlier moment. Send /people to begin again."),
    Denial.FORBIDDEN: N_("That is not part of your role here."),
    Denial.NOBODY: N_("That person cannot stand in."),
    Denial.ONESELF: N_("Nobody changes their own roles or access. Please ask another admin."),
    Denial.ABOVE: N_("That role stands beside or above yours."),
    Denial.NO_ROLE: N_("At least one role is needed. To end somebody's access, stop it."),
    Denial.LAST_ADMIN: N_("This is the last admin. Make somebody else admin first."),
    Denial.NO_NAME: N_("That message holds no readable name."),
    Denial.NIP_TAKEN: N_("Somebody else has that NIP."),
    Denial.NO_DAYS: N_("The last day lies before the first."),
    Denial.HELD_ALREADY: N_("They hold that position already in these days."),
    Denial.AWAY_ALREADY: N_("They are away already in these days."),
    Denial.BEFORE_BEGIN: N_("That day lies before the first."),
    Denial.IS_OVER: N_("That is over already."),
    Denial.ANSWERED: N_("That request was answered already."),
    Denial.VOID: N_("That invitation cannot be used any more."),
    Denial.HAS_ACCESS: N_("Stop their access first."),
    Denial.HAS_STEPS: N_("Steps are still with them. Please give those to others first."),
    Denial.IN_USE: N_("The data is being copied or counted just now. Please try again later."),
}


_NIP_FAULTS: Mapping[NipFault, str] = {
    NipFault.LENGTH: N_("A NIP has 18 digits."),
    NipFault.BIRTH: N_("The first 8 digits of a NIP are a date of birth, like 19850217."),
    NipFault.APPOINTED: N_("Digits 9 to 14 of a NIP are the year and month of appointment, like 201003."),
    NipFault.SEX: N_("Digit 15 of a NIP is 1 or 2."),
}


def nip_fault(words: Words, fault: NipFault) -> str:
    """What is wrong with a NIP."""
    return words(_NIP_FAULTS[fault])


def denial(words: Words, why: Denial) -> str:
    """Why something is not done, in one polite sentence."""
    return words(_DENIALS[why])
