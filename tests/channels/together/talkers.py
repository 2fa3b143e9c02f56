"""A citizen on each channel, with the same few verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from fakes.telegram import FakeTelegram
from fakes.zalo import FakeZalo
from playwright.sync_api import Page

from .conftest import wait_for


class Talker(Protocol):
    """Somebody who writes, presses and reads."""

    def says(self, text: str) -> None:
        """Write."""

    def presses(self, title: str) -> None:
        """Press the newest button of this title."""

    def texts(self) -> list[str]:
        """Return all that was said to them."""


class Talk:
    """A talk in which every step waits for what it expects to be answered."""

    def __init__(self, citizen: Talker) -> None:
        self._citizen = citizen
        self.seen = 0

    def says(self, text: str, expected: str) -> None:
        self._do(self._citizen.says, text, expected)

    def presses(self, title: str, expected: str) -> None:
        self._do(self._citizen.presses, title, expected)

    def hears(self, expected: str) -> str:
        """Wait for a message that holds these words; returns it."""
        found: list[str] = []

        def came() -> bool:
            found[:] = [text for text in self._citizen.texts()[self.seen :] if expected in text]
            return bool(found)

        try:
            wait_for(came, repr(expected))
        except AssertionError:
            raise AssertionError(f"waited for {expected!r}; came: {self._citizen.texts()[self.seen :]}") from None
        self.seen = len(self._citizen.texts())
        return found[0]

    def _do(self, act: Callable[[str], None], what: str, expected: str) -> None:
        self.seen = len(self._citizen.texts())
        act(what)
        self.hears(expected)


class OnTelegram:
    """Writes to the bot."""

    def __init__(self, fake: FakeTelegram, number: int = 77) -> None:
        self._person = fake.person(number)

    def texts(self) -> list[str]:
        return [shown.text for shown in self._person.seen]

    def says(self, text: str) -> None:
        self._person.says(text)

    def presses(self, title: str) -> None:
        self._person.presses(title)


class OnZalo:
    """Writes to the Official Account."""

    def __init__(self, fake: FakeZalo, user: str = "7000000000000000001") -> None:
        self._fake, self._user = fake, user

    def texts(self) -> list[str]:
        return self._fake.oa.texts_to(self._user)

    def says(self, text: str) -> None:
        assert self._fake.webhooks.once(self._fake.oa.says(self._user, text)) == 200

    def presses(self, title: str) -> None:
        found: dict[str, str] = {}
        for to, message in self._fake.oa.delivered:
            payload: dict[str, Any] = message.get("attachment", {}).get("payload", {}) if to == self._user else {}
            for button in payload.get("buttons", []):
                if isinstance(button.get("payload"), str):
                    found[button["title"]] = button["payload"]
        self.says(found[title])


class OnTheWeb:
    """Writes on the page."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        page.goto(address)

    def texts(self) -> list[str]:
        self._page.wait_for_timeout(20)  # lets the page go on while we wait for it
        return self._page.get_by_role("log").locator('[data-from="bot"]').all_inner_texts()

    def says(self, text: str) -> None:
        self._page.get_by_role("textbox").fill(text)
        self._page.keyboard.press("Enter")

    def presses(self, title: str) -> None:
        self._page.get_by_role("log").get_by_role("button", name=title, exact=True).last.click()
