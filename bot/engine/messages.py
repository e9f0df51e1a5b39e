"""What a person says, as a message brings it: words, a file, or both."""

from dataclasses import dataclass
from enum import StrEnum

from bot.engine.run import Attachment


class Form(StrEnum):
    """How the messenger carries a file. What came in one form cannot be sent in another."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file, and the id under which the messenger has it. A location has neither id nor form; `size` is None where it
    is not told, `name` is what its sender called it."""

    attachment: Attachment
    file_id: str = ""
    form: Form | None = None
    size: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `odd`: it holds something that is of no use here; `chosen`: its run was chosen afterwards."""

    message_id: int
    text: str = ""
    file: Incoming | None = None
    reply_to: int | None = None
    forwarded: bool = False
    odd: bool = False
    chosen: bool = False
