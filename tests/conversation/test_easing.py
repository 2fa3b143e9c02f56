"""What arrives is taken first: while the event loop is late no turn begins, but none waits for ever."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.conversation import easing
from bot.conversation.easing import Ease


def test_a_late_loop_presses_and_a_calm_one_does_not() -> None:
    async def run() -> tuple[bool, bool, bool]:
        ease = Ease()
        ease.start()
        await asyncio.sleep(0.2)
        calm = ease.pressed
        time.sleep(0.1)  # something blocks the loop
        await asyncio.sleep(0.015)
        late = ease.pressed
        await asyncio.sleep(easing.CALM_SECONDS * 10)
        after = ease.pressed
        await ease.stop()
        return calm, late, after

    # Another process may make us late at any time: what must be seen once in a few tries is enough.
    seen = [asyncio.run(run()) for _ in range(5)]
    assert all(late for _, late, _ in seen)
    assert any(not calm for calm, _, _ in seen) and any(not after for _, _, after in seen)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(easing, "LONGEST_SECONDS", 0.05)
    ease = Ease()
    ease._pressed_until = time.monotonic() + 3600
    ease.wait()
    asyncio.run(ease.pause())
