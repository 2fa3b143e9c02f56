"""What operators set: it fits, or the setting is named, and a secret never stands in the sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import clock
from bot.channels.zalo import config, oauth
from bot.settings import Settings
from fuzz.strategies import any_text, few, mixed, whole_text

SECRET = "bi-mat-0900001234"


@few()
@given(st.sampled_from(list(Settings.__fields__)), whole_text | st.just(SECRET) | st.sampled_from(["0", "1", "-1"]))
def test_any_setting_fits_or_is_named_without_its_value(name: str, value: str) -> None:
    try:
        found = Settings(**{name: value})
    except ValidationError as error:
        told = [f"{wrong['loc'][0]}: {wrong['msg']}" for wrong in error.errors()]  # as `motcua` prints them
        assert name in told[0] and SECRET not in "".join(told)
        return
    assert found.public_url
    try:
        config.from_settings(found)
    except config.ConfigError as error:
        assert SECRET not in str(error)


@few()
@given(any_text | st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40))
def test_a_token_fits_a_header_or_is_refused_unquoted(token: str) -> None:
    try:
        kept = oauth.check_token(token)
    except oauth.BadToken as error:
        assert len(token) < 8 or token not in str(error)
    else:
        assert kept == token and kept.isascii() and kept.isprintable() and " " not in kept


@few()
@given(mixed("2026-11-23", "T", "09:00", "+07:00", "Z", "0001-01-01", "9999-12-31", "T23:59") | any_text)
def test_a_fixed_time_is_one_or_a_value_error(text: str) -> None:
    try:
        found = clock.parse(text)
    except ValueError:
        return
    assert found.tzinfo is clock.UTC
