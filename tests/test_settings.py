"""Settings that follow from others."""

from __future__ import annotations

import pytest

from bot.settings import Settings


@pytest.mark.parametrize(
    ("set_to", "address"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"port": 8091}, "http://127.0.0.1:8091"),
        ({"host": "192.168.1.5", "port": 80}, "http://192.168.1.5:80"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8080"),
        ({"host": "::1"}, "http://[::1]:8080"),
        ({"port": 8091, "public_url": ""}, "http://127.0.0.1:8091"),
        ({"port": 8091, "public_url": "https://motcua.example.vn"}, "https://motcua.example.vn"),
    ],
)
def test_links_lead_to_where_the_server_listens(set_to: dict[str, object], address: str) -> None:
    assert Settings(**set_to).public_url == address


def test_the_environment_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_PORT", "8091")
    assert Settings().public_url == "http://127.0.0.1:8091"
