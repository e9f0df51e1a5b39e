"""What the office says about its bot, in the environment or in `.env`: read once, checked, and never changed."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Any, Literal, NamedTuple, Self, TypeAlias
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# python-telegram-bot says how long to wait as a timedelta where this is set, and warns where it is not
os.environ["PTB_TIMEDELTA"] = "1"

LogFormat: TypeAlias = Literal["console", "json"]


class WrongSetting(Exception):
    """A setting cannot be used. Its text is one line that says what to do, and never shows a secret."""


def writable(folder: Path, name: str) -> Path:
    """The folder that the setting `name` names, made where it is missing. Raises WrongSetting where that is no use."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise WrongSetting(f"{name} is {folder}, where nothing can be kept ({why}): name another folder") from None


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int


def _reads(parse: Callable[[str], object], advice: str) -> BeforeValidator:
    """Turn the text of a setting into its value; one that `parse` cannot read is answered with the advice."""

    def read(given: object) -> object:
        try:
            return parse(given.strip()) if isinstance(given, str) else given
        except (ValueError, LookupError, OSError):
            raise ValueError(advice) from None

    return BeforeValidator(read)


def _shaped(pattern: str) -> Callable[[str], str]:
    def text(given: str) -> str:
        if not re.fullmatch(pattern, given):
            raise ValueError
        return given

    return text


def _ids(text: str) -> frozenset[int]:
    person = _shaped("[1-9][0-9]{0,15}")
    return frozenset(int(person(part.strip())) for part in text.split(","))


def _address(text: str) -> Address:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or not parts.port:
        raise ValueError
    return Address(parts.hostname, parts.port)


_Token = _reads(
    _shaped("[0-9]{6,12}:[A-Za-z0-9_-]{30,}"),
    "TELEGRAM_BOT_TOKEN is not what a token looks like: copy the whole line that @BotFather gave you",
)
_ApiUrl = _reads(
    lambda text: _shaped(r"https?://[^\s/]+(/\S+)?")(text.rstrip("/")),
    "TELEGRAM_API_URL must be an address that begins with http:// or https://; leave it out for Telegram's own",
)
_DatabaseUrl = _reads(
    _shaped(r"sqlite:///\S.*|postgresql\+psycopg://\S+"),
    "DATABASE_URL must begin with sqlite:/// and a file, or with postgresql+psycopg://; "
    "leave it out for a SQLite file in DATA_DIR",
)
_AdminIds = _reads(
    _ids, "ADMIN_IDS must be Telegram user ids, numbers and not @names, with commas between: 12345678,87654321"
)
_Timezone = _reads(
    ZoneInfo,
    "OFFICE_TIMEZONE is no time zone we know: write Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT) "
    "or another name of that kind",
)
_WebhookUrl = _reads(
    _shaped(r"https://[^\s/]+(/\S*)?"),
    "WEBHOOK_URL must begin with https://, for Telegram calls no other; leave it out to poll instead",
)
_WebhookSecret = _reads(
    _shaped("[A-Za-z0-9_-]{1,256}"), "WEBHOOK_SECRET must be 1 to 256 letters, digits, underscores or hyphens"
)
_WebhookListen = _reads(_address, "WEBHOOK_LISTEN must be a host and a port: 127.0.0.1:8080")


def _beside_the_data(read_before: dict[str, Any]) -> str:
    return f"sqlite:///{read_before['data_dir'] / 'pandu.db'}"


class Settings(BaseModel):
    """All settings, each under its name in small letters. Built by hand, they take nothing from the environment."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    telegram_bot_token: Annotated[SecretStr | None, _Token] = None
    telegram_api_url: Annotated[str, _ApiUrl] = "https://api.telegram.org"
    data_dir: Path = Path("data")
    database_url: Annotated[str, _DatabaseUrl] = Field(default_factory=_beside_the_data, repr=False)
    sops_dir: Path = Path("sops")
    admin_ids: Annotated[frozenset[int], NoDecode, _AdminIds] = frozenset()
    office_timezone: Annotated[ZoneInfo, _Timezone] = ZoneInfo("Asia/Makassar")
    office_language: Literal["id", "en"] = "id"
    webhook_url: Annotated[str | None, _WebhookUrl] = None
    webhook_secret: Annotated[SecretStr | None, _WebhookSecret] = None
    webhook_listen: Annotated[Address, NoDecode, _WebhookListen] = Address("127.0.0.1", 8080)
    log_format: LogFormat = "console"

    @staticmethod
    def read() -> "Settings":
        """What the environment says, else `.env`, else the defaults. Raises WrongSetting for the first wrong one."""
        try:
            return Settings(**vars(_Environment()))
        except ValidationError as wrong:
            raise WrongSetting(_line(wrong.errors(include_url=False, include_input=False)[0])) from None
        except (OSError, UnicodeDecodeError) as unreadable:
            why = type(unreadable).__name__
            raise WrongSetting(f".env cannot be read ({why}): save it as UTF-8 text that the bot may open") from None

    @property
    def token(self) -> str:
        """The bot's token in the clear. Raises WrongSetting where there is none, as only Telegram asks for one."""
        if self.telegram_bot_token is None:
            raise WrongSetting("TELEGRAM_BOT_TOKEN is missing: ask @BotFather for one and write it into .env")
        return self.telegram_bot_token.get_secret_value()

    @property
    def procedures(self) -> Path:
        """The folder of the SOP files. Raises WrongSetting where there is none."""
        if not self.sops_dir.is_dir():
            raise WrongSetting(
                f"SOPS_DIR is {self.sops_dir}, but there is no such folder: make it and put the SOP files there, "
                "or name the right one in .env"
            )
        return self.sops_dir

    @model_validator(mode="after")
    def _webhook_is_guarded(self) -> Self:
        if self.webhook_url and not self.webhook_secret:
            raise ValueError(
                "WEBHOOK_SECRET is missing: with WEBHOOK_URL it tells Telegram's calls from anybody else's"
            )
        token = self.telegram_bot_token
        if self.webhook_url and token and token.get_secret_value() in unquote(self.webhook_url):
            raise ValueError("WEBHOOK_URL must not hold the token: addresses end up in logs, the secret guards it")
        return self


class _Environment(Settings, BaseSettings):
    """Where `read` takes the settings from. An empty one counts as left out."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore")


def _line(error: ErrorDetails) -> str:
    match error:
        case {"ctx": {"error": advice}}:
            return str(advice)
        case _:
            return f"{str(error['loc'][0]).upper()}: {error['msg']}"
