"""Codes that people type, and secrets that browsers and programs bring: a made-up one opens and breaks nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from bot import clock
from bot.accounts import runs_codes
from bot.api import tokens
from bot.channels.web import sessions
from bot.channels.web.sessions import PAGE, WIDGET, Sessions
from bot.db.engine import Database
from bot.linking import codes as link_codes
from bot.pickups import numbers
from bot.staff import sessions as staff_sessions
from fuzz.strategies import any_text, few, mixed, whole_text

KEYS = (b"k" * 32, b"old" * 11)
GENUINE = "A" * 32
header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=120)


def request(cookie: str) -> Request:
    headers = [(b"cookie", cookie.encode("latin-1"))]
    return Request({"type": "http", "method": "GET", "scheme": "https", "path": "/", "headers": headers})


def genuine() -> str:
    """Return a cookie as a browser brings it back."""
    response = Response()
    Sessions(KEYS).give(PAGE, request(""), response, GENUINE)
    return response.headers["set-cookie"].split(";")[0]


def test_our_own_cookie_opens() -> None:
    assert Sessions(KEYS).read(PAGE, request(genuine())) == GENUINE
    assert Sessions(KEYS[::-1]).read(PAGE, request(genuine())) == GENUINE, "a key that was in use still verifies"
    assert Sessions(KEYS).read(WIDGET, request(genuine())) is None


@few()
@given(st.integers(0, 200), header_text.filter(lambda text: len(text) < 5), st.integers(0, 3))
def test_a_changed_cookie_opens_nothing_of_another(at: int, put_in: str, left_out: int) -> None:
    cookie = genuine()
    changed = cookie[:at] + put_in + cookie[at + left_out :]
    assert Sessions(KEYS).read(PAGE, request(changed)) in (None, GENUINE)
    if re.search(r"mc_session=([^;]*)", changed) and GENUINE not in changed:
        assert Sessions(KEYS).read(PAGE, request(changed)) is None


@few()
@given(header_text | header_text.map(lambda text: f"mc_session={text}; mc_desk={text}; mc_widget={text}"))
def test_any_cookie_is_read(small: Database, cookie: str) -> None:
    asked = request(cookie)
    assert Sessions(KEYS).read(PAGE, asked) is None and Sessions(KEYS).read(WIDGET, asked) is None
    claimed = sessions.unsigned(PAGE, asked)
    assert claimed is None or len(claimed) == 32
    with small.reading() as session:
        assert staff_sessions.read(session, asked.cookies.get("mc_desk", "")) is None
        assert len(staff_sessions.csrf_of(asked.cookies.get("mc_desk", ""))) == 64


@few()
@given(whole_text | st.text(max_size=50).map("mc_".__add__))
def test_any_bearer_token_is_looked_up(small: Database, token: str) -> None:
    with small.reading() as session:
        assert tokens.holder_of(session, token) is None
        with pytest.raises(tokens.NoSuchToken) as error:
            tokens.revoke(session, token)
        assert len(token) < 5 or token not in str(error.value)


link_text = mixed("LK", "lk", "-", "–", " ", "7K4P", "qd2m", "LK-7K4P-QD2M", "xin")


@few()
@given(link_text | any_text)
def test_a_link_code_is_found_and_masked(small: Database, text: str) -> None:
    code, shown = link_codes.find(text), link_codes.masked(text)
    if code is None:
        assert shown == text
        return
    assert (len(code) == 8 and link_codes.find(shown) != code) or text.lower().count("lk") > 1
    with clock.frozen("2026-11-23T09:00:00+07:00"), small.unit_of_work() as session:
        assert link_codes.use(session, code) is None


@few()
@given(
    mixed("HD", "hd", "-", "A2C", "3EF", "a2c3ef", "mã ", "là ", ".", "MC-", "1234566", "eb", "125966888", "vn")
    | any_text
)
def test_codes_of_runs_and_bookings_are_their_own(text: str) -> None:
    for found in (runs_codes.find(text), runs_codes.bare(text)):
        assert found is None or (runs_codes.find(found) == found and len(found) == 9)
    for number in numbers.find(text):
        assert numbers.is_valid(number) and numbers.find(number) == [number]
    for place in numbers.find_places(text):
        assert 0 <= place.start < place.end <= len(text)
    parcel = numbers.postal_code(text)
    assert parcel is None or (numbers.postal_code(parcel) == parcel and not numbers.is_valid(parcel))
    assert numbers.looks_mistyped(text) in (True, False)
