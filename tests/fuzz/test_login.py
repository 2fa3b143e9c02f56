"""The address that Zalo sends an administrator's browser to, and what Zalo then tells of the account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.zalo.accounts import Accounts
from bot.channels.zalo.config import CALLBACK_PATH, Config
from bot.channels.zalo.login import Login, LoginPages
from bot.channels.zalo.models import ZaloAccount
from bot.db.engine import Database
from bot.tables import metadata
from fuzz.strategies import any_json, any_text, damaged, few

OA = "2500000000000000001"
CONFIG = Config("1", "secret", OA, "key", "https://mc.example/")
TOLD = {"oa_id": OA, "name": "Trung tâm Ví Dụ", "oa_type": 4}


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    """The record of one account; nobody has begun a login."""
    database = Database(f"sqlite:///{Path(tmp_path_factory.mktemp('login')) / 'login.db'}")
    metadata.create_all(database.engine, [ZaloAccount.__table__])
    yield Accounts(database, OA)
    database.dispose()


@pytest.fixture(scope="module")
def web(accounts: Accounts) -> Iterator[TestClient]:
    nobody: Any = None  # neither Zalo nor the grant is reached before a login was begun
    pages = LoginPages(CONFIG, Login(CONFIG, nobody, nobody, accounts, nobody))
    with TestClient(Starlette(routes=pages.routes)) as web:
        yield web


@few()
@given(st.dictionaries(st.sampled_from(["code", "oa_id", "state", "x"]), any_text | st.just(OA)), st.binary(max_size=9))
def test_nothing_is_taken_that_nobody_asked_for(web: TestClient, asked: dict[str, str], rest: bytes) -> None:
    query = "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in asked.items())
    answer = web.get(f"{CALLBACK_PATH}?{query}&{quote(rest)}")
    assert answer.status_code == 400 and len(answer.text) < 120
    assert all(len(value) < 8 or value == OA or value not in answer.text for value in asked.values())


@few()
@given(damaged(TOLD) | any_json)
def test_what_zalo_tells_of_the_account_can_be_kept(accounts: Accounts, told: Any) -> None:
    if not isinstance(told, dict):
        return
    accounts.learn(told)
    kept = accounts.get()
    assert kept.name is None or (len(kept.name) <= 160 and "\x00" not in kept.name and kept.name.encode())
    assert kept.oa_type is None or 0 <= kept.oa_type < 1_000
