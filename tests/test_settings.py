"""Settings: what is read, what is refused with one line of advice, and that no secret is ever shown."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError
from telegram.error import RetryAfter

from bot.settings import Address, Settings, WrongSetting

TOKEN = "123456789:AAHnot-a-real-token_but-shaped-like-1"
SECRET = "hunter-hunter-hunter"
NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _an_empty_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor a `.env` says anything."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def wrong(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> str:
    """The line that this setting is refused with."""
    monkeypatch.setenv(name, text)
    with pytest.raises(WrongSetting) as refused:
        Settings.read()
    return str(refused.value)


def test_nothing_needs_to_be_said() -> None:
    settings = Settings.read()

    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.data_dir == Path("data")
    assert settings.sops_dir == Path("sops")
    assert settings.database_url == "sqlite:///data/pandu.db"
    assert settings.admin_ids == frozenset()
    assert settings.office_timezone == ZoneInfo("Asia/Makassar")
    assert settings.office_language == "id"
    assert settings.webhook_url is None
    assert settings.log_format == "console"


def test_everything_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
        "DATA_DIR": "/srv/pandu",
        "DATABASE_URL": f"postgresql+psycopg://pandu:{SECRET}@db/pandu",
        "SOPS_DIR": "procedures",
        "ADMIN_IDS": "12345678, 5000000000",
        "OFFICE_TIMEZONE": "Asia/Jayapura",
        "OFFICE_LANGUAGE": "en",
        "WEBHOOK_URL": "https://bot.example.go.id/telegram",
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_LISTEN": "[::1]:8443",
        "LOG_FORMAT": "json",
    }
    for name, text in said.items():
        monkeypatch.setenv(name, text)

    assert Settings.read() == Settings(
        telegram_bot_token=SecretStr(TOKEN),
        telegram_api_url="http://127.0.0.1:8081",
        data_dir=Path("/srv/pandu"),
        database_url=f"postgresql+psycopg://pandu:{SECRET}@db/pandu",
        sops_dir=Path("procedures"),
        admin_ids=frozenset({12345678, 5000000000}),
        office_timezone=ZoneInfo("Asia/Jayapura"),
        office_language="en",
        webhook_url="https://bot.example.go.id/telegram",
        webhook_secret=SecretStr(SECRET),
        webhook_listen=Address("::1", 8443),
        log_format="json",
    )
    assert sorted(said) == sorted(NAMES)


def test_the_environment_wins_over_the_file_and_an_empty_line_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nOFFICE_LANGUAGE=en\nADMIN_IDS=7\nDATA_DIR=\nOTHERS_OWN=1\n")
    monkeypatch.setenv("ADMIN_IDS", "8")
    monkeypatch.setenv("OFFICE_LANGUAGE", "")

    settings = Settings.read()

    assert settings.token == TOKEN
    assert settings.admin_ids == {8}
    assert settings.office_language == "en"
    assert settings.data_dir == Path("data")


def test_the_database_follows_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "/srv/pandu")

    assert Settings.read().database_url == "sqlite:////srv/pandu/pandu.db"


def test_settings_built_by_hand_take_nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\n")
    monkeypatch.setenv("ADMIN_IDS", "7")

    settings = Settings(data_dir=Path("data/demo"))

    assert settings.telegram_bot_token is None
    assert settings.admin_ids == frozenset()
    assert settings.database_url == "sqlite:///data/demo/pandu.db"


def test_settings_never_change() -> None:
    settings = Settings.read()

    with pytest.raises(ValidationError):
        settings.office_language = "en"


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("TELEGRAM_BOT_TOKEN", SECRET, "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", f"bot{TOKEN}", "@BotFather"),
        ("TELEGRAM_API_URL", "api.telegram.org", "https://"),
        ("DATABASE_URL", f"postgres://pandu:{SECRET}@db/pandu", "postgresql+psycopg://"),
        ("DATABASE_URL", f"postgresql://pandu:{SECRET}@db/pandu", "postgresql+psycopg://"),
        ("DATABASE_URL", "sqlite://", "sqlite:///"),
        ("ADMIN_IDS", "@ana", "numbers"),
        ("ADMIN_IDS", "1234;5678", "commas"),
        ("ADMIN_IDS", "-100123", "user ids"),
        ("OFFICE_TIMEZONE", "Asia/Makasar", "Asia/Makassar (WITA)"),
        ("OFFICE_TIMEZONE", "Asia", "Asia/Makassar (WITA)"),
        ("OFFICE_TIMEZONE", "../../etc/passwd", "Asia/Makassar (WITA)"),
        ("OFFICE_LANGUAGE", "fr", "'id' or 'en'"),
        ("WEBHOOK_URL", "http://bot.example.go.id", "https://"),
        ("WEBHOOK_SECRET", "two words", "letters, digits"),
        ("WEBHOOK_LISTEN", "8080", "127.0.0.1:8080"),
        ("WEBHOOK_LISTEN", "localhost:99999", "127.0.0.1:8080"),
        ("LOG_FORMAT", "xml", "'console' or 'json'"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, advice: str
) -> None:
    line = wrong(monkeypatch, name, text)

    assert line.startswith(name)
    assert advice in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "DATABASE_URL", "WEBHOOK_SECRET"])
def test_a_refusal_never_shows_the_secret(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert SECRET not in wrong(monkeypatch, name, f"!{SECRET}!")


def test_a_webhook_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(monkeypatch, "WEBHOOK_URL", "https://bot.example.go.id").startswith("WEBHOOK_SECRET is missing")


def test_the_token_never_stands_in_the_address_of_the_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)

    line = wrong(monkeypatch, "WEBHOOK_URL", f"https://bot.example.go.id/{TOKEN.replace(':', '%3A')}")

    assert line.startswith("WEBHOOK_URL must not hold the token")
    assert TOKEN not in line


def test_a_token_is_asked_for_only_when_it_is_used() -> None:
    settings = Settings.read()

    with pytest.raises(WrongSetting, match="TELEGRAM_BOT_TOKEN is missing"):
        _ = settings.token


def test_a_file_in_another_encoding_is_refused_in_one_line() -> None:
    Path(".env").write_text("OFFICE_LANGUAGE=en", encoding="utf-16")

    with pytest.raises(WrongSetting, match=r"^\.env cannot be read .* UTF-8"):
        Settings.read()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    with pytest.MonkeyPatch.context() as environment:
        for name in NAMES:
            environment.setenv(name, text)
            try:
                Settings.read()
            except WrongSetting as refused:
                assert "\n" not in str(refused)
            environment.delenv(name)


def test_settings_shown_whole_show_no_secret() -> None:
    settings = Settings(
        telegram_bot_token=SecretStr(TOKEN),
        database_url=f"postgresql+psycopg://pandu:{SECRET}@db/pandu",
        webhook_secret=SecretStr(SECRET),
    )

    for shown in (repr(settings), str(settings), f"{settings}"):
        assert TOKEN not in shown
        assert SECRET not in shown


def test_telegram_says_how_long_to_wait_as_a_timedelta() -> None:
    assert RetryAfter(5).retry_after == timedelta(seconds=5)


def test_the_settings_need_no_telegram() -> None:
    program = "import sys, bot.settings; sys.exit('telegram' in sys.modules)"

    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[1])
