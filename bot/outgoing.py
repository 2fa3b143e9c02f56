"""Calls to services of the operator's own (SMS, speech, the post): to the address that was set, and to no other."""

from __future__ import annotations

import urllib.request
from http.client import HTTPException
from typing import Any


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for an error: it would carry the token, and what is said of a citizen, where nobody chose."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing; urllib then raises HTTPError (an OSError) with the 3xx."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def call(request: urllib.request.Request, timeout: float) -> Any:
    """Return the open answer to a request, as urllib does. Raises OSError, for a redirect too."""
    try:
        return _OPENER.open(request, timeout=timeout)
    except (HTTPException, ValueError) as error:  # an answer that is no HTTP, a redirect to what is no address
        raise OSError(type(error).__name__) from None
