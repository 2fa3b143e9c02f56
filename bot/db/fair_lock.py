"""A lock that serves in the order of asking; Python's own lets whoever just let go take it again before the others."""

from __future__ import annotations

import threading
from collections import deque


class FairLock:
    """Reentrant, like threading.RLock, but first come, first served."""

    def __init__(self) -> None:
        """Begin free."""
        self._guard = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        self._line: deque[tuple[int, threading.Lock]] = deque()

    def __enter__(self) -> None:
        """Wait until it is our turn."""
        me = threading.get_ident()
        with self._guard:
            if self._owner == me:
                self._depth += 1
                return
            if self._owner is None:
                self._owner, self._depth = me, 1
                return
            gate = threading.Lock()
            gate.acquire()
            self._line.append((me, gate))
        gate.acquire()  # opened by the one before us, who has written us in as the owner

    def __exit__(self, *exc: object) -> None:
        """Let the next one in."""
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            if self._line:
                self._owner, gate = self._line.popleft()
                self._depth = 1
                gate.release()
            else:
                self._owner = None
