"""Who has proved what: a dossier for a while, or a phone number that opens every dossier it stands on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, delete, select, union_all
from sqlalchemy.orm import Session

from bot import clock
from bot.db.upsert import upsert
from bot.dossiers.models import Dossier
from bot.dossiers.proof.models import DossierProof, OneTimeCode, VerifiedPhone

PROOF_LASTS = timedelta(minutes=30)
# On these channels the sender is one person's own account, so what was proved once holds on; a browser may stand
# in a post office, and a REST caller vouches for nobody.
PERSONAL_CHANNELS = frozenset({"telegram", "zalo"})
PERSONAL_PROOF_LASTS = timedelta(days=180)
MOST_SHOWN = 20

# Built once: every question about a dossier comes through here (ADR 7).
_ASKER, _CODE, _NOW = bindparam("asker"), bindparam("code"), bindparam("now")
_PROVED = union_all(
    select(DossierProof.id).where(
        DossierProof.asker == _ASKER, DossierProof.code == _CODE, DossierProof.expires_at > _NOW
    ),
    select(VerifiedPhone.id)
    .join(Dossier, Dossier.owner_phone == VerifiedPhone.phone)
    .where(VerifiedPhone.asker == _ASKER, Dossier.code == _CODE, VerifiedPhone.expires_at > _NOW),
)


def lasts(asker: str) -> timedelta:
    """Return how long a proof of `asker` ("channel:sender") holds."""
    return PERSONAL_PROOF_LASTS if asker.partition(":")[0] in PERSONAL_CHANNELS else PROOF_LASTS


def proved(session: Session, asker: str, code: str) -> bool:
    """Return whether `asker` has proved `code`, or the phone number that stands on it, and it still holds."""
    return session.execute(_PROVED, {"asker": asker, "code": code, "now": clock.now()}).first() is not None


def remember(session: Session, asker: str, code: str) -> None:
    """Note that `asker` has proved `code` just now."""
    now = clock.now()
    upsert(
        session,
        DossierProof,
        keys={"asker": asker, "code": code},
        values={"proved_at": now, "expires_at": now + lasts(asker)},
    )


def know_phone(session: Session, asker: str, phone: str) -> None:
    """Note that `asker` holds `phone` (digits as dossiers have them): its code came back, or the channel vouches."""
    now = clock.now()
    upsert(
        session,
        VerifiedPhone,
        keys={"asker": asker, "phone": phone},
        values={"verified_at": now, "expires_at": now + lasts(asker)},
    )


def mine(session: Session, asker: str) -> list[tuple[str, int]]:
    """Return (code, status) of the dossiers that `asker` may see now without a code, newest change first."""
    now = clock.now()
    proved_codes = select(DossierProof.code).where(DossierProof.asker == asker, DossierProof.expires_at > now)
    phones = select(VerifiedPhone.phone).where(VerifiedPhone.asker == asker, VerifiedPhone.expires_at > now)
    rows = session.execute(
        select(Dossier.code, Dossier.status)
        .where(Dossier.code.in_(proved_codes) | Dossier.owner_phone.in_(phones))
        .order_by(Dossier.updated_at.desc(), Dossier.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(row.code, row.status) for row in rows]


def forget_asker(session: Session, asker: str) -> None:
    """Forget what an asker has proved; failures stay, or deleting one's data would open the lock."""
    for table in (DossierProof, VerifiedPhone, OneTimeCode):
        session.execute(delete(table).where(table.asker == asker))


def sweep(session: Session) -> None:
    """Delete proofs that no longer hold."""
    for table in (DossierProof, VerifiedPhone):
        session.execute(delete(table).where(table.expires_at <= clock.now()))
