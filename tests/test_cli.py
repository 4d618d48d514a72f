"""`loket …` as an operator types it: what it prints, how it ends, and that it never shows a secret or a traceback."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot import cli
from bot.checking import check
from bot.office.reporting import Reporting, Shown
from bot.processes import Process
from bot.rules.catalogue_reading import SHIPPED
from bot.rules.reports import Author
from bot.store import migrate
from playground.server import serve
from playground.world import World
from tests.catalogues.indonesia import written
from tests.patience import ANSWER

TOKEN = "747100001:not-a-token-that-opens-anything-00000"
PASSWORD = "rahasia-sekali"
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens there


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Loket = Callable[..., Ended]


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """A deployment in a folder of its own: the environment that its commands read."""
    monkeypatch.chdir(tmp_path)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    kept |= {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": NOWHERE, "CATALOGUE": str(SHIPPED / "demo.toml")}
    monkeypatch.setattr(os, "environ", kept)
    return kept


@pytest.fixture
def loket(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Loket:
    """Runs one command here; whatever it prints holds no secret and no traceback."""

    def run(*arguments: str, **changed: str) -> Ended:
        environ.update(changed)
        code = cli.main(arguments)
        printed = capsys.readouterr()
        for secret in (TOKEN, TOKEN.partition(":")[2], PASSWORD, "Traceback"):
            assert secret not in printed.out + printed.err
        return Ended(code, printed.out, printed.err)

    return run


@pytest.fixture
def newer(tmp_path: Path) -> str:
    """A database that a later Loket has had in hand."""
    url = f"sqlite:///{tmp_path / 'newer.db'}"
    migrate(url)
    with sqlite3.connect(tmp_path / "newer.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    connection.close()
    return url


@pytest.fixture
def unmigrated(tmp_path: Path) -> str:
    """A file that is a database, and no more."""
    sqlite3.connect(tmp_path / "empty.db").execute("CREATE TABLE other (id)").connection.close()
    return f"sqlite:///{tmp_path / 'empty.db'}"


def catalogue(folder: Path, text: str) -> str:
    path = folder / "catalogue.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_the_answer_stands_on_the_terminal(loket: Loket, tmp_path: Path) -> None:
    ended = loket("ask", "ktp", "sudah", "bisa?")

    assert ended.code == 0
    assert "belum ada kabar" in ended.out
    assert "<b>" not in ended.out
    assert list(tmp_path.iterdir()) == []


def test_english_is_answered_in_english(loket: Loket) -> None:
    assert "no word yet" in loket("ask", "is the e-KTP service working today?").out.lower()


def test_what_was_reported_is_answered(loket: Loket) -> None:
    published = loket("report", "blangko", "habis", "--yes")
    assert published.code == 0
    assert published.lines[-1] == "Published as report 1."

    asked = loket("ask", "cetak ktp sudah bisa?")

    assert "⛔ Pencetakan KTP-el belum bisa" in asked.out


def test_a_report_is_shown_and_not_published_without_yes(loket: Loket) -> None:
    shown = loket("report", "blangko", "habis")

    assert shown.code == 0
    assert shown.lines[-1] == "Nothing was published. With --yes it is."
    assert "belum bisa" in shown.out
    assert "belum ada kabar" in loket("ask", "ktp sudah bisa?").out


def test_a_day_on_which_the_office_is_shut_is_questioned_on_the_terminal_too(loket: Loket) -> None:
    (questioned,) = [line for line in loket("report", "blangko habis; sampai Minggu").lines if "Please check" in line]

    assert "Sunday" in questioned


def test_a_backup_answers_as_the_database_did(loket: Loket, tmp_path: Path) -> None:
    early = loket("backup", "backup.db")
    loket("report", "blangko", "habis", "--yes")

    made, again = loket("backup", "backup.db"), loket("backup", "backup.db")

    assert (early.code, made.code, again.code) == (2, 0, 2)
    assert made.out.startswith("Backed up to backup.db: ")
    assert again.err.splitlines()[0] == "Nothing was backed up:"
    assert "belum bisa" in loket("ask", "cetak ktp?", DATABASE_URL=f"sqlite:///{tmp_path / 'backup.db'}").out


def test_an_office_moves_to_postgresql(loket: Loket, postgresql_url: str) -> None:
    nothing = loket("copy", "--to", postgresql_url)
    loket("report", "blangko", "habis", "--yes")

    moved, again = loket("copy", "--to", postgresql_url), loket("copy", "--to", postgresql_url)

    assert (nothing.code, moved.code, again.code) == (2, 0, 2)
    assert "there is no database" in nothing.err
    assert moved.lines[-1] == "Copied, and compared row by row. Now set DATABASE_URL to it."
    assert again.err.splitlines()[0] == "Nothing was copied:"
    assert "belum bisa" in loket("ask", "cetak ktp?", DATABASE_URL=postgresql_url).out


def test_process_1_of_a_container_hears_that_it_is_to_stop(loket: Loket, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    try:
        loket("migrate")
        with pytest.raises(SystemExit) as ended:
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert ended.value.code == 143


def test_a_line_that_is_not_understood_is_refused(loket: Loket) -> None:
    refused = loket("report", "ktp", "yang", "bisa", "--yes")

    assert refused.code == 2
    assert refused.out == ""
    assert "yang bisa" in refused.err


def test_a_report_that_came_too_late_is_refused(loket: Loket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody on the telephone was quicker, between the preview and its publication."""
    quicker = Author(747100201, "Sitti")
    preview_line = Reporting.preview_line

    async def overtaken(staff: Reporting, chat: int, by: Author, command: str, line: str) -> Shown:
        shown = await preview_line(staff, chat, by, command, line)
        theirs = await preview_line(staff, quicker.id, quicker, command, "ktp_cetak tutup")
        await staff.publish(theirs.preview.id, quicker)
        return shown

    monkeypatch.setattr(Reporting, "preview_line", overtaken)

    refused = loket("report", "blangko", "habis", "--yes")

    assert refused.code == 2
    assert "Sitti" in refused.err


def test_each_line_becomes_a_line_of_json(loket: Loket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ktp sudah bisa?\nNIK 7471000102900001\n\n"))

    ended = loket("understand")

    told = [json.loads(line) for line in ended.lines]
    assert ended.code == 0
    assert [set(one) for one in told] == [{"intent", "services", "private"}] * 3
    assert told[0]["intent"] == "service_status"
    assert [one["private"] for one in told] == [False, True, False]


def test_a_database_is_brought_up_to_date(loket: Loket, unmigrated: str) -> None:
    for _ in range(2):
        ended = loket("migrate", DATABASE_URL=unmigrated)
        assert (ended.code, ended.out) == (0, "The database is up to date.\n")


def test_of_many_offices_the_one_that_is_named_is_asked(loket: Loket, tmp_path: Path) -> None:
    file = tmp_path / "indonesia.toml"
    file.write_text(written(60), "utf-8")

    named = loket("ask", "ktp di kota medan sudah bisa?", CATALOGUE=str(file)).out
    unnamed = loket("ask", "ktp sudah bisa?", CATALOGUE=str(file)).out

    assert "di Kota Medan" in named
    assert "kabupaten atau kota mana" in unnamed


@pytest.mark.parametrize("command", [["migrate"], ["ask", "ktp?"], ["report", "ktp bisa"], ["run"]])
def test_a_database_newer_than_the_code_is_refused(
    loket: Loket, newer: str, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.logs.configure", lambda *_: None)

    ended = loket(*command, DATABASE_URL=newer)

    assert ended.code == 2
    assert ended.err.splitlines()[0] == "The database cannot be used:"
    assert len(ended.err.splitlines()) == 2


def test_a_database_that_is_not_up_to_date_is_not_asked(loket: Loket, unmigrated: str) -> None:
    ended = loket("ask", "ktp?", DATABASE_URL=unmigrated)

    assert ended.code == 2
    assert len(ended.err.splitlines()) == 2
    assert "loket migrate" in ended.err


def test_a_database_that_cannot_be_reached_is_said_without_its_password(loket: Loket) -> None:
    url = f"postgresql://loket:{PASSWORD}@127.0.0.1:9/loket"

    for command in (["migrate"], ["ask", "ktp?"], ["report", "ktp bisa"], ["check"]):
        ended = loket(*command, DATABASE_URL=url)
        assert ended.code == 2
        assert "127.0.0.1" not in ended.err or "loket@" not in ended.err
        assert len(ended.err.splitlines()) == (0 if command == ["check"] else 2)


@pytest.mark.parametrize("command", [["migrate"], ["ask", "ktp?"], ["report", "ktp bisa"], ["understand"], ["run"]])
def test_every_fault_of_the_configuration_is_told_at_once(loket: Loket, command: list[str]) -> None:
    ended = loket(*command, OWNER_IDS="nobody", SEND_RATE="fast", DATABASE_URL=f"mysql://a:{PASSWORD}@b/c")

    assert ended.code == 2
    first, *faults = ended.err.splitlines()
    assert first == "The configuration is wrong:"
    assert [fault.split()[1] for fault in faults] == ["OWNER_IDS", "DATABASE_URL", "SEND_RATE"]
    assert ended.out == ""


def test_processes_of_their_own_need_postgresql_and_a_web_its_address(loket: Loket) -> None:
    sqlite, nowhere = loket("worker"), loket("web", DATABASE_URL="postgresql://loket@127.0.0.1:9/loket")

    assert (sqlite.code, nowhere.code) == (2, 2)
    assert "DATABASE_URL is SQLite, which `loket worker` cannot use" in sqlite.err
    assert "WEBHOOK_URL is missing" in nowhere.err
    assert len(sqlite.err.splitlines()) == len(nowhere.err.splitlines()) == 2
    assert len(loket("web", DATABASE_URL="").err.splitlines()) == 3


def test_each_line_of_the_procfile_is_a_kind_of_process() -> None:
    lines = (Path(__file__).parents[1] / "Procfile").read_text("utf-8").splitlines()

    named = {kind: command.split() for kind, _, command in (line.partition(": ") for line in lines)}

    assert named == {kind: ["python", "-m", "bot", Process(kind).value] for kind in ("web", "worker")}


def test_only_what_talks_to_telegram_needs_a_token(loket: Loket, environ: dict[str, str]) -> None:
    del environ["BOT_TOKEN"]

    assert loket("ask", "ktp?").code == 0
    refused = loket("run")

    assert refused.code == 2
    assert "BOT_TOKEN is missing" in refused.err


@pytest.mark.parametrize("command", [["ask", "ktp?"], ["report", "ktp bisa"], ["understand"]])
def test_every_fault_of_the_catalogue_is_told_at_once(loket: Loket, tmp_path: Path, command: list[str]) -> None:
    bad = catalogue(tmp_path, '[office]\nname = 3\ntimezone = "Mars/Olympus"\n')

    ended = loket(*command, CATALOGUE=bad)

    assert ended.code == 2
    assert "catalogue" in ended.err.splitlines()[0].lower()
    assert len(ended.err.splitlines()) > 2
    assert "Mars/Olympus" in ended.err


def test_a_catalogue_whose_syntax_is_wrong_names_the_line(loket: Loket, tmp_path: Path) -> None:
    assert "line 2" in loket("ask", "ktp?", CATALOGUE=catalogue(tmp_path, "[office]\nname = \n")).err


def test_without_a_command_the_usage_is_shown(loket: Loket, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, code in (([], 2), (["unheard-of"], 2), (["--help"], 0)):
        with pytest.raises(SystemExit) as ended:
            loket(*arguments)
        assert ended.value.code == code
        assert "usage: loket" in "".join(capsys.readouterr())


def test_a_ctrl_c_ends_quietly(loket: Loket, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.terminal.understand", interrupted)

    assert loket("understand") == Ended(130, "", "")


def test_the_demo_gets_its_port_and_its_browser(loket: Loket, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int | None, bool]] = []

    async def demo(port: int | None, browser: bool) -> None:
        told.append((port, browser))

    monkeypatch.setattr("playground.demo.run", demo)

    assert loket("demo").code == loket("demo", "--port", "8099", "--no-browser").code == 0
    assert told == [(None, True), (8099, False)]


def test_a_check_tells_all_that_is_wrong_or_unset(loket: Loket, environ: dict[str, str], tmp_path: Path) -> None:
    del environ["BOT_TOKEN"]
    ended = loket("check", CATALOGUE=catalogue(tmp_path, "[office]\nname = 3\n"), DATABASE_URL="sqlite:///none.db")

    assert ended.code == 2
    assert ended.err == ""
    starts = [line.partition(":")[0] for line in ended.lines]
    assert starts[0] == "WRONG   configuration"
    assert "warning configuration" in starts
    assert "WRONG   catalogue" in starts
    assert "unset   database" in starts


def test_a_check_of_a_configuration_that_cannot_be_read_goes_no_further(loket: Loket) -> None:
    ended = loket("check", OWNER_IDS="nobody", SEND_RATE="fast")

    assert ended.code == 2
    assert [line.split()[0] for line in ended.lines] == ["WRONG", "WRONG"]


def test_a_check_lists_what_the_catalogue_leaves_unset(loket: Loket) -> None:
    ended = loket("check", CATALOGUE=str(SHIPPED / "kendari.toml"))

    assert any(line.startswith("unset   catalogue: ") for line in ended.lines)
    assert any(line.startswith("ok      catalogue: kendari.toml: 15 services, 17 steps") for line in ended.lines)


def test_a_check_says_that_telegram_cannot_be_reached(loket: Loket) -> None:
    ended = loket("check")

    assert ended.code == 2
    assert ended.lines[-1].startswith(f"WRONG   token: Telegram cannot be reached at {NOWHERE}")


def test_a_check_of_a_database_says_how_it_stands(loket: Loket, newer: str, unmigrated: str, tmp_path: Path) -> None:
    def said(url: str) -> str:
        return next(line for line in loket("check", DATABASE_URL=url).lines if " database: " in line)

    migrate(f"sqlite:///{tmp_path / 'good.db'}")

    assert said(newer).startswith("WRONG   database: ")
    assert said(unmigrated).startswith("unset   database: not up to date yet")
    assert said(f"sqlite:///{tmp_path / 'good.db'}") == "ok      database: reachable and up to date, 0 reports"
    assert said("sqlite:///:memory:").startswith(("WRONG   database: ", "unset   database: "))


async def test_a_check_asks_telegram_who_the_bot_is_and_for_its_webhook(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    world = World()
    async with serve(world) as url:
        environ |= {"TELEGRAM_API_URL": url, "BOT_TOKEN": world.token}
        assert await check(environ) == 0
        good = capsys.readouterr().out
        assert await check(environ | {"BOT_TOKEN": TOKEN}) == 2
        unknown = capsys.readouterr().out
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=ANSWER) as client:
            await client.post(f"/bot{world.token}/setWebhook", json={"url": "http://127.0.0.1:9/telegram"})
        assert await check(environ) == 0
        hooked = capsys.readouterr().out
        for wanted in ("http://127.0.0.1:9", "http://127.0.0.1:7"):
            assert await check(environ | {"WEBHOOK_URL": wanted}) == 0
        by_webhook = capsys.readouterr().out
        assert world.updates.webhook is not None
        world.updates.webhook.last_error = "Connection refused"
        world.updates.offer("message", {})
        assert await check(environ | {"WEBHOOK_URL": "http://127.0.0.1:9"}) == 2
        troubled = capsys.readouterr().out

    assert "ok      token: it is @loket_playground_bot's" in good
    assert "ok      webhook: none is set; `loket run` polls" in good
    assert "WRONG   token: Telegram does not know it" in unknown
    assert "warning webhook: one is set (http://127.0.0.1:9/telegram); `loket run` polls and removes it" in hooked
    assert "ok      webhook: set to http://127.0.0.1:9/telegram, 0 updates wait" in by_webhook
    assert "unset   webhook: another is set (http://127.0.0.1:9/telegram)" in by_webhook
    assert "WRONG   webhook: 1 updates wait, Telegram's last word: Connection refused" in troubled
    assert world.token not in good
