"""Work beside the turns goes on after an error, and ends when told to."""

from __future__ import annotations

import asyncio

from bot.background import Background


def test_a_task_that_fails_is_tried_again_and_holds_up_no_other() -> None:
    seen: list[str] = []

    def broken() -> None:
        seen.append("broken")
        raise ValueError

    async def run() -> None:
        background = Background()
        background.every(0.01, "broken", broken)
        background.every(0.01, "sound", lambda: seen.append("sound"))
        background.start()
        while not (seen.count("broken") > 2 and seen.count("sound") > 2):
            await asyncio.sleep(0.01)
        await background.stop()
        after = len(seen)
        await asyncio.sleep(0.05)
        assert len(seen) == after

    asyncio.run(asyncio.wait_for(run(), 20))
