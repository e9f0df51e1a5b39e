"""Updates from hostile hands: valid walks through SOPs, and around them whatever else may come in."""

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from bot.sandbox.files import THUMBNAIL
from bot.sandbox.world import World
from tests.hostile.contents import ANSWERS, FILE_NAMES, NAMES, TEXTS, VALUES, WORDS

Json = dict[str, Any]

SHARED = (777000, 1087968824, 136817688)
"""Ids that stand for many: service messages, anonymous admins, channels."""
UNKNOWN = (
    *("channel_post", "edited_channel_post", "inline_query", "chosen_inline_result", "poll", "poll_answer"),
    *("chat_member", "chat_join_request", "business_message", "message_reaction", "shipping_query"),
    *("pre_checkout_query", "guest_message", "purchased_paid_media", "is", "from", "", "💥"),
)
ODD = {
    "sticker": {"file_id": "S", "file_unique_id": "S", "type": "regular", "width": 1, "height": 1}
    | {"is_animated": False, "is_video": False},
    "contact": {"phone_number": "+62", "first_name": "X", "user_id": 5},
    "dice": {"emoji": "🎲", "value": 7},
    "poll": {"id": "1", "question": "?", "options": []},
    "venue": {"location": {"latitude": 0, "longitude": 0}, "title": "x", "address": "y"},
    "web_app_data": {"data": '{"role":"admin"}', "button_text": "x"},
    "new_chat_members": [{"id": 5, "is_bot": False, "first_name": "X"}],
    "group_chat_created": True,
    "migrate_to_chat_id": -1001,
    "video": 5,
    "game": [],
    "giveaway": {"chats": "x"},
    "forward_origin": {"type": "hidden_user", "date": 5, "sender_user_name": "Nur"},
    "sender_chat": {"id": -1002, "type": "channel", "title": "X"},
    "via_bot": {"id": 9, "is_bot": True, "first_name": "B"},
    "from_the_future": {"x": [1]},
}
LABELS = {"Selesai dengan": 1.0, "Selesai": 8.0, "Mulai": 8.0, "Lanjut": 6.0, "Kembali": 4.0, "Itu semua": 4.0}
LABELS |= {"Terima": 8.0, "Kembalikan": 1.5, "Bukan saya": 0.5, "Izinkan": 3.0, "Setujui": 6.0, "Minta izin": 0.7}
LABELS |= {"Hentikan": 0.1, "Jeda": 0.3, "Urungkan": 0.3, "Kendala": 0.5, "Lainnya": 0.4, "Daftar": 0.5}
"""How likely a button is tapped, by a word of its label; others count 1."""


class Hostile:
    """Makes things come in for the bot, all drawn from `random`: each call of `round` puts updates into `world`."""

    def __init__(self, random: Random, world: World, people: Sequence[int], strangers: Sequence[int]) -> None:
        self.random = random
        self.world = world
        self.people = people
        self.strangers = strangers
        self.seen_data: list[str] = ["m1.help", "r1.1.1.0.done", "r1.1.1.0.quick", "m1.devs.0", "m1.follow.9.1.take.-"]
        self.taps: list[str] = []
        """The queries of taps that were made on a phone, each of which wants one answer."""
        self._pictures = [THUMBNAIL + bytes([n]) for n in range(40)]
        self._ways: dict[Callable[[], None], float] = {
            self._hostile_words: 3,
            self._hostile_answer: 2,
            self._forged_tap: 4,
            self._foreign_tap: 3,
            self._borrowed_tap: 4,
            self._mutated: 8,
            self._foreign_sender: 2,
            self._odd_content: 2,
            self._unknown_kind: 1,
            self._group: 2,
            self._stranger: 1,
            self._edited: 1,
            self._file: 2,
            self._renamed: 0.3,
            self._membership: 0.3,
            self._taken_along: 0.3,
            self._vanished: 0.5,
        }

    def round(self, size: int) -> int:
        """Put some `size` updates into the world, among them one of each person; how many there are."""
        for user in self.people:
            self._walk(user)
        while len(self._pending()) < size:
            self.random.choices(list(self._ways), list(self._ways.values()))[0]()
        pending = self._pending()
        if self.random.random() < 0.5:
            self.random.shuffle(pending)
        numbers = sorted(update["update_id"] for update in pending)
        self.world.updates.clear()
        for number, update in zip(numbers, pending, strict=True):
            self.world.push_raw({**update, "update_id": number})
        return len(pending)

    def _pending(self) -> list[Json]:
        return self.world.updates.pending(self.world.now)

    # People who use the bot

    def _walk(self, user: int) -> None:
        """What a person would do who looks at the newest card: mostly go on, sometimes not."""
        cards = [one for one in self.world.history(user)[-40:] if _buttons(one)]
        step = [one for one in cards if "Langkah " in one["text"]]
        card = step[-1] if step and self.random.random() < 0.8 else cards[-1] if cards else None
        if card is None:
            self.world.say(user, self.random.choice(("uji fungsi", "laptop")))
        elif self.random.random() < 0.04:
            self.world.say(user, self.random.choice(WORDS))
        elif "👉" in card["text"] and self.random.random() < 0.85:
            self._gives(user, card)
        else:
            labels = _buttons(card)
            weights = [self._weight(label) for label, _ in labels]
            _, data = self.random.choices(labels, weights)[0]
            self.seen_data.append(data)
            self.taps.append(self.world.tap(user, card["message_id"], data))

    def _weight(self, label: str) -> float:
        return next((weight for word, weight in LABELS.items() if word in label), 1.0)

    def _gives(self, user: int, card: Json) -> None:
        """What the card asks for: its own example, a picture, or another answer."""
        example = next((one for one in card.get("entities", []) if one["type"] == "code"), None)
        if "👉 Kirim" in card["text"]:
            self._proof(user)
        elif example and self.random.random() < 0.8:
            text = card["text"].encode("utf-16-le")
            start, end = 2 * example["offset"], 2 * (example["offset"] + example["length"])
            self.world.say(user, text[start:end].decode("utf-16-le"))
        elif options := [data for label, data in _buttons(card) if label[0] == "⬜" or ".pick." in data]:
            self.taps.append(self.world.tap(user, card["message_id"], self.random.choice(options)))
        else:
            self.world.say(user, self.random.choice(ANSWERS))

    def _proof(self, user: int) -> None:
        match self.random.randrange(8):
            case 0:
                self.world.send_document(user, "bukti.pdf", self.random.choice(self._pictures), "application/pdf")
            case 1:
                self.world.send_document(user, "bukti.png", self.random.choice(self._pictures), "image/png")
            case 2:
                self.world.send_location(user, -5.1, 119.4)
            case 3:
                self.world.send_album(user, self.random.choices(self._pictures, k=3), "bukti")
            case 4:
                self.world.send_voice(user, b"OggS")
            case _:
                self.world.send_photo(user, self.random.choice(self._pictures))

    # Hostile hands

    def _anybody(self) -> int:
        """A person, mostly of the second half: the first half is to come far with its work."""
        half = len(self.people) // 2
        return self.random.choice(self.people[half:] if self.random.random() < 0.9 else self.people)

    def _message(self, user: int) -> Json:
        """A message that just came in, still to be spoilt."""
        self.world.say(user, "x")
        return self._last()

    def _last(self) -> Json:
        """The newest update that waits, taken out of the queue; it goes back in by `_push`."""
        update = copy.deepcopy(self._pending()[-1])
        self.world.updates.forget(update["update_id"])
        return update

    def _push(self, update: Json) -> None:
        self.world.push_raw(update)

    def _words(self) -> str:
        text = self.random.choice((*TEXTS, *ANSWERS, *WORDS))
        if self.random.random() < 0.2:
            text = (text + self.random.choice(TEXTS))[:4096]
        return text

    def _hostile_words(self) -> None:
        update = self._message(self._anybody())
        self._write(update, self._words())

    def _write(self, update: Json, text: str) -> None:
        update["message"]["text"] = text
        if command := re.match(r"/\w+(@\w+)?", text):
            length = len(command[0])
            update["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        chat = update["message"]["chat"]["id"]
        if chat in self.world.chats and self.random.random() < 0.2:
            update["message"]["reply_to_message"] = self.random.choice(self.world.history(chat))
        self._push(update)

    def _hostile_answer(self) -> None:
        self._write(self._message(self._anybody()), self.random.choice(ANSWERS))

    def _forged_tap(self) -> None:
        """Bytes that no button of ours ever sent."""
        data = self.random.choice(self.seen_data)
        match self.random.randrange(6):
            case 0:
                data = self.random.randbytes(self.random.randrange(65)).decode("latin-1")
            case 1:
                raw = bytearray(data.encode())
                raw[self.random.randrange(len(raw))] ^= 1 << self.random.randrange(8)
                data = raw.decode(errors="replace")
            case 2:
                data = re.sub(r"\d+", lambda _: str(self.random.choice((0, 1, 7, 10**5, 2**31, 10**17))), data)
            case 3:
                parts = data.split(".")
                self.random.shuffle(parts)
                data = ".".join(parts)
            case 4:
                data = re.sub(r"(?<=\.)[a-z]+", lambda _: self.random.choice(_CODES), data)
            case _:
                data = self.random.choice((*TEXTS, data + ".1", data[:-1], data * 2))[:64]
        self._tap(self._anybody(), data)

    def _foreign_tap(self) -> None:
        """A real button, but of another person, another moment or another run."""
        self._tap(self.random.choice((*self.people, *self.strangers)), self.random.choice(self.seen_data))

    def _borrowed_tap(self) -> None:
        """A button that is on somebody's phone just now, tapped by another one: of two who wait for each other, too."""
        cards = [one for one in self.world.history(self.random.choice(self.people))[-10:] if _buttons(one)]
        if cards:
            self._tap(self.random.choice(self.people), self.random.choice(_buttons(self.random.choice(cards)))[1])

    def _tap(self, user: int, data: str) -> None:
        messages = [one["message_id"] for one in self.world.history(user)]
        message = self.random.choice([*messages[-5:], 0, 1, 999_999])
        query = self.world.tap(user, message, "x")
        update = self._last()
        update["callback_query"]["data"] = data
        if not any("\ud800" <= char <= "\udfff" for char in data):
            self.taps.append(query)
        self._push(update)

    def _copied(self) -> Json:
        """A copy of something that waits, to stand beside it."""
        update = copy.deepcopy(self.random.choice(self._pending() or [self._message(self._anybody())]))
        if isinstance(tap := update.get("callback_query"), dict):
            tap["id"] = str(self.random.getrandbits(60))  # one query is never two updates
        return update | {"update_id": self.world.updates.next_id}

    def _mutated(self) -> None:
        """Something that waits already, spoilt at one to three places, beside it."""
        update = self._copied()
        for _ in range(self.random.choice((1, 1, 2, 3))):
            places = [place for place in _places(update) if place[1] != "update_id"]
            if not places:
                return
            holder, key = self.random.choice(places)
            match self.random.randrange(4):
                case 0:
                    del holder[key]
                case 1:
                    holder[key] = [holder[key]]
                case 2:
                    holder[key] = str(holder[key]) if self.random.random() < 0.5 else {"x": holder[key]}
                case _:
                    holder[key] = copy.deepcopy(self.random.choice(VALUES))
        self._push(update)

    def _foreign_sender(self) -> None:
        """A good message or tap, but from somebody who is no person, or in somebody else's chat."""
        update = self._copied()
        body = next((value for value in update.values() if isinstance(value, dict)), None)
        if body is None or not isinstance(body.get("from"), dict):
            return
        match self.random.randrange(5):
            case 0:
                body["from"]["id"] = self.random.choice(SHARED)
            case 1:
                body["from"]["is_bot"] = True
            case 2:
                body["from"]["id"] = -body["from"]["id"] if isinstance(body["from"].get("id"), int) else -5
            case 3:
                body["from"]["id"] = self._anybody()
            case _:
                del body["from"]
        self._push(update)

    def _odd_content(self) -> None:
        update = self._message(self._anybody())
        del update["message"]["text"]
        for kind in self.random.sample(list(ODD), k=self.random.choice((1, 1, 2))):
            update["message"][kind] = copy.deepcopy(ODD[kind])
        if self.random.random() < 0.3:
            update["message"]["caption"] = self._words()
        self._push(update)

    def _unknown_kind(self) -> None:
        kind = self.random.choice(UNKNOWN)
        body = self._message(self._anybody())["message"] if self.random.random() < 0.5 else self.random.choice(VALUES)
        self._push({"update_id": self.world.updates.next_id, kind: body})

    def _group(self) -> None:
        """People, admins without a name and channels in a group, where the bot has nothing to say."""
        update = self._message(self._anybody())
        message = update["message"]
        message["chat"] = {"id": -100_200, "type": self.random.choice(("group", "supergroup", "channel")), "title": "G"}
        if self.random.random() < 0.3:
            message["from"] = {"id": SHARED[1], "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
            message["sender_chat"] = message["chat"]
        self._write(update, self.random.choice((*WORDS, *TEXTS)))

    def _stranger(self) -> None:
        user = self.random.choice(self.strangers)
        update = self._message(user)
        update["message"]["from"] = {**update["message"]["from"], "first_name": self.random.choice(NAMES)}
        self._write(update, self._words())

    def _edited(self) -> None:
        update = self._message(self._anybody())
        update["edited_message"] = update.pop("message") | {"edit_date": self.world.now, "text": self._words()}
        self._push(update)

    def _file(self) -> None:
        user = self._anybody()
        self.world.send_document(user, "x", b"x", "application/x")
        update = self._last()
        document = update["message"]["document"]
        document["file_name"] = self.random.choice(FILE_NAMES)
        document["mime_type"] = self.random.choice(("image/png", "text/html", "\x00", "💥", "image/../x"))
        if self.random.random() < 0.5:
            document["file_size"] = self.random.choice((0, 1, 20 << 20, (20 << 20) + 1, 2**31, 2**40))
        if self.random.random() < 0.2:
            document["file_id"] = self.random.choice((*FILE_NAMES, "http://127.0.0.1/x", "A" * 255))
        if self.random.random() < 0.5:
            update["message"]["caption"] = self._words()
        self._push(update)

    def _renamed(self) -> None:
        user = self._anybody()
        self.world.chats[user].user = {**self.world.chats[user].user, "first_name": self.random.choice(NAMES) or "A"}

    def _membership(self) -> None:
        user = self._anybody()
        if self.world.chats[user].blocked:
            self.world.unblock(user)
        else:
            self.world.block(user)

    def _taken_along(self) -> None:
        kind = self.random.choice(("group", "supergroup", "channel"))
        user = self.random.choice((*self.people, *self.strangers))
        self.world.add_to_group(user, -self.random.randrange(10**12), kind)

    def _vanished(self) -> None:
        """A message of the bot is taken out of the chat."""
        user = self._anybody()
        mine = [one["message_id"] for one in self.world.history(user) if one["from"]["is_bot"]]
        if mine:
            self.world.delete_message(user, self.random.choice(mine[-3:]))


_CODES = (
    *("done", "tick", "way", "give", "refuse", "note", "skip", "waive", "block", "pause", "resume", "stop", "undo"),
    *("back", "why", "pick", "toggle", "chosen", "leave", "fill", "meant", "judge", "wrong", "jot", "other", "more"),
    *("steps", "sop", "s", "run", "fav", "all", "runs", "lang", "report", "fault", "quit", "t", "help"),
    *("rsteps", "rstep", "rsame", "rother", "radd", "rword", "rmine", "rin", "rof", "rshow", "rfiles", "ranswer"),
    *("rplain", "rmerge"),
)


def _buttons(message: Json) -> list[tuple[str, str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [(one["text"], one["callback_data"]) for row in rows for one in row]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value: what holds it, and under which key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
