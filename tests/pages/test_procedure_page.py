"""The page of a procedure: everything known today, on a phone too, without script; the checklist behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot import clock
from bot.db.engine import Database
from bot.http_json import HttpError, on_http_error
from bot.pages import procedures


@pytest.fixture(scope="module")
def client(catalogue_database: Database) -> Iterator[TestClient]:
    app = Starlette(routes=procedures.routes, exception_handlers={HttpError: on_http_error})
    app.state.database = catalogue_database
    with clock.frozen("2026-11-27T09:00:00+07:00"), TestClient(app) as browser:
        yield browser


def test_everything_known_stands_on_the_page(client: TestClient) -> None:
    page = client.get("/thu-tuc/1.001193")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    for text in ("Đăng ký khai sinh", "Giấy tờ cần có", "Lệ phí", "Nhờ người đi thay", "kiểm tra", "Bản in (PDF)"):
        assert text in page.text
    assert "<script" not in page.text


def test_the_source_stands_once_and_what_differs_is_named(client: TestClient) -> None:
    text = client.get("/thu-tuc/1.001193").text
    assert text.count("Nguồn:") == 1 and text.count("kiểm tra 27/11/2026") == 1
    assert "Lệ phí: căn cứ 117/2026/TT-BTC" in text


def test_an_unknown_code_is_said_kindly(client: TestClient) -> None:
    page = client.get("/thu-tuc/9.999999")
    assert page.status_code == 404 and "Không thấy thủ tục" in page.text


def test_a_code_is_never_executed(client: TestClient) -> None:
    page = client.get("/thu-tuc/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert page.status_code == 404 and "<script" not in page.text


def test_a_procedure_known_by_name_says_where_the_rest_is(client: TestClient) -> None:
    page = client.get("/thu-tuc/1.000031")
    assert page.status_code == 200 and "dichvucong.gov.vn" in page.text and "Dạ, " not in page.text
    assert client.get("/thu-tuc/1.000031/giay-to.png").status_code == 404


@pytest.mark.parametrize(
    ("form", "kind", "begins"), [("png", "image/png", b"\x89PNG"), ("pdf", "application/pdf", b"%PDF")]
)
def test_the_checklist_is_served(client: TestClient, form: str, kind: str, begins: bytes) -> None:
    answer = client.get(f"/thu-tuc/1.001193/giay-to.{form}")
    assert answer.status_code == 200 and answer.headers["content-type"] == kind
    assert answer.content.startswith(begins)


def test_another_form_is_not_served(client: TestClient) -> None:
    assert client.get("/thu-tuc/1.001193/giay-to.exe").status_code == 404
