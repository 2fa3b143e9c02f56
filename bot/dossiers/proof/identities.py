"""Who has proved what: a dossier for a while, or a phone number that opens every dossier it stands on."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import and_, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import UtcDateTime
from bot.db.sealed import holds
from bot.db.upsert import upsert
from bot.dossiers.models import Dossier
from bot.dossiers.proof.models import DossierProof, OneTimeCode, VerifiedPhone

PROOF_LASTS = timedelta(minutes=30)
# On these channels the sender is one person's own account, so what was proved once holds on; a browser may stand
# in a post office, and a REST caller vouches for nobody.
PERSONAL_CHANNELS = frozenset({"telegram", "zalo"})
PERSONAL_PROOF_LASTS = timedelta(days=180)
MOST_SHOWN = 20

# Built once, and on tables, not classes: every question about a dossier comes through here (ADR 7).
_dossiers, _proofs, _phones = Dossier.__table__, DossierProof.__table__, VerifiedPhone.__table__
_NOW = bindparam("now")
_PROVED = (
    select(_dossiers.c.owner_phone, _dossiers.c.slip_secret, _proofs.c.mark, _phones.c.id.label("phone_id"))
    .select_from(
        _dossiers.outerjoin(
            _proofs,
            and_(
                _proofs.c.code == _dossiers.c.code,
                _proofs.c.asker == bindparam("asker"),
                _proofs.c.expires_at > _NOW,
            ),
        ).outerjoin(
            _phones,
            and_(
                _phones.c.phone == _dossiers.c.owner_phone,
                _phones.c.asker == bindparam("asker"),
                _phones.c.expires_at > _NOW,
            ),
        )
    )
    .where(_dossiers.c.code == bindparam("code"))
)
_REMEMBER = text(
    """
    INSERT INTO dossier_proofs (asker, code, mark, proved_at, expires_at) VALUES (:asker, :code, :mark, :now, :until)
    ON CONFLICT (asker, code) DO UPDATE
        SET mark = excluded.mark, proved_at = excluded.proved_at, expires_at = excluded.expires_at
    """
).bindparams(
    bindparam("mark", type_=_proofs.c.mark.type),
    bindparam("now", type_=UtcDateTime()),
    bindparam("until", type_=UtcDateTime()),
)


def lasts(asker: str) -> timedelta:
    """Return how long a proof of `asker` ("channel:sender") holds."""
    return PERSONAL_PROOF_LASTS if asker.partition(":")[0] in PERSONAL_CHANNELS else PROOF_LASTS


def owner_mark(phone: str | None, secret: str | None) -> str:
    """Return what a dossier's factors are known by; another owner has another one."""
    return hashlib.sha256(f"{phone or ''}|{(secret or '').casefold()}".encode()).hexdigest()


def proved(session: Session, asker: str, code: str) -> bool:
    """Return whether `asker` has proved `code`, or the phone number that stands on it, and it still holds."""
    row = session.execute(_PROVED, {"asker": asker, "code": code, "now": clock.now()}).first()
    if row is None:
        return False
    return row.phone_id is not None or row.mark == owner_mark(row.owner_phone, row.slip_secret)


def remember(session: Session, asker: str, code: str, mark: str) -> None:
    """Note that `asker` has proved `code` just now; `mark` is its owner's."""
    now = clock.now()
    given = {"asker": asker, "code": code, "mark": mark, "now": now, "until": now + lasts(asker)}
    session.execute(_REMEMBER, given)


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
    marks = dict(
        session.execute(
            select(DossierProof.code, DossierProof.mark).where(
                DossierProof.asker == asker, DossierProof.expires_at > now
            )
        ).all()
    )
    phones = set(
        session.execute(
            select(VerifiedPhone.phone).where(VerifiedPhone.asker == asker, VerifiedPhone.expires_at > now)
        ).scalars()
    )
    if not marks and not phones:
        return []
    rows = session.execute(
        select(Dossier.code, Dossier.status, Dossier.owner_phone, Dossier.slip_secret)
        .where(Dossier.code.in_(marks) | holds(session, Dossier.owner_phone, phones))
        .order_by(Dossier.updated_at.desc(), Dossier.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        (row.code, row.status)
        for row in rows
        if row.owner_phone in phones or marks.get(row.code) == owner_mark(row.owner_phone, row.slip_secret)
    ]


def same_holder(session: Session, asker: str) -> list[str]:
    """Return the other askers that have proved a phone which this one has proved, too."""
    now = clock.now()
    held = select(VerifiedPhone.phone).where(VerifiedPhone.asker == asker, VerifiedPhone.expires_at > now)
    found = select(VerifiedPhone.asker).where(
        VerifiedPhone.phone.in_(held), VerifiedPhone.asker != asker, VerifiedPhone.expires_at > now
    )
    return sorted(set(session.execute(found).scalars()))


def forget_asker(session: Session, asker: str) -> None:
    """Forget what an asker has proved; failures stay, or deleting one's data would open the lock."""
    for table in (DossierProof, VerifiedPhone, OneTimeCode):
        session.execute(delete(table).where(table.asker == asker))


def sweep(session: Session) -> None:
    """Delete proofs that no longer hold."""
    for table in (DossierProof, VerifiedPhone):
        session.execute(delete(table).where(table.expires_at <= clock.now()))


def follow(session: Session, before: str, after: str) -> None:
    """Let what `before` has proved hold for `after`, whose channel it was linked to, and no longer than there."""
    until = clock.now() + lasts(after)
    for table, key in ((DossierProof, DossierProof.code), (VerifiedPhone, VerifiedPhone.phone)):
        known = select(key).where(table.asker == after).scalar_subquery()
        session.execute(
            update(table)
            .where(table.asker == before, key.not_in(known))
            .values(asker=after)
            .execution_options(synchronize_session=False)
        )
        session.execute(delete(table).where(table.asker == before))
        session.execute(
            update(table)
            .where(table.asker == after, table.expires_at > until)
            .values(expires_at=until)
            .execution_options(synchronize_session=False)
        )
