"""The catalogues that come with the program, and one of another office."""

from __future__ import annotations

import time
from pathlib import Path
from timeit import timeit

import pytest

from bot.rules.catalogue import Catalogue, State
from bot.rules.catalogue_reading import SHIPPED, read_catalogue

PONTIANAK = Path(__file__).parent.parent / "catalogues" / "pontianak.toml"
LIMITED_WITHOUT_LINK = {
    "kk", "kia", "akta_lahir", "akta_mati", "akta_kawin", "akta_cerai", "akta_lain", "biodata",
}  # fmt: skip
LIMITED_WITHOUT_SIGNATURE = {"kk", "akta_lahir", "akta_mati", "akta_kawin", "akta_cerai", "akta_lain"}


@pytest.fixture(scope="module")
def kendari() -> Catalogue:
    return read_catalogue()


@pytest.fixture(scope="module")
def demo() -> Catalogue:
    return read_catalogue(SHIPPED / "demo.toml")


@pytest.fixture(scope="module")
def pontianak() -> Catalogue:
    return read_catalogue(PONTIANAK)


def test_kendari_offers_fifteen_services_of_seventeen_steps(kendari: Catalogue) -> None:
    services, steps = list(kendari.services_by_id), list(kendari.steps)

    assert services == [
        "ktp", "kk", "kia", "akta_lahir", "akta_mati", "akta_kawin", "akta_cerai", "akta_lain", "pindah", "datang",
        "biodata", "ikd", "suket", "legalisir", "konsultasi",
    ]  # fmt: skip
    assert steps == ["ktp_rekam", "ktp_cetak", "ktp_ambil", *services[1:]]


@pytest.mark.parametrize(
    ("step", "resources"),
    [
        ("ktp_rekam", "central_link biometrics equipment counter utilities"),
        ("ktp_cetak", "central_link biometrics blanks equipment counter utilities"),
        ("ktp_ambil", "counter"),
        ("kk", "central_link signature counter utilities"),
        ("kia", "central_link equipment counter utilities"),
        ("akta_lain", "central_link signature counter utilities"),
        ("pindah", "central_link signature counter utilities"),
        ("biodata", "central_link counter utilities"),
        ("ikd", "central_link counter utilities"),
        ("suket", "counter utilities"),
        ("legalisir", "counter"),
        ("konsultasi", "counter"),
    ],
)
def test_a_step_needs_what_the_office_works_with(kendari: Catalogue, step: str, resources: str) -> None:
    assert [need.resource for need in kendari.steps[step].needs] == resources.split()


@pytest.mark.parametrize(
    ("resource", "limited"), [("central_link", LIMITED_WITHOUT_LINK), ("signature", LIMITED_WITHOUT_SIGNATURE)]
)
def test_without_it_papers_are_still_taken_in_where_the_office_can(
    kendari: Catalogue, resource: str, limited: set[str]
) -> None:
    needs = {step.id: need for step in kendari.steps.values() for need in step.needs if need.resource == resource}

    found = {step for step, need in needs.items() if need.effect is State.LIMITED}

    assert found == limited
    assert all((need.note is not None) == (step in limited) for step, need in needs.items())


def test_only_what_stands_in_the_office_is_local(kendari: Catalogue) -> None:
    local = [resource.short for resource in kendari.resources if resource.local]

    assert local == ["alat", "listrik", "loket"]
    assert [resource.short for resource in kendari.resources][:4] == ["pusat", "biometrik", "blangko", "tte"]


def test_nothing_is_spared_and_nothing_allowed_before_the_office_says_so(kendari: Catalogue) -> None:
    alternatives = {other.service: other.allowed for other in kendari.services_by_id["ktp"].alternatives}

    assert alternatives == {"suket": None, "ikd": None}
    assert not any(resource.spares for resource in kendari.resources)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("foto ktp", "ktp_rekam"), ("ktp pemula", "ktp_rekam"), ("bikin ktp pertama", "ktp_rekam"),
        ("cetak ktp", "ktp_cetak"), ("ganti ktp rusak", "ktp_cetak"), ("blangko", "ktp_cetak"),
        ("ktp baru", "ktp_cetak"),
        ("e-ktp", "ktp"), ("ektp", "ktp"), ("ktp-el", "ktp"),
        ("ambil ktp", "ktp_ambil"), ("ktp sudah jadi", "ktp_ambil"),
        ("pecah kk", "kk"), ("tambah anak", "kk"), ("kk barcode", "kk"),
        ("kartu anak", "kia"), ("ktp anak", "kia"),
        ("akte lahir", "akta_lahir"), ("surat lahir", "akta_lahir"), ("akte anak", "akta_lahir"),
        ("surat kematian capil", "akta_mati"), ("nikah gereja", "akta_kawin"), ("akta cerai", "akta_cerai"),
        ("adopsi anak", "akta_lain"), ("ganti nama di akta", "akta_lain"),
        ("skpwni", "pindah"), ("pindah domisili", "pindah"), ("lapor datang", "datang"), ("pindah masuk", "datang"),
        ("nik tidak ditemukan", "biodata"), ("sinkron nik", "biodata"), ("perbaikan nama", "biodata"),
        ("ktp digital", "ikd"), ("barcode ikd", "ikd"), ("ktp sementara", "suket"),
        ("legalisir kk", "legalisir"), ("tanya syarat", "konsultasi"), ("komplain", "konsultasi"),
    ],
)  # fmt: skip
def test_people_call_it_so(kendari: Catalogue, said: str, means: str) -> None:
    named = {alias: service.id for service in kendari.services for alias in service.aliases}
    named |= {alias: step.id for step in kendari.steps.values() for alias in step.aliases}

    assert named[said] == means


@pytest.mark.parametrize("cue", ["pertama", "hilang", "rusak", "luar domisili"])
def test_each_case_of_a_card_has_its_requirements_and_its_law(kendari: Catalogue, cue: str) -> None:
    cases = [case for case in kendari.services_by_id["ktp"].requirements if cue in case.cues]

    assert len(cases) == 1
    assert cases[0].items
    assert cases[0].basis


def test_every_text_for_citizens_is_in_both_languages(kendari: Catalogue) -> None:
    texts = [kendari.office.name, *(one.name for one in kendari.resources), *(one.name for one in kendari.places)]
    for service in kendari.services:
        texts += [service.name, service.short, *(step.name for step in service.steps)]
        texts += [text for case in service.requirements for text in (case.title, *case.items)]
        texts += [other.text for other in service.alternatives if other.text]

    assert all(set(text) == {"id", "en"} for text in texts)


def test_what_nobody_confirmed_about_kendari_is_listed(kendari: Catalogue) -> None:
    named = [sentence.split(" unset")[0] for sentence in kendari.unset]

    assert "office: contacts are" in named
    assert "office: late_fine is" in named
    assert "place kendari/kantor: hours are" in named
    assert "place kendari/mpp: steps are" in named
    assert "service ktp: whether suket may stand in for it is" in named
    assert all(place.hours is None and place.address is None and not place.contacts for place in kendari.places)


def test_kendari_is_read_in_a_moment() -> None:
    read_catalogue()

    # What else the machine does is not counted, nor are other tests' objects looked through for garbage.
    took = timeit(read_catalogue, timer=time.thread_time, number=1)

    assert took < 0.1  # it takes 6 ms


def test_the_demo_says_of_its_facts_that_they_are_examples(demo: Catalogue) -> None:
    assert demo.office.example
    assert "contoh" in demo.office.contacts[0].value
    assert all("contoh" in (counter.address or "") for counter in demo.counters)
    assert demo.root.hours is not None
    assert demo.places_by_path["kendari/mpp"].steps is None


def test_the_demo_offers_what_kendari_offers(demo: Catalogue, kendari: Catalogue) -> None:
    assert (demo.services, demo.resources) == (kendari.services, kendari.resources)
    assert demo.office.timezone == kendari.office.timezone


def test_another_office_needs_another_file_alone(pontianak: Catalogue) -> None:
    assert len(pontianak.services) == 3
    assert [counter.path for counter in pontianak.counters] == ["pontianak/sutoyo", "pontianak/mal"]
    assert pontianak.main_counter.path == "pontianak/sutoyo"
    assert str(pontianak.office.timezone) == "Asia/Pontianak"
    assert pontianak.vocabulary == {"ktp_cetak": ("ktp ku belum jadi-jadi",), "service_status": ("dah bise",)}
    assert pontianak.unset == ()


@pytest.mark.parametrize(
    ("target", "place", "payload"),
    [("ktp", None, "ktp"), ("ktp_cetak", None, "ktp_cetak"), ("ktp", "kendari/mpp", "ktp-kendari_mpp")],
)
def test_a_deep_link_comes_back_as_what_it_was_made_of(
    kendari: Catalogue, target: str, place: str | None, payload: str
) -> None:
    assert kendari.payload_for(target, place) == payload
    assert kendari.from_payload(payload) == (target, place)


@pytest.mark.parametrize("payload", ["", "paspor", "ktp-baubau", "-kendari", "ktp-kendari-mpp"])
def test_a_deep_link_that_names_nothing_of_the_office_opens_nothing(kendari: Catalogue, payload: str) -> None:
    assert kendari.from_payload(payload) is None
