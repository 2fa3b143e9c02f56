"""Faults: a page for who sits before a browser, JSON for programs, with the same status."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.app import failed, not_allowed, not_found, not_stored
from bot.http_json import HttpError, on_http_error
from bot.pages.faults import readable

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def broken(request: Request) -> Response:
    faults = {
        "told": HttpError(404, "not_found", "Thủ tục này chưa có danh sách giấy tờ."),
        "away": OperationalError("SELECT", {}, Exception("gone")),
        "ours": RuntimeError("a bug"),
    }
    raise faults[request.path_params["kind"]]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = Starlette(
        routes=[
            Route("/broken/{kind}", broken),
            Route("/api/broken/{kind}", broken),
            Route("/post", broken, methods=["POST"]),
        ],
        exception_handlers={
            HttpError: readable(on_http_error),
            OperationalError: readable(not_stored),
            404: readable(not_found),
            405: readable(not_allowed),
            500: readable(failed),
        },
    )
    with TestClient(app, raise_server_exceptions=False) as browser:
        yield browser


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/gone", 404, "Không có trang này"),
        ("/broken/told", 404, "chưa có danh sách giấy tờ"),
        ("/broken/away", 503, "Trang này chưa mở được"),
        ("/broken/ours", 500, "Trang này chưa mở được"),
        ("/post", 405, "không phải một trang để xem"),
    ],
)
def test_a_browser_gets_a_page_with_ways_on(client: TestClient, address: str, status: int, said: str) -> None:
    page = client.get(address, headers=BROWSER)
    assert page.status_code == status and page.headers["content-type"].startswith("text/html")
    assert said in page.text and "a bug" not in page.text
    for way in ('href="/"', 'href="/thu-tuc"', 'href="/huong-dan"', 'action="/thu-tuc"'):
        assert way in page.text
    again = client.get(address)
    assert again.status_code == status and "message" in again.json()["error"]


def test_programs_keep_their_json(client: TestClient) -> None:
    for address in ("/api/gone", "/api/broken/told", "/webhooks/x/webhook"):
        assert client.get(address, headers=BROWSER).json()["error"]["code"] == "not_found"
    assert client.post("/gone", headers=BROWSER).json()["error"]["code"] == "not_found"


def test_the_methods_that_an_address_takes_are_named(client: TestClient) -> None:
    assert client.get("/post", headers=BROWSER).headers["allow"] == "POST"
