"""Updates as python-telegram-bot gives them: understand, ask a service, answer."""

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import (
    Animation,
    CallbackQuery,
    Document,
    Location,
    Message,
    MessageOrigin,
    MessageOriginUser,
    PhotoSize,
    Update,
    User,
    Voice,
)
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.documents.press import Press
from bot.engine.messages import Form, Incoming, Said
from bot.engine.rights import Action
from bot.engine.run import Attachment, FileKind
from bot.engine.values import clean
from bot.services import (
    approvals,
    cards,
    changes,
    desk,
    draft_card,
    entry,
    figures,
    followups,
    menu,
    office_changes,
    people,
    quiet,
    report_taps,
    reports,
    review_card,
    review_taps,
    rights,
    runs,
    talk,
    tasks,
    whereabouts,
)
from bot.services.house import Answer, House
from bot.services.inquiry import Inquiry
from bot.services.people import Caller
from bot.storage.database import AlreadyDone, Database, Transaction
from bot.storage.inbox import NotYet
from bot.storage.people import Person
from bot.telegram.calls import Calls
from bot.views import taps as t
from bot.views.approval_taps import ApprovalTap
from bot.views.draft_taps import DraftTap
from bot.views.office_change_taps import OfficeChangeTap
from bot.views.papers import Paper
from bot.views.report_taps import ReportTap
from bot.views.review_taps import ReviewTap
from bot.views.words import N_, Words

LONGEST_NAME = 120
"""Characters of a file's name that are kept."""

Context = ContextTypes.DEFAULT_TYPE
Use = Callable[[Transaction, House, Person], Answer | None]
Handle = Callable[[Update, Context], Any]

NO_PERSON = frozenset({777000, 1087968824, 136817688})
"""Ids that Telegram shares among many: service messages, anonymous admins, channels."""


class Handlers:
    """The way from an update to a use case."""

    def __init__(
        self, calls: Calls, database: Database, house: Callable[[], House], fetch: Callable[[], None], press: Press
    ) -> None:
        self._calls = calls
        self._database = database
        self._house = house
        self._fetch = fetch
        self._press = press

    def add_to(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Tell python-telegram-bot what goes where; whatever is left is put aside as read."""
        private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
        for names, callback in self.commands().items():
            application.add_handler(CommandHandler(names, callback, filters=private))
        application.add_handler(CallbackQueryHandler(self.press))
        application.add_handler(MessageHandler(private & filters.COMMAND, self.unknown))
        application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, self.message))
        changed = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION)
        application.add_handler(MessageHandler(changed, self.edited))
        application.add_handler(ChatMemberHandler(self.member, ChatMemberHandler.MY_CHAT_MEMBER))
        application.add_handler(TypeHandler(Update, self.ignore))

    def commands(self) -> dict[tuple[str, ...], Handle]:
        """The chat commands, each with its English alias."""
        return {
            ("start",): self.start,
            ("sop", "find"): self.sop,
            ("lanjut", "resume"): self.resume,
            ("tugas", "tasks"): self.tasks,
            ("lapor", "report"): self.report,
            ("tinjauan", "reviews"): self.reviews,
            ("rekap", "stats"): self.figures,
            ("orang", "people"): self.people,
            ("diam", "quiet"): self.quiet,
            ("ganti", "change"): self.change,
            ("bahasa", "language"): self.language,
            ("batal", "cancel"): self.cancel,
            ("bantuan", "help"): self.help,
        }

    async def _ask(self, update: Update, action: Action, use: Use) -> Answer:
        """Ask a service on behalf of whoever sent the update, in the transaction that marks it as done; where `action`
        is not for them, they are told so instead."""
        user = update.effective_user
        if user is None or not _is_person(user):
            return await self.ignore(update, None)
        enter = partial(self._database.run, _enter, self._house(), _caller(user), action)
        try:
            return await enter(use, update.message, update=update.update_id)
        except Inquiry as inquiry:
            found = await self._database.read(inquiry.read)
            if isinstance(found, Paper):
                found = found, await self._press.make(found)
            return await enter(partial(inquiry.show, found), update.message, update=update.update_id)

    async def start(self, update: Update, context: Context) -> None:
        """/start, with or without the SOP that a QR code names, or an invitation."""
        payload = clean(context.args[0]) if context.args else ""
        match payload[:4]:
            case "sop_":
                name = payload[4:]
                await self._ask(update, Action.USE, lambda tx, house, me: menu.show_sop(tx, house, me, name, anew=True))
            case "inv_":
                token = payload[4:]
                await self._ask(update, Action.ENTER, lambda tx, house, me: entry.redeem(tx, house, me, token))
            case _:
                await self._ask(update, Action.USE, menu.home)

    async def sop(self, update: Update, context: Context) -> None:
        """/sop, with or without words to search for."""
        text = clean(" ".join(context.args or []))
        await self._ask(update, Action.USE, lambda tx, house, me: menu.find(tx, house, me, text))

    async def resume(self, update: Update, context: Context) -> None:
        """/lanjut"""
        await self._ask(update, Action.RUN, menu.list_runs)

    async def tasks(self, update: Update, context: Context) -> None:
        """/tugas"""
        await self._ask(update, Action.RUN, lambda tx, house, me: tasks.show(tx, house, me, 0, anew=True))

    async def report(self, update: Update, context: Context) -> None:
        """/lapor"""
        await self._ask(update, Action.REPORT, reports.ask_which)

    async def reviews(self, update: Update, context: Context) -> None:
        """/tinjauan"""
        await self._ask(update, Action.SEE_REVIEWS, review_card.show_all)

    async def quiet(self, update: Update, context: Context) -> None:
        """/diam"""
        await self._ask(update, Action.USE, quiet.show)

    async def figures(self, update: Update, context: Context) -> None:
        """/rekap"""
        await self._ask(update, Action.SEE_FIGURES, figures.begin)

    async def change(self, update: Update, context: Context) -> None:
        """/ganti, with or without what changed."""
        text = clean(" ".join(context.args or []))
        begin = office_changes.begin
        await self._ask(update, Action.ANNOUNCE_CHANGE, lambda tx, house, me: begin(tx, house, me, text))

    async def people(self, update: Update, context: Context) -> None:
        """/orang, with or without a name."""
        text = clean(" ".join(context.args or []))
        await self._ask(update, Action.SEE_PEOPLE, lambda tx, house, me: desk.open_people(tx, house, me, text))

    async def language(self, update: Update, context: Context) -> None:
        """/bahasa"""
        await self._ask(update, Action.USE, menu.ask_language)

    async def cancel(self, update: Update, context: Context) -> None:
        """/batal"""
        said = Said(_message(update).message_id)
        await self._ask(update, Action.USE, lambda tx, house, me: talk.cancel(tx, house, me, said))

    async def help(self, update: Update, context: Context) -> None:
        """/bantuan"""
        await self._ask(update, Action.USE, menu.show_help)

    async def unknown(self, update: Update, context: Context) -> None:
        """A command that there is not."""
        said = _said(_message(update))
        await self._ask(update, Action.USE, lambda tx, house, me: talk.unknown(tx, house, me, said))

    async def message(self, update: Update, context: Context) -> None:
        """Words, photos, files, voice notes, locations."""
        said = _said(_message(update))
        await self._ask(update, Action.USE, lambda tx, house, me: hear(tx, house, me, said))
        if said.file is not None:
            self._fetch()

    async def edited(self, update: Update, context: Context) -> None:
        """The words of a message were changed."""
        assert update.edited_message is not None
        said = Said(update.edited_message.message_id)
        await self._ask(update, Action.USE, lambda tx, house, me: talk.edited(tx, house, me, said))

    async def press(self, update: Update, context: Context) -> None:
        """A tap on a button. Whoever handles it answers it, or the phone would show a spinner for ever."""
        query = update.callback_query
        assert query is not None
        tap = self._house().pack.unpack(query.data or "")
        message_id = query.message.message_id if query.message and query.message.is_accessible else None
        try:
            answer = await self._ask(
                update, rights.action_of(tap), lambda tx, house, me: press(tx, house, me, tap, message_id)
            )
        except AlreadyDone:
            return  # another process has done it, and says what came of it
        except NotYet:
            raise  # its turn comes
        except Exception:
            await self._reply(
                query, Answer(Words(self._house().language, self._house().office.zone)(FAILED), alert=True)
            )
            raise
        await self._reply(query, answer)
        if isinstance(tap, t.ForRun):
            self._fetch()  # what waited for its run may be a file

    async def _reply(self, query: CallbackQuery, answer: Answer) -> None:
        """Answer a tap. Too late is no error: the card tells the same."""
        with contextlib.suppress(TelegramError):
            await self._calls.answer(query.id, answer.text, alert=answer.alert)

    async def member(self, update: Update, context: Context) -> None:
        """Somebody blocked the bot, or let it in again; or took it into a group, where it does not stay."""
        change = update.my_chat_member
        assert change is not None
        gone = change.new_chat_member.status in ("kicked", "left")
        chat = change.chat.id
        if chat == self._house().settings.anchors:
            await self._database.run(_nothing, update=update.update_id)
        elif change.chat.type != ChatType.PRIVATE and not gone:
            with contextlib.suppress(TelegramError):  # where it cannot leave it stays, and says nothing
                await context.bot.leave_chat(chat)
            await self._database.run(people.left_group, self._house(), change.from_user.id, update=update.update_id)
        else:
            work = people.lost if gone else partial(people.back, house=self._house())
            await self._database.run(work, chat, update=update.update_id)

    async def ignore(self, update: Update, context: Context | None) -> Answer:
        """Nothing that we act on; it is done all the same."""
        await self._database.run(_nothing, update=update.update_id)
        return Answer()


FAILED = N_("Something went wrong on our side; nothing was lost. Please try again.")


def _nothing(tx: Transaction) -> None:
    """Only the inbox row is marked."""


def _enter(tx: Transaction, house: House, caller: Caller, action: Action, use: Use, written: Message | None) -> Answer:
    """`written` is what the person wrote, None for a tap: cards above it are sent anew below."""
    person = people.arrive(tx, house, caller)
    if written is not None:
        tx.sent_at = written.date
        if written.message_id > person.seen_id:
            tx.people.change(person.id, seen_id=written.message_id)
            person = replace(person, seen_id=written.message_id)
    if not people.may_enter(person, action):
        return people.turn_away(tx, house, person, action, written.message_id if written else 0)
    return use(tx, house, person) or Answer()


def hear(tx: Transaction, house: House, me: Person, said: Said) -> None:
    """Words and files are for the card of people, a deviation or a draft that wants them, else for a run."""
    if not any(card.hear(tx, house, me, said) for card in (desk, followups, draft_card)):
        talk.hear(tx, house, me, said)


def press(tx: Transaction, house: House, me: Person, tap: t.Tap | None, message_id: int | None) -> Answer:
    """What a tap asks of which service."""
    match tap:
        case None:
            words = house.words(me)
            return Answer(words("That button is from long ago. Please send /start for the menu."), alert=True)
        case t.OnRun():
            return runs.press(tx, house, me, tap, message_id)
        case t.ShowSop(sop=sop):
            # from a run's card or a notice it comes below, where the finger is, and not into a menu far above
            menu.show_sop(tx, house, me, sop, anew=not tx.cards.is_in(cards.MENU, me.chat, message_id))
        case t.StartRun():
            return changes.start(tx, house, me, tap)
        case t.Understood():
            return changes.understood(tx, house, me, tap)
        case t.ShowRun(run=run):
            return runs.reopen(tx, house, me, run)
        case t.WhereIs(run=run):
            return whereabouts.show(tx, house, me, run)
        case t.WhereAll():
            return whereabouts.show_all(tx, house, me)
        case t.Favour():
            return menu.favour(tx, house, me, tap)
        case t.Browse(page=page):
            menu.browse(tx, house, me, page)
        case t.Runs():
            menu.list_runs(tx, house, me)
        case t.Tasks(page=page):
            tasks.show(tx, house, me, page)
        case t.Speak(language=language):
            return menu.speak(tx, house, me, language)
        case tap if isinstance(tap, ReviewTap):
            return review_taps.press(tx, house, me, tap, message_id)
        case tap if isinstance(tap, ApprovalTap):
            return approvals.press(tx, house, me, tap, message_id)
        case tap if isinstance(tap, DraftTap):
            return draft_card.press(tx, house, me, tap)
        case tap if isinstance(tap, OfficeChangeTap):
            return office_changes.press(tx, house, me, tap)
        case tap if isinstance(tap, ReportTap):
            return report_taps.press(tx, house, me, tap, message_id)
        case t.ForRun():
            return talk.choose_run(tx, house, me, tap)
        case t.Search():
            return talk.search_held(tx, house, me, tap)
        case t.DrawCode():
            return menu.draw_code(tx, house, me, tap)
        case t.GoOn():
            return changes.go_on(tx, house, me, tap)
        case t.Rehearse():
            return menu.rehearse(tx, house, me, tap)
        case t.StartTrial():
            return approvals.start_trial(tx, house, me, tap)
        case t.Help():
            menu.show_help(tx, house, me)
        case t.AskIn():
            return entry.ask_in(tx, house, me)
        case t.LetIn(request=request):
            return desk.let_in(tx, house, me, request)
        case t.KeepOut(request=request):
            return desk.keep_out(tx, house, me, request)
        case t.Desk():
            return desk.press(tx, house, me, tap)
        case t.ShowDeviation(deviation=seq):
            return followups.open_card(tx, house, me, seq, message_id)
        case t.Departures(run=run, page=page):
            return followups.open_run(tx, house, me, run, page)
        case t.FollowUps(page=page):
            return followups.open_list(tx, house, me, page)
        case t.Follow():
            return followups.press(tx, house, me, tap)
        case t.Figures():
            return figures.press(tx, house, me, tap)
    return Answer()


def _is_person(user: User) -> bool:
    return not user.is_bot and user.id not in NO_PERSON and user.id > 0


def _caller(user: User) -> Caller:
    return Caller(user.id, _name(user), user.language_code or "")


def _name(user: User) -> str:
    """The name on one line, without what does not show; the number of one that has none, as a deleted account."""
    return " ".join(clean(f"{user.first_name} {user.last_name or ''}").split()) or str(user.id)


def _message(update: Update) -> Message:
    assert update.message is not None
    return update.message


def _said(message: Message) -> Said:
    file = _file(message)
    return Said(
        message.message_id,
        message.text or message.caption or "",
        file,
        message.reply_to_message.message_id if message.reply_to_message else None,
        forwarded=message.forward_origin is not None,
        odd=file is None and (message.text is None or _of_a_bot(message.forward_origin)),
    )


def _of_a_bot(origin: MessageOrigin | None) -> bool:
    """Whether words come from a bot, as a card does that is forwarded back."""
    return isinstance(origin, MessageOriginUser) and origin.sender_user.is_bot


def _file(message: Message) -> Incoming | None:
    """The file of a message. The last size of a photo is the largest; a picture sent as a file is a photo too."""
    match message:
        case Message(animation=Animation()):
            return None  # it comes as a document beside it
        case Message(photo=(*_, photo)):
            return _incoming(FileKind.PHOTO, Form.PHOTO, photo)
        case Message(document=Document(mime_type=mime) as document):
            kind = FileKind.PHOTO if (mime or "").startswith("image/") else FileKind.FILE
            return _incoming(kind, Form.DOCUMENT, document, clean(document.file_name or "")[:LONGEST_NAME])
        case Message(voice=Voice() as voice):
            return _incoming(FileKind.VOICE, Form.VOICE, voice)
        case Message(location=Location(latitude=latitude, longitude=longitude)):
            # where somebody was can be erased, and so is no part of what the journal says
            place = f"{latitude:.5f}, {longitude:.5f}"
            return Incoming(Attachment(FileKind.LOCATION, secrets.token_hex(8)), name=place)
        case _:
            return None


def _incoming(kind: FileKind, form: Form, sent: PhotoSize | Document | Voice, name: str = "") -> Incoming:
    return Incoming(Attachment(kind, sent.file_unique_id), sent.file_id, form, sent.file_size, name)
