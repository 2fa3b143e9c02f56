"""The threads that write: a few of them, fed by one queue in which storing comes before answering.

On SQLite there is one, because it has one writer; the queue then is what would otherwise be a fight over its lock.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from queue import PriorityQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


class Priority(IntEnum):
    """What goes first: a platform waits for the 200, a citizen for the answer, nobody for the cleaning."""

    STORE = 0
    ANSWER = 1
    CLEAN = 2
    STOP = 9


class Workers:
    """Runs functions on `count` threads by priority, first come first served within one."""

    def __init__(self, count: int) -> None:
        """Start the threads."""
        self._queue: PriorityQueue[tuple[int, int, Callable[[], None] | None]] = PriorityQueue()
        self._order = itertools.count()
        self._threads = [
            threading.Thread(target=self._work, name=f"motcua-worker-{n}", daemon=True) for n in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, priority: Priority, function: Callable[[], Result]) -> Future[Result]:
        """Queue `function`; the future gives its result or error."""
        future: Future[Result] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._queue.put((priority, next(self._order), run))
        return future

    def stop(self) -> None:
        """Finish what runs and what is queued, then end the threads."""
        for _ in self._threads:
            self._queue.put((Priority.STOP, next(self._order), None))
        for thread in self._threads:
            thread.join()

    def waiting(self) -> int:
        """Return how many jobs wait (for the metrics)."""
        return self._queue.qsize()

    def _work(self) -> None:
        while True:
            job: Any = self._queue.get()[2]
            if job is None:
                return
            job()
