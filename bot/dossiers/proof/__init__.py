"""Who may see a dossier: second factors, what was proved, and the locks against guessing."""

from sqlalchemy.orm import Session

from bot.dossiers.proof import identities, locks
from bot.dossiers.proof.identities import forget_asker, know_phone, mine, proved, same_holder
from bot.dossiers.proof.locks import MAX_FAILURES, Lock
from bot.dossiers.proof.locks import brake as braked
from bot.dossiers.proof.tries import TRIED, Outcome, Result, locked, prove


def follow(session: Session, before: str, after: str) -> None:
    """Let the proofs and the wrong tries of an asker go on under another name: its channel was linked to that one."""
    identities.follow(session, before, after)
    locks.follow(session, before, after)


def sweep(session: Session) -> None:
    """Delete what no longer counts: proofs, wrong tries, one-time codes."""
    identities.sweep(session)
    locks.sweep(session)


__all__ = [
    "MAX_FAILURES",
    "TRIED",
    "Lock",
    "Outcome",
    "Result",
    "braked",
    "follow",
    "forget_asker",
    "know_phone",
    "locked",
    "mine",
    "prove",
    "proved",
    "same_holder",
    "sweep",
]
