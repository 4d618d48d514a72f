"""A catalogue of the whole country, or of its first offices: 38 provinces, 514 regencies and cities, a counter each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from bot.rules.catalogue import Catalogue
from bot.rules.catalogue_reading import SHIPPED, catalogue_of

ALL = 514
BOGOR = "indonesia/jawa_barat/kota_bogor"
DENPASAR = "indonesia/bali/kota_denpasar"
JAYAPURA = "indonesia/papua/kota_jayapura"
_ZONES = {
    "Asia/Pontianak": ("Kalimantan Barat", "Kalimantan Tengah"),
    "Asia/Makassar": (
        *("Kalimantan Selatan", "Kalimantan Timur", "Kalimantan Utara"),
        *("Sulawesi Barat", "Sulawesi Selatan", "Sulawesi Tengah", "Sulawesi Tenggara", "Sulawesi Utara", "Gorontalo"),
        *("Bali", "Nusa Tenggara Barat", "Nusa Tenggara Timur"),
    ),
    "Asia/Jayapura": (
        *("Maluku", "Maluku Utara", "Papua", "Papua Barat", "Papua Barat Daya"),
        *("Papua Pegunungan", "Papua Selatan", "Papua Tengah"),
    ),
}
_ZONE_OF = {province: zone for zone, provinces in _ZONES.items() for province in provinces}  # the others: as the office
_LIST = Path(__file__).with_suffix(".tsv")


@cache
def indonesia(offices: int = ALL) -> Catalogue:
    """So many offices with the services, steps and resources of Kendari, read as a deployment reads its file."""
    return catalogue_of(tomllib.loads(written(offices)))


@cache
def three_offices() -> Catalogue:
    """Bogor, Denpasar and Jayapura: one in each time zone."""
    wanted = ("Kota Bogor", "Kota Denpasar", "Kota Jayapura")
    return catalogue_of(tomllib.loads(_written([one for one in listed() if one[1] in wanted])))


def written(offices: int = ALL) -> str:
    """The same as a file, for a process of its own."""
    return _written(listed()[:offices])


def _written(offices: Sequence[tuple[str, str]]) -> str:
    services = (SHIPPED / "kendari.toml").read_text("utf-8").partition("\n[[places]]\n")[0]
    services = re.sub(
        r"^name = .*$", 'name = "Dukcapil Indonesia"\nexample = true', services, count=1, flags=re.MULTILINE
    )
    services = services.replace('timezone = "Asia/Makassar"', 'timezone = "Asia/Jakarta"')
    return services + "\n" + "\n".join(_places(offices))


@cache
def listed() -> Sequence[tuple[str, str]]:
    """Every office's province and name."""
    lines = (line for line in _LIST.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [(province, name) for province, name in (line.split("\t") for line in lines)]


def _places(offices: Sequence[tuple[str, str]]) -> Iterator[str]:
    serves = ", ".join(f'"{step}"' for step in _steps())
    yield '[[places]]\npath = "indonesia"\nname = "Indonesia"\n[places.hours]\nsenin-jumat = "08.00-15.00"\n'
    for province in dict.fromkeys(province for province, _ in offices):
        zone = f'timezone = "{_ZONE_OF[province]}"\n' if province in _ZONE_OF else ""
        yield f'[[places]]\npath = "{province_path(province)}"\nname = "Provinsi {province}"\n{zone}'
    for province, name in offices:
        path = f"{province_path(province)}/{_id(name)}"
        yield f'[[places]]\npath = "{path}"\nname = "{name}"\n'
        yield f'[[places]]\npath = "{path}/kantor"\nname = "Disdukcapil {name}"\nsteps = [{serves}]\n'


def province_path(province: str) -> str:
    return f"indonesia/{_id(province)}"


def _id(name: str) -> str:
    """`kota_bogor`, `kab_bogor`."""
    short = name.lower().replace("kabupaten ", "kab_").replace("kepulauan ", "kep_")
    return re.sub("[ -]", "_", short)


@cache
def _steps() -> tuple[str, ...]:
    tables = tomllib.loads((SHIPPED / "kendari.toml").read_text("utf-8"))
    parts = (service.get("steps", [service]) for service in tables["services"])
    return tuple(step["id"] for steps in parts for step in steps)
