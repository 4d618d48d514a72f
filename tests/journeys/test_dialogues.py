"""People talk with the bot, three to six turns each, while the link is cut: scripts, over HTTP, the bot a process.

`>` says; `Lina>` says it as somebody else of a group, `Lina^` as a reply to the bot's last message; `*` taps. What
follows belongs to one answer: `<` it has these words, `!` it has them not, `[a | b]` its buttons. With none of these
nobody answers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from playground.world import Person
from tests.journeys.deployment import Deployment, clock_at
from tests.journeys.town import Town
from tests.phone import Message, Phone, labels_of

NIK = "7471000102900001"
KABARI = "Kabari saya bila sudah bisa"
RT = -747100600  # groups lie below

PRIVATE = f"""
# A student wants a first card
> min mau bikin ktp pertama, so bisami kah?
< Perekaman KTP-el belum bisa hari ini
< server pusat diputus Kemendagri
[{KABARI} | Bagikan]
> syaratnya?
< Syarat: KTP-el pertama
< gratis
> oke kabari ya
< begitu perekaman KTP-el sudah bisa
> makasih min
< Sama-sama

# A bare name, then another
> KTP
< Layanan KTP-el hari ini: sebagian belum bisa
< Perekaman: belum bisa
< Pencetakan: belum bisa
< Pengambilan KTP yang sudah jadi
> kalau KK?
< Kartu Keluarga (KK) terbatas
! KTP-el hari ini
> kapan?
< Kartu Keluarga (KK) terbatas
< Perkiraan bisa lagi: Jumat, 7 Agustus

# A mother with a newborn asks for all deeds, then for hers
> akta
< Akta kelahiran, akta kematian, akta perkawinan, akta perceraian
> syarat akta lahir anak sy apa2 saja bu
< Syarat: Akta kelahiran
< Denda keterlambatan: tidak ada
> jam 2 masih buka?
< Buka hari ini pukul 14.00 WITA
> kabari klo akta lahir sdh normal
< begitu akta kelahiran sudah bisa
> berhenti
< Langganan dihentikan

# Two services in one breath
> ktp sama kk bisa ji diurus hari ini?
< KK: terbatas
< Pencetakan KTP-el: belum bisa
[{KABARI} | Bagikan]
* {KABARI}
< kami kabari di sini
> berhenti
< Langganan dihentikan
> berhenti
< Tidak ada langganan aktif

# A trader with no time types badly
> ktpp sdh bs ctak blm
< Pencetakan KTP-el belum bisa
> knp
< server pusat diputus Kemendagri
> smpe kpn
< Perkiraan bisa lagi: Jumat, 7 Agustus

# Days and hours
> besok buka?
< Besok, Selasa, 4 Agustus: loket buka pukul 08.00–15.00 WITA
> hari Sabtu?
< Sabtu, 8 Agustus: kantor tutup karena akhir pekan
> Senin libur?
< Hari ini s.d. Kamis, 6 Agustus: pukul 08.00–15.00
> 17 agustus?
< 17 Agustus: kantor tutup karena libur nasional
> jam 4 sore masih buka?
< Tutup hari ini pukul 16.00 WITA

# A number in the middle, and a personal case
> NIK saya {NIK}, kk saya sudah jadi belum?
< Mohon hapus pesan itu
< Saya tidak bisa melihat berkas perorangan
! {NIK}
> kalau mau bikin KK baru bisa hari ini?
< Kartu Keluarga (KK) terbatas
! hapus pesan
> syaratnya apa
< Syarat: KK

# Not understood, never twice the same
> zxqv wvut
< belum menangkap pertanyaannya
[Lihat semua layanan | Hubungi petugas]
> wvut qqpz
< masih belum menangkap
[KTP | KK | Lihat semua layanan]
> qqpz zxqv
< di luar kemampuan saya
< 0800-000-000
> ktp cetak
< Pencetakan KTP-el belum bisa
> zxqv
< belum menangkap pertanyaannya

# A foreigner's wife asks in English
> hello, is the id card printing available today?
< not available today
> what documents if it is lost?
< What to bring: Lost identity card
> are you open on saturday?
< Saturday, 8 August: the office is closed
> thank you
< You are welcome

# Somebody claims to be of the office
> ada yg telpon ngaku dari dukcapil minta kode OTP IKD, betulkah?
< Waspada penipuan
< jangan berikan kode OTP
> saya sudah terlanjur kasih, mau lapor kemana
< SP4N-LAPOR!
> IKD bisa diaktifkan sekarang?
< Aktivasi Identitas Kependudukan Digital (IKD) belum bisa

# An angry man
> pelayanan apa ini, parah sekali, antri dari subuh
< Mohon maaf atas pengalaman ini
< SP4N-LAPOR!
> kapan server normal
< server pusat diputus Kemendagri
< Jumat, 7 Agustus
> dimana kantornya
< Jalan Contoh Nomor 1

# The wrong door
> mau perpanjang SIM bisa disini?
< SIM diurus di kepolisian
! belum bisa
> kalau paspor?
< kantor imigrasi
> klo ktp yg hilang syaratx apa
< Syarat: KTP-el hilang

# In need of other help
> tolong ada kebakaran di lorong saya
< hubungi 112
! silakan tanya di sini
> terima kasih
< Sama-sama
> kk bisa?
< Kartu Keluarga (KK) terbatas

# A grandmother dictates, and lets herself be told
> assalamualaikum nak mau tanya
< Saya penjawab otomatis
> itu kartu keluarga nenek mau diganti bisa kah tidak hari ini
< Kartu Keluarga (KK) terbatas
> syaratnya apa nak
< Syarat: KK
> kasih tau nenek kalau sudah bisa
< kami kabari di sini

# A village head wants to know it all
> layanan apa saja yang jalan hari ini pak
< Layanan hari ini, Senin, 3 Agustus
< Belum bisa:
< Terbatas:
> kalau legalisir?
< Legalisir dokumen: belum ada kabar
! belum bisa
> jam berapa tutup
< Loket buka sampai pukul 15.00 WITA

# Small talk does not lose the thread
> kia bisa?
< Kartu Identitas Anak (KIA)
> oh begitu, makasih
< Sama-sama
> syaratnya?
< Syarat: KIA
> kalau KK?
< Syarat: KK

# A subscriber changes his mind
> tolong kabari kalo cetak KTP so bisa
< begitu pencetakan KTP-el sudah bisa
> ktp cetak sudah?
< Bapak/Ibu sudah terdaftar
[Bagikan]
> tidak usah kabari lagi
< dihentikan
> ktp cetak sudah?
[{KABARI} | Bagikan]
"""

GROUPS = f"""
# A neighbourhood's group
Rahma> ktp sudah bisa?
Rahma> @loket_playground_bot ktp cetak sudah bisa?
< Pencetakan KTP-el belum bisa
[{KABARI}]
Lina^ syaratnya?
< Syarat KTP-el untuk keperluan apa?
Lina> iya betul itu
Lina> @loket_playground_bot kapan?
! Pencetakan KTP-el
< server pusat diputus Kemendagri

# Admins decide for all
Lina> /langganan kk
< Hanya admin grup
Rahma> /langganan kk
< setiap kali Kartu Keluarga (KK) bisa lagi
< Admin grup mengakhirinya dengan /berhenti
Lina> @loket_playground_bot berhenti
< Hanya admin grup
Rahma> @loket_playground_bot berhenti
< dihentikan

# Who wants to be told is sent to the private chat
Lina> @loket_playground_bot kabari kalau ktp so bisa cetak
< Pencetakan KTP-el belum bisa
< Kabar untuk diri sendiri: tekan tombol di bawah
[{KABARI}]
Lina> @loket_playground_bot NIK saya {NIK} kk bisa?
< Mohon hapus pesan itu
< Kartu Keluarga (KK) terbatas
Lina> /entah
Lina> /jam@loket_playground_bot
< Loket buka sampai pukul 15.00 WITA
Lina> @loket_playground_bot
< Sebut @loket_playground_bot atau balas pesan saya
"""


@dataclass
class Turn:
    """Somebody says or taps something, and what the answer must be like; with nothing said of it there is none."""

    who: str
    does: str
    words: str
    has: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    buttons: list[str] | None = None

    @property
    def answered(self) -> bool:
        return bool(self.has or self.lacks) or self.buttons is not None


def dialogues(script: str) -> Iterator[tuple[str, list[Turn]]]:
    for block in re.split(r"^# ", script, flags=re.MULTILINE)[1:]:
        title, *lines = block.strip("\n").split("\n")
        turns: list[Turn] = []
        for line in filter(None, lines):
            sign, words = line[0], line[1:].strip(" ") if line[0] in "<!" else line[2:]
            if sign in "<!":
                (turns[-1].has if sign == "<" else turns[-1].lacks).append(words.strip())
            elif sign == "[":
                turns[-1].buttons = [label for label in line[1:-1].split(" | ") if label]
            else:
                who, does, said = re.fullmatch(r"(\w*)([>^*]) (.*)", line).groups()  # type: ignore[union-attr]
                turns.append(Turn(who, does, said))
        yield title, turns


async def play_all(town: Town, script: str, chats: Iterable[int]) -> None:
    """Every dialogue at once, each in a chat of its own; what went wrong in any of them."""
    talks = [
        play(town, await town.newcomer(chat, title), title, turns)
        for chat, (title, turns) in zip(chats, dialogues(script), strict=False)
    ]
    wrong = [str(fault) for fault in await asyncio.gather(*talks, return_exceptions=True) if fault]
    assert not wrong, "\n\n".join(wrong)


async def play(town: Town, phone: Phone, title: str, turns: list[Turn]) -> None:
    """One dialogue from its first word to its last, and nothing said beside it."""
    last: Message | None = None
    for turn in turns:
        if turn.who:
            _hand_over(town, phone.chat_id, turn.who)
        if turn.does == "*":
            await phone.tap(turn.words)
        else:
            await phone.say(turn.words, reply_to=last["message_id"] if last and turn.does == "^" else None)
        if turn.answered:
            last = await phone.reply()
            _hold_against(f"{title}: {turn.words}", last, turn)
    assert len(await town.said_to(phone)) == sum(turn.answered for turn in turns), title


def _hand_over(town: Town, group: int, name: str) -> None:
    """The stand-in's group has one person at a time: Rahma is its admin."""
    chat = town.world.phones[group]
    chat.admin = name == "Rahma"
    chat.person = Person(747100101 if chat.admin else 747100102, name)


def _hold_against(where: str, answer: Message, turn: Turn) -> None:
    told = answer["text"]
    assert [words for words in turn.has if words not in told] == [], f"{where}\n{told}"
    assert [words for words in turn.lacks if words in told] == [], f"{where}\n{told}"
    assert turn.buttons in (None, labels_of(answer)), f"{where}\n{labels_of(answer)}"
    assert len(labels_of(answer)) <= 3 or "Silakan pilih" in told, f"{where}\n{labels_of(answer)}"


async def _link_cut(town: Town, deployment: Deployment) -> None:
    await deployment.start(**clock_at("2026-08-03 09.00"))
    await town.publish("/lapor pusat putus server pusat diputus Kemendagri; sejak 00.00; sampai 7/8")


async def test_people_talk_with_the_bot(town: Town, deployment: Deployment) -> None:
    await _link_cut(town, deployment)

    await play_all(town, PRIVATE, range(747100500, 747100600))

    assert NIK not in deployment.logged()
    (shapes,) = zip(*deployment.query("SELECT shape FROM unmatched ORDER BY shape"), strict=True)
    assert shapes == ("1 word, letters", "2-3 words, letters")


async def test_groups_talk_with_the_bot(town: Town, deployment: Deployment) -> None:
    await _link_cut(town, deployment)

    await play_all(town, GROUPS, range(RT, RT - 100, -1))

    to_groups = [call["params"] for call in await town.journal("sendMessage") if call["params"]["chat_id"] <= RT]
    assert all(call["reply_parameters"]["message_id"] for call in to_groups)
    urls = [button["url"] for call in to_groups for button in _buttons(call) if "url" in button]
    assert urls[0] == "https://t.me/loket_playground_bot?start=kabari_ktp_cetak"


def _buttons(call: Message) -> list[Message]:
    return [button for row in call.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


async def test_after_ten_minutes_nothing_is_gone_on_from(town: Town, deployment: Deployment) -> None:
    await _link_cut(town, deployment)
    await town.answer(town.citizen, "kk bisa?")
    await town.answer(town.neighbour, "kk bisa?")

    await deployment.restart(**clock_at("2026-08-03 09.08"))
    soon = await town.answer(town.citizen, "syaratnya?")
    await deployment.restart(**clock_at("2026-08-03 09.12"))
    late = await town.answer(town.neighbour, "syaratnya?")

    assert "Syarat: KK" in soon
    assert "Syarat layanan apa" in late
