"""Tokens, and a furnished database out of which the dossiers of a test are taken again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete, select

from bot.api import tokens
from bot.db.engine import Database
from bot.dossiers.codes import SAMPLE
from bot.dossiers.intake import storing
from bot.dossiers.models import Dossier


@pytest.fixture
def sample(furnished: Database) -> Iterator[Database]:
    """The furnished database with the dossier of the description's examples; what a test puts in is taken out."""
    with furnished.unit_of_work() as session:
        known = list(session.execute(select(Dossier.code)).scalars())
        storing.put(session, SAMPLE, {"status": 2, "received_at": "2026-11-05", "owner_phone": "0900001234"})
    yield furnished
    with furnished.unit_of_work() as session:
        session.execute(delete(Dossier).where(Dossier.code.not_in(known)))


@pytest.fixture
def token_for(furnished: Database) -> Callable[..., str]:
    """Make a token with these scopes."""

    def make(*scopes: str, name: str = "một cửa điện tử") -> str:
        with furnished.unit_of_work() as session:
            return tokens.create(session, name, list(scopes))

    return make
