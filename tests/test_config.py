"""The environment is read once, checked whole, and keeps its secrets."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.clock import system_clock
from bot.config import KENDARI, ConfigError, Settings, derived_secret, environment, on_loopback
from bot.secret import Secret
from bot.settings_reading import TELEGRAM

TOKEN = "123456789:stand-in-token"
STAND_IN = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:8081"}


def read(**environ: str) -> Settings:
    return Settings.read({"BOT_TOKEN": TOKEN, "OWNER_IDS": "1"} | environ)


def faults(**environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(**environ)
    return str(caught.value)


def test_a_token_alone_is_enough_to_start():
    settings = Settings.read({"BOT_TOKEN": TOKEN})

    assert settings.token == Secret(TOKEN)
    assert settings.owner_ids == frozenset()
    assert settings.database_url == Secret("sqlite:///loket.db")
    assert settings.catalogue == KENDARI
    assert settings.telegram_api_url == TELEGRAM
    assert (settings.webhook_url, settings.port, settings.serves_http) == (None, 8080, False)
    assert (settings.send_rate, settings.paid_broadcast) == (25.0, False)
    assert (settings.resume_hold, settings.notice_gap) == (timedelta(minutes=2), timedelta(minutes=30))
    assert settings.quiet_hours == (time(21), time(6))
    assert (settings.channel_id, settings.metrics_token, settings.log_format) == (None, None, None)
    assert (settings.clock_offset, settings.log_level) == (0.0, "INFO")


def test_a_command_that_needs_no_token_starts_without_one():
    settings = Settings.read({}, needs_token=False)

    assert settings.token is None
    assert settings.webhook_secret is None


def test_a_missing_token_says_where_one_comes_from():
    with pytest.raises(ConfigError, match=r"BOT_TOKEN is missing\. Right would be .*@BotFather"):
        Settings.read({"BOT_TOKEN": "  "})


def test_every_fault_is_told_at_once():
    message = faults(OWNER_IDS="ani", PORT="0", SEND_RATE="fast", LOG_LEVEL="loud", CATALOGUE="nowhere.toml")

    assert [line.split()[0] for line in message.splitlines()] == [
        "OWNER_IDS",
        "CATALOGUE",
        "PORT",
        "SEND_RATE",
        "LOG_LEVEL",
    ]
    assert all("Right would be" in line for line in message.splitlines())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOT_TOKEN", "no token"),
        ("BOT_TOKEN", "٣٣:abc"),
        ("OWNER_IDS", "0"),
        ("OWNER_IDS", "12 34"),
        ("OWNER_IDS", "-100123"),
        ("DATABASE_URL", "mysql://localhost/loket"),
        ("DATABASE_URL", "loket.db"),
        ("DATABASE_URL", "sqlite://loket.db"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "http://localhost:port"),
        ("TELEGRAM_API_URL", "https://user:word@host"),
        ("TELEGRAM_API_URL", "ftp://localhost"),
        ("WEBHOOK_URL", "http://loket.example.org"),
        ("WEBHOOK_URL", "https://loket.example.org:8080"),
        ("WEBHOOK_SECRET", "with a space"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("PORT", "65536"),
        ("SEND_RATE", "0"),
        ("SEND_RATE", "31"),
        ("SEND_RATE", "nan"),
        ("PAID_BROADCAST", "yes"),
        ("RESUME_HOLD", "-1"),
        ("RESUME_HOLD", "2 min"),
        ("NOTICE_GAP", "1e9"),
        ("QUIET_HOURS", "21"),
        ("QUIET_HOURS", "21-24"),
        ("QUIET_HOURS", "6-06"),
        ("CHANNEL_ID", "loket"),
        ("CHANNEL_ID", "-5"),
        ("CLOCK_OFFSET", "yesterday"),
        ("METRICS_TOKEN", "short"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(variable: str, value: str):
    message = faults(**{variable: value})

    assert message.startswith(variable + " ")
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOT_TOKEN", "987654321 hush"),
        ("DATABASE_URL", "mysql://loket:hush@db/loket"),
        ("TELEGRAM_API_URL", "https://hush@host"),
        ("WEBHOOK_SECRET", "hush hush"),
        ("METRICS_TOKEN", "hush"),
    ],
)
def test_a_refused_secret_is_not_repeated(variable: str, value: str):
    assert "hush" not in faults(**{variable: value})


def test_settings_can_be_logged_without_telling_a_secret():
    settings = read(
        DATABASE_URL="postgresql://loket:hush@db/loket", WEBHOOK_SECRET="hush", METRICS_TOKEN="hush-hush-hush-hush"
    )

    shown = f"{settings} {settings!r} {settings.token} {settings.database_url}"

    assert "hush" not in shown
    assert TOKEN not in shown
    assert settings.database_url.reveal() == "postgresql://loket:hush@db/loket"


def test_secrets_with_one_text_are_equal_and_nothing_else_is():
    assert Secret("a") == Secret("a")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a") != "a"


def test_owners_are_read_from_a_list_with_blanks():
    assert read(OWNER_IDS=" 11, 22,,33 ").owner_ids == {11, 22, 33}


def test_the_older_name_of_postgresql_is_taken():
    assert read(DATABASE_URL="postgres://u:p@h/n").database_url == Secret("postgresql://u:p@h/n")


def test_another_catalogue_is_named_by_its_path(tmp_path: Path):
    other = tmp_path / "other.toml"
    other.touch()

    assert read(CATALOGUE=str(other)).catalogue == other


def test_the_webhook_gets_its_path_and_a_secret_from_the_token():
    settings = read(WEBHOOK_URL="https://loket.example.org:8443/")

    assert settings.webhook_url == "https://loket.example.org:8443/telegram"
    assert settings.serves_http
    assert settings.webhook_secret == derived_secret(Secret(TOKEN))
    assert TOKEN not in derived_secret(Secret(TOKEN)).reveal()


def test_a_webhook_secret_of_ones_own_wins():
    assert read(WEBHOOK_SECRET="own_secret").webhook_secret == Secret("own_secret")


def test_a_stand_in_on_this_machine_may_call_any_address():
    settings = Settings.read(STAND_IN | {"WEBHOOK_URL": "http://127.0.0.1:9000"})

    assert settings.webhook_url == "http://127.0.0.1:9000/telegram"


def test_a_port_alone_makes_the_bot_answer_http():
    settings = read(PORT="9000")

    assert (settings.port, settings.serves_http) == (9000, True)


def test_a_paid_broadcast_may_be_faster():
    settings = read(PAID_BROADCAST="1", SEND_RATE="1000")

    assert (settings.send_rate, settings.paid_broadcast) == (1000.0, True)


def test_quiet_hours_may_be_others_or_off():
    assert read(QUIET_HOURS="22 - 5").quiet_hours == (time(22), time(5))
    assert read(QUIET_HOURS="Off").quiet_hours is None


def test_a_channel_is_a_name_or_a_number():
    assert read(CHANNEL_ID="@disdukcapil_kdi").channel_id == "@disdukcapil_kdi"
    assert read(CHANNEL_ID="-1001234567890").channel_id == -1001234567890


def test_logs_may_be_chosen_in_either_case():
    settings = read(LOG_FORMAT="JSON", LOG_LEVEL="debug")

    assert (settings.log_format, settings.log_level) == ("json", "DEBUG")


def test_the_clock_moves_only_before_a_stand_in():
    assert Settings.read(STAND_IN | {"CLOCK_OFFSET": "-310000000"}).clock_offset == -310_000_000
    assert read(CLOCK_OFFSET="0").clock_offset == 0
    assert "TELEGRAM_API_URL on loopback" in faults(CLOCK_OFFSET="60")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8081", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8081/", True),
        ("http://localhost", True),
        ("http://localhost.example.org", False),
        ("http://10.0.0.5:8081", False),
        ("https://api.telegram.org", False),
        ("nonsense", False),
    ],
)
def test_loopback_is_this_machine_and_nothing_else(url: str, expected: bool):
    assert on_loopback(url) is expected


def test_what_may_be_an_oversight_is_a_warning():
    settings = Settings.read({"BOT_TOKEN": TOKEN, "DYNO": "worker.1", "TELEGRAM_API_URL": "http://10.0.0.5:8081"})

    assert [warning.split()[0] for warning in settings.warnings] == ["OWNER_IDS", "DATABASE_URL", "TELEGRAM_API_URL"]


def test_a_careful_deployment_hears_no_warning():
    assert read(DYNO="worker.1", DATABASE_URL="postgres://u:p@h/n").warnings == ()


def test_a_dotenv_completes_the_environment_and_never_overrules_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / ".env").write_text(
        "OWNER_IDS=7\nPORT=1\nDATABASE_URL=postgres://u:p$HOME@h/n\nBARE\n", encoding="utf-8"
    )
    monkeypatch.setenv("PORT", "2")

    found = environment(tmp_path)

    assert (found["OWNER_IDS"], found["PORT"]) == ("7", "2")
    assert found["DATABASE_URL"] == "postgres://u:p$HOME@h/n"
    assert "BARE" not in found


def test_no_dotenv_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", "2")

    assert environment(tmp_path)["PORT"] == "2"


def test_the_clock_is_aware_and_can_be_moved():
    before = datetime.now(UTC)  # noqa: TID251 -- the clock is compared with the machine's own

    told, moved = system_clock()(), system_clock(-3600)()

    assert timedelta(0) <= told - before < timedelta(seconds=5)
    assert timedelta(minutes=59) < told - moved <= timedelta(hours=1)
