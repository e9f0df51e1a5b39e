"""Why something was refused, in one polite sentence that fits into Telegram's 200 characters."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.engine.commands import Refused, Why
from bot.engine.run import FileKind
from bot.engine.sop import Day, Field, Number
from bot.engine.values import Misfit, Value, ends
from bot.views import names
from bot.views.screen import cut
from bot.views.words import N_, Words

LONGEST_ANSWER = 200

_PLAIN: Mapping[Why, str] = {
    Why.STALE: N_("This button belongs to an earlier moment. The current card is shown now."),
    Why.OVER: N_("This run is over; nothing more is needed."),
    Why.PAUSED: N_("This run is paused. Tap Resume first."),
    Why.NOT_PAUSED: N_("This run is already going on."),
    Why.UNFIT: N_("That does not fit this step. Please use the buttons below."),
    Why.TAKEN: N_("Somebody else has this step now."),
    Why.NOT_ACCEPTED: N_("This step is not taken yet. Please tap Accept first."),
    Why.NOBODY_BEFORE: N_("Nobody else worked on this before, so it cannot be returned."),
    Why.NO_WISH: N_("This request is answered already."),
    Why.OWN_WORK: N_("Nobody approves own work. Please choose somebody else."),
    Why.NOT_APPROVER: N_("This approval is for whoever holds its position now."),
    Why.MUST_BE_APPROVED: N_("An approval cannot be passed; somebody has to approve or reject."),
    Why.NOT_YOUR_START: N_("This SOP is started by another position. You can read it, not start it."),
    Why.NO_PIN: N_("A PIN is six digits. Please type it as digits only."),
    Why.WEAK_PIN: N_("That PIN is easy to guess. Please choose other digits."),
    Why.WRONG_PIN: N_("That is not your PIN."),
    Why.PIN_LOCKED: N_("A wrong PIN was typed too often. Please try again later."),
    Why.NOTHING_TO_UNDO: N_("There is nothing to undo here."),
    Why.UNDO_OVER: N_("Undo works for 60 seconds only. The step stays recorded."),
    Why.SAME_FILE: N_("That file is counted already. Please send another one."),
    Why.FORWARDED: N_("A forwarded message moves no step. Please tap the button or type the word yourself."),
    Why.FUTURE: N_("That time lies in the future. Please send the time at which it was done."),
    Why.NOT_YOURS: N_("This run belongs to somebody else."),
    Why.EARLY_WORDS: N_("That message came before this step was shown, so nothing was done."),
    Why.NO_CHILD: N_("No version of that SOP is in use, so it cannot be started."),
    Why.WAITS_FOR_CHILD: N_("This step waits for another SOP, which is being carried out."),
    Why.CHILD_BEGUN: N_("The SOP of this step has begun, so this can be undone no more."),
    Why.PARENT_RESTS: N_("The run that this one belongs to is paused. Resume that one first."),
    Why.PARENT_WENT_ON: N_("The run that this one belongs to has gone on, so this can be undone no more."),
}


def refusal(words: Words, refused: Refused) -> str:
    """The sentence for a refused command."""
    facts = refused.facts
    match refused.why, facts:
        case Why.MISSING, {"missing": tuple(wanting)}:
            listed = words.listed([names.missing(words, str(name)) for name in wanting])
            return cut(words("Still missing: {what}.", what=listed), LONGEST_ANSWER)
        case Why.TOO_EARLY, {"opens": datetime() as opens}:
            return words("This step can be finished from {moment} on.", moment=words.weekday(opens))
        case Why.BEFORE_START, {"started": datetime() as started}:
            return words("That is before the run began, {moment}.", moment=words.weekday(started))
        case Why.FORBIDDEN_VALUE, {"field": Field() as field, "known": dict(known)}:
            return cut(_outside(words, field, known), LONGEST_ANSWER)
        case Why.WRONG_KIND, {"sent": FileKind() as sent, "wanted": tuple(wanted)}:
            return _wrong_kind(words, sent, [str(kind) for kind in wanted])
        case Why.MISREAD, {"misfit": Misfit() as why_not}:
            return _misfit(words, why_not, facts.get("field"))
        case Why.WRONG_PIN, {"left": int(left)}:
            return words("That is not your PIN. Tries left: {count}.", count=left)
        case Why.PIN_LOCKED, {"until": datetime() as until}:
            return words(
                "A wrong PIN was typed too often. Please try again after {moment}.", moment=words.weekday(until)
            )
        case Why.TAKEN, {"name": str(name)}:
            return words("{name} has this step now.", name=names.apart(name))
        case why, _:
            return words(_PLAIN[why])


_SEND: Mapping[FileKind, str] = {
    FileKind.PHOTO: N_("Please send a photo: camera or gallery, or a picture as a file."),
    FileKind.FILE: N_("Please send a file, such as a PDF: the paper clip, then File."),
    FileKind.LOCATION: N_("Please send your location: the paper clip, then Location."),
}


def _wrong_kind(words: Words, sent: FileKind, wanted: Sequence[str]) -> str:
    """What this step wants instead of what was sent."""
    if not wanted:
        kind = words(names.FILES[sent])
        return words("This step has no use for a {kind}. After Problem, or in a report, it can be added.", kind=kind)
    return words(_SEND[FileKind(wanted[0])])


def _outside(words: Words, field: Field, known: Mapping[str, Value]) -> str:
    if not isinstance(field.asks, Number | Day):
        return words(_PLAIN[Why.UNFIT])
    low, high = ends(field.asks.limit, known)
    label = field.label
    match low, high:
        case None, _:
            return words("{label} must be at most {high}.", label=label, high=names.value(words, high, field.asks))
        case _, None:
            return words("{label} must be at least {low}.", label=label, low=names.value(words, low, field.asks))
        case _:
            between = {"low": names.value(words, low, field.asks), "high": names.value(words, high, field.asks)}
            return words("{label} must be between {low} and {high}.", label=label, **between)


_MISFITS: Mapping[Misfit, str] = {
    Misfit.EMPTY: N_("That message holds no readable words. Please type the answer."),
    Misfit.TOO_LONG: N_("That is too long: at most 1,000 characters. A longer text can be sent as a file."),
    Misfit.NOT_DIGITS: N_("That must be digits only."),
    Misfit.NOT_A_NUMBER: N_("That is no number."),
    Misfit.NOT_A_DAY: N_("That is no date or time that I can read."),
    Misfit.NOT_AN_OPTION: N_("That is none of the choices."),
    Misfit.NOT_YES_OR_NO: N_("Please answer yes or no."),
}


def _misfit(words: Words, why: Misfit, field: object) -> str:
    """What is wrong with typed words, and an example of right ones."""
    plain = words(_MISFITS[why])
    if isinstance(field, Field) and field.example:
        return cut(f"{plain} {words('Example: {example}', example=field.example)}", LONGEST_ANSWER)
    return plain
