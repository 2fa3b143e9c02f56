"""The page to find a procedure: by everyday words, by its code, or among the most asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.db.engine import Database
from bot.pages import finding


@pytest.fixture(scope="module")
def client(catalogue_database: Database) -> Iterator[TestClient]:
    app = Starlette(routes=finding.routes)
    app.state.database = catalogue_database
    with TestClient(app) as browser:
        yield browser


def codes(client: TestClient, **query: str) -> list[str]:
    page = client.get("/thu-tuc", params=query)
    assert page.status_code == 200 and "<script" not in page.text
    return re.findall(r'href="/thu-tuc/([^"]+)"', page.text)


def test_the_most_asked_are_there_before_anything_is_typed(client: TestClient) -> None:
    found = codes(client)
    assert len(found) == len(set(found)) == finding.MOST_ASKED
    assert {"1.001193", "1.004222", "1.000894"} <= set(found)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("khai sinh", "1.001193"),
        ("dk khai sinh", "1.001193"),
        ("  GIẤY   KHAI SINH ", "1.001193"),
        ("lam cccd", "1.014061"),
        ("1.013831", "1.013831"),
        ("sang tên sổ đỏ", "1.013831"),
    ],
)
def test_everyday_words_and_codes_find_it(client: TestClient, asked: str, first: str) -> None:
    found = codes(client, q=asked)
    assert found[0] == first and len(found) <= finding.SHOWN


@pytest.mark.parametrize("asked", ["xyzqw", "%%%", "<script>alert(1)</script>", "\x00\u202e", "a" * 5_000])
def test_what_is_not_found_is_said(client: TestClient, asked: str) -> None:
    page = client.get("/thu-tuc", params={"q": asked})
    assert page.status_code == 200 and "<script" not in page.text
    assert "Em chưa thấy thủ tục nào" in page.text or re.search(r'href="/thu-tuc/', page.text)
