"""How a grant gets here: the address of consent, the callback, an imported pair; and the proof of the domain."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fakes.zalo import OA_ID, FakeZalo

from bot.channels.zalo.config import ConfigError, from_settings
from bot.channels.zalo.login import LoginError
from bot.channels.zalo.oauth import BadToken, Pair, challenge, check_token, permission_url
from bot.channels.zalo.wiring import Zalo
from bot.settings import Settings
from channels.zalo.conftest import Build, Run, Served, Time, a_config

Serve = Callable[[Zalo], Served]
VERIFIER = "dBjftJeZ4CVP-mBBEXAMPLEverifier0123456789ab"


def visit(url: str) -> tuple[int, str]:
    """Open an address as a browser does, following redirects."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def consenting(build: Build, serve: Serve) -> Callable[..., tuple[Zalo, str]]:
    """Return the channel, served, and the address that `motcua zalo login` prints."""

    def begun(**changes: Any) -> tuple[Zalo, str]:
        ours = build(**changes)
        served = serve(ours)
        ours = build(redirect_uri=f"{served.url}/zalo/oauth/callback", **changes)
        return ours, ours.account.login.begin()

    return begun


def test_the_challenge_of_the_facts() -> None:
    assert challenge(VERIFIER) == "C5Ef8aQ8xh516hVaPLLKwNJDW6hO1FYNHpPIoUs6KSY"


def test_the_address_of_consent() -> None:
    url = permission_url(a_config(), "a-state")
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith("https://oauth.zaloapp.com/v4/oa/permission?")
    assert asked == {"app_id": ["1"], "redirect_uri": ["https://mc.example/zalo/oauth/callback"], "state": ["a-state"]}
    with_pkce = parse_qs(urlsplit(permission_url(a_config(code_verifier=VERIFIER), "s")).query)
    assert set(with_pkce) == {*asked, "code_challenge"}, "no method, scope or response_type"


@pytest.mark.parametrize("verifier", [None, VERIFIER])
def test_consenting_stores_a_grant(zalo: FakeZalo, consenting: Any, verifier: str | None) -> None:
    ours, url = consenting(code_verifier=verifier)
    status, page = visit(url)
    assert status == 200 and "Đã nhận quyền" in page
    assert zalo.oauth.error_of(ours.account.grants.access_token()) == 0
    assert ours.account.accounts.get().oa_type == 2
    assert ours.account.grants.standing().expires_at - zalo.world.now == timedelta(hours=25)


def test_a_link_of_the_console_comes_back_without_a_state(zalo: FakeZalo, consenting: Any) -> None:
    ours, url = consenting()
    assert visit(re.sub(r"&state=[^&]+", "", url))[0] == 200
    assert ours.account.grants.standing() is not None


def callback(ours: Zalo, **query: str) -> tuple[int, str]:
    return visit(f"{ours.account.config.redirect_uri}?" + "&".join(f"{name}={value}" for name, value in query.items()))


def test_a_consent_that_nobody_waits_for_is_not_taken(zalo: FakeZalo, consenting: Any, time_: Time) -> None:
    ours, _ = consenting()
    time_.advance(seconds=16 * 60)
    assert callback(ours, code=zalo.oauth.code(), oa_id=OA_ID)[0] == 400
    assert ours.account.grants.standing() is None and zalo.sent("/v4/oa/access_token") == []


def test_a_consent_is_taken_once(zalo: FakeZalo, consenting: Any) -> None:
    _, url = consenting()
    assert visit(url)[0] == 200
    assert visit(url)[0] == 400


def test_a_wrong_state_or_account_ends_no_waiting(zalo: FakeZalo, consenting: Any) -> None:
    ours, url = consenting()
    assert callback(ours, code=zalo.oauth.code(), state="x", oa_id=OA_ID)[0] == 400
    assert callback(ours, code=zalo.oauth.code(), oa_id="3999999999999999999")[0] == 400
    assert callback(ours, oa_id=OA_ID)[0] == 400, "no code"
    assert visit(url)[0] == 200


def test_a_code_that_is_old_is_told(zalo: FakeZalo, consenting: Any, time_: Time) -> None:
    ours, _ = consenting()
    code = zalo.oauth.code()
    time_.advance(seconds=11 * 60)
    status, page = callback(ours, code=code)
    assert status == 400 and "-14010" in page and code not in page


def test_a_grant_of_another_account_replaces_nothing(zalo: FakeZalo, granted: Zalo, run: Run[Any]) -> None:
    before = granted.account.grants.access_token()
    zalo.world.oa_id = "3999999999999999999"
    with pytest.raises(LoginError, match="khác"):
        run(granted.account.login.store(Pair(*zalo.oauth.pair(), timedelta(hours=1))))
    assert granted.account.grants.access_token() == before


def test_a_pair_that_zalo_does_not_know_replaces_nothing(zalo: FakeZalo, granted: Zalo, run: Run[Any]) -> None:
    before = granted.account.grants.access_token()
    with pytest.raises(LoginError, match="-216"):
        run(granted.account.login.store(Pair("AT-unknown", "RT-unknown", timedelta(hours=1))))
    zalo.inject("/oa/getoa", "502")
    with pytest.raises(LoginError, match="http_502"):
        run(granted.account.login.store(Pair(*zalo.oauth.pair(), timedelta(hours=1))))
    assert granted.account.grants.access_token() == before


def test_an_account_without_the_right_to_be_looked_at_is_stored_all_the_same(
    zalo: FakeZalo, ours: Zalo, run: Run[Any]
) -> None:
    zalo.inject("/oa/getoa", "-223")
    assert run(ours.account.login.store(Pair(*zalo.oauth.pair(), timedelta(hours=1)))) == OA_ID
    assert ours.account.grants.standing() is not None


@pytest.mark.parametrize("token", ["", "short", "with space in it", "xuống\ndòng dòng", "é" * 20, "x" * 5000])
def test_what_cannot_be_a_token(token: str) -> None:
    with pytest.raises(BadToken) as caught:
        check_token(token)
    assert not token or token not in str(caught.value)


def test_the_proof_of_the_domain(build: Build, serve: Serve) -> None:
    served = serve(build(verifier_code="AbC-12"))
    status, page = visit(f"{served.url}/zalo_verifierAbC-12.html")
    assert status == 200 and '<meta name="zalo-platform-site-verification" content="AbC-12" />' in page
    told = serve(build(verifier_code="AbC-12", verifier_text="There Is No Limit"))
    assert visit(f"{told.url}/zalo_verifierAbC-12.html") == (200, "There Is No Limit")
    assert visit(f"{told.url}/zalo_verifierother.html")[0] == 404


def test_without_an_app_there_is_no_channel_and_half_a_setting_is_told() -> None:
    assert from_settings(Settings()) is None
    with pytest.raises(ConfigError, match="MOTCUA_ZALO_OA_SECRET_KEY"):
        from_settings(Settings(zalo_app_id="1", zalo_app_secret="x", zalo_oa_id="3"))
