"""A catalogue with the ids of the contract and hardly a fact, for tests of the recogniser."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.rules.catalogue import Catalogue, Office, Place, Requirements, Service, Step


def _step(id_: str, service: str, *aliases: str) -> Step:
    return Step(id_, service, {"id": id_}, {"id": id_}, (), aliases)


def _service(id_: str, *aliases: str, cases: tuple[str, ...] = ()) -> Service:
    requirements = tuple(Requirements({"id": case}, (), cues=(case,)) for case in cases)
    return Service(id_, {"id": id_}, {"id": id_}, (_step(id_, id_),), aliases, requirements)


KTP = Service(
    "ktp",
    {"id": "KTP-el"},
    {"id": "KTP"},
    (
        _step("ktp_rekam", "ktp", "rekam KTP"),
        _step("ktp_cetak", "ktp", "cetak KTP", "KTP baru"),
        _step("ktp_ambil", "ktp", "ambil KTP"),
    ),
    requirements=(
        Requirements({"id": "KTP hilang"}, (), cues=("hilang",)),
        Requirements({"id": "KTP rusak"}, (), cues=("rusak",)),
    ),
)

SMALL = Catalogue(
    Office({"id": "Disdukcapil"}, ZoneInfo("Asia/Makassar")),
    (
        KTP,
        _service("kk", "pecah KK", cases=("hilang",)),
        *map(_service, ("kia", "akta_lahir", "akta_mati", "akta_kawin", "akta_cerai", "akta_lain", "pindah", "datang")),
        *map(_service, ("biodata", "ikd", "suket", "legalisir", "konsultasi")),
    ),
    (),
    (Place("kendari", {"id": "Kendari"}), Place("kendari/kantor", {"id": "Kantor"}, main=True)),
)
