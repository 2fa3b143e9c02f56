"""Readers of free text: whatever somebody types, each of them answers, within its form, and in a time that is short."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from bot import clock, key_phrases, language, links, normalise
from bot.accounts import problem_reading, readiness_reading, runs_codes, short_forms, topics, yes_no
from bot.conversation import guard
from bot.conversation.guard import scam, seen
from bot.dossiers import codes, questions, slip_photo
from bot.dossiers.proof import spoken
from bot.hardships import grief, moods
from bot.hardships import reading as hardships
from bot.moments import days, half_days
from bot.nlu import ordinals, phones
from bot.pickups import numbers
from bot.pickups.form import choices, corrections, kin, reading, reading_people, reading_places, services, suiting, talk
from bot.places import gazetteer, location
from bot.procedures import ages, pointed
from fuzz.strategies import any_text, few, mixed

TODAY = date(2026, 11, 23)
NOW = clock.parse("2026-11-23T09:00:00+07:00")
LONG = 2_000  # letters; half of the longest message
SECONDS = 1.0  # of the processor; a cubic pattern would take a minute
PIECES = (
    "chị ", "Nguyễn Thị Hoa", "tên ", "là ", "số nhà ", "12/3 ", "đường ", "xã Di Linh", "phường", "thôn 3", ", ", ". ",
    "25/11", "31/2", "ngày ", "thứ ba", "hai mươi", "mai", "mốt", "sáng ", "2h", "trưa", "0912345678", "+84", "không ",
    "chín ", "một ", "68 tuổi", "không phải ", "đổi qua ", "nhưng ", "cái đầu", "số 3", "vợ tôi", "nhận thay",
    "vneid", "khóa", "lừa đảo", "https://vneid-gov.top/x", "geo:11.94,108.46", "11.94123, 108.4567", "slip:no_code",
    "H36.12-261105-0001", "chết", "ạ", "nha", "?", "!",
)  # fmt: skip


def _day_of(read: Callable[[str, date], Any]) -> Callable[[str], Any]:
    return lambda text: read(text, TODAY)


# Each of them promises to take any text. What gives something to keep is bounded below.
READERS: dict[str, Callable[[str], Any]] = {
    "screen": guard.screen, "codes": codes.find, "bookings": numbers.find, "resume": runs_codes.find,
    "days": _day_of(days.find_days), "unsure": _day_of(days.unsure_day), "half_days": half_days.find_half_days,
    "half_day": half_days.half_day, "ordinals": ordinals.find_ordinals, "numbers": phones.find_numbers,
    "spoken": spoken.with_digits, "rows": spoken.rows, "places": gazetteer.find, "candidates": gazetteer.candidates,
    "shared": location.shared, "slip": slip_photo.shared, "question": questions.read, "links": links.found,
    "hidden": links.without_unknown, "posing": links.posing, "scam": scam.is_scam, "seen": seen.see,
    "without_numbers": seen.without_numbers, "hardship": hardships.read, "despairs": hardships.despairs,
    "victim": hardships.victim, "danger": hardships.danger, "death": grief.tells_of_death, "upset": moods.is_upset,
    "exclaims": moods.exclaims, "problem": problem_reading.read, "wants_check": readiness_reading.wants_check,
    "years": readiness_reading.years, "solved": yes_no.solved, "short_forms": short_forms.found,
    "gibberish": language.is_gibberish, "foreign": language.is_foreign, "syllables": normalise.syllables,
    "normal": normalise.normal_text, "plain": key_phrases.plain, "age": ages.said, "only": ages.only,
    "validity": pointed.asks_validity,
    **{f"form.{name}": getattr(reading, name) for name in (
        "phone", "last_phone", "without_phones", "tries_a_phone", "day", "day_answer", "last_day", "names_date",
        "counts_choices", "wants_first_day", "unsure_day", "window", "window_answer", "any_window")},
    **{f"places.{name}": getattr(reading_places, name) for name in (
        "address", "is_of_a_proof", "has_address_word", "towns_spelled_out", "is_too_short", "is_vague",
        "has_house_number", "part_with_house", "corrected")},
    **{f"people.{name}": getattr(reading_people, name) for name in (
        "name", "said_name", "begins_with_family_name", "is_sure_name")},
    **{f"choices.{name}": getattr(choices, name) for name in (
        "payment", "payment_said", "agrees", "disagrees", "alone", "surely_alone", "needs_nobody", "nobody",
        "same_person", "myself", "receives_himself", "of_dossier", "this_phone", "as_in_dossier")},
    **{f"corrections.{name}": getattr(corrections, name) for name in (
        "correction", "after_slip", "finds_nothing_wrong", "begins_with_no", "mends", "says_wrong", "without_denied",
        "changed_to", "without_praise", "field_named")},
    **{f"talk.{name}": getattr(talk, name) for name in ("is_question", "is_pause", "proposal")},
    **{f"kin.{name}": getattr(kin, name) for name in ("of_kin", "is_kin_alone", "stands_in")},
    **{f"services.{name}": getattr(services, name) for name in (
        "service", "only_one", "chosen_service", "is_vague", "has_no_dossier")},
    "weighs": suiting.weighs,
    **{f"topics.{name}": lambda text, name=name: topics.choose(name, text) for name in list(topics.topics())[:3]},
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _monday() -> Any:
    with clock.frozen(NOW):
        yield


@few()
@given(mixed(*PIECES) | any_text)
def test_every_reader_answers_any_text(text: str) -> None:
    for name, read in READERS.items():
        found = read(text)
        if isinstance(found, str):
            assert len(found) <= 4 * len(text) + 120, name
        for place in found if isinstance(found, list) else ():
            if hasattr(place, "start"):
                assert 0 <= place.start <= place.end <= len(text), name


@few()
@given(mixed(*PIECES) | any_text)
def test_what_is_read_is_in_its_form(text: str) -> None:
    phone, last = reading.phone_answer(text, last=False), reading.phone_answer(text, last=True)
    for found in (phone, last):
        assert found is None or (len(found) == 10 and found[0] == "0"), found
    for number in phones.find_numbers(text):
        assert number.value.isascii() and number.value.isdigit() and 8 <= len(number.value) <= 15
    named = reading_people.name(text)
    assert named is None or (0 < len(named) <= 60 and "\n" not in named)
    address = reading_places.address(text, asked=True)
    assert address is None or (len(address) <= 300 and not links.found(address) and "<" not in address)
    years = readiness_reading.years(text)
    assert years is None or 0 <= years <= 130
    shared = location.shared(text)
    assert shared is None or location.shared(shared.address) is not None
    half = reading.window_answer(text)
    assert half in (None, half_days.MORNING, half_days.AFTERNOON)
    assert reading.ordinal(text, 3) in (None, 0, 1, 2) and reading.placed(text, 2) in (None, 0, 1)
    assert isinstance(reading_places.mended_address("12 Trần Phú", text), str)
    assert not links.posing(links.without_unknown(text)) or "vneid-gov.top" not in text


@pytest.mark.parametrize("piece", [", ", "a ", "y, ", "0 ", "tên là ", "không phải ", "số 1 ", "ngày "])
def test_no_long_message_keeps_a_reader_busy(piece: str) -> None:
    text, slow = (piece * LONG)[:LONG], []

    def too_long(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, too_long)
    try:
        for name, read in READERS.items():
            read("xin chào em")  # what is loaded once is loaded now
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                read(text)
            except TimeoutError:
                slow.append(name)
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert slow == []
