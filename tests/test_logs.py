"""Log lines: for machines one object each, with the ids that were given; libraries do not tell addresses."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    logging.getLogger("bot.test").warning("turn failed", extra={"inbox_id": 7, "error": "ValueError"})
    line = json.loads(capsys.readouterr().err)
    at = line.pop("at")
    assert at.endswith("Z") and len(at) == 20
    assert line == {
        "level": "WARNING", "logger": "bot.test", "message": "turn failed", "inbox_id": 7, "error": "ValueError"
    }  # fmt: skip


def test_a_line_for_people_says_its_zone(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "text")
    logging.getLogger("bot.test").info("ready")
    assert capsys.readouterr().err.split(" ")[0].endswith("Z")


@pytest.mark.parametrize("form", ["text", "json"])
def test_addresses_that_are_called_stay_out(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.set_up("DEBUG", form)
    logging.getLogger("httpx").info("HTTP Request: GET https://photo.example/somebody.jpg")
    assert capsys.readouterr().err == ""
