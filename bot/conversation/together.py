"""Many small writes as one: whatever comes while a transaction runs shares the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Gives what is asked for at the same time to one call of `work`, in a thread; use it from one event loop."""

    def __init__(
        self, work: Callable[[list[T]], Sequence[R | Exception]], most: int, executor: Executor | None = None
    ) -> None:
        """Keep `work`, which returns (or raises, for all of them) what becomes of each; `most` of them a call."""
        self._work, self._most, self._executor = work, most, executor
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def do(self, item: T) -> R:
        """Return what `work` made of the item; raises what it raised or returned as an error."""
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work_off())
        return await done

    async def finished(self) -> None:
        """Return once nothing waits."""
        if self._working is not None:
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work_off(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]
            items = [item for item, _ in batch]
            try:
                outcomes = await asyncio.get_running_loop().run_in_executor(self._executor, self._work, items)
            except Exception as error:  # whoever waits hears it
                outcomes = [error] * len(batch)
            for (_, done), outcome in zip(batch, outcomes, strict=True):
                if done.done():
                    continue  # who asked has gone; it is done all the same
                if isinstance(outcome, Exception):
                    done.set_exception(outcome)
                else:
                    done.set_result(outcome)
