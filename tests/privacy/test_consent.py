from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.privacy import consent
from bot.privacy.models import PURPOSES, Consent


def test_a_consent_is_kept_with_its_words_and_without_a_name(session: Session) -> None:
    with clock.frozen("2026-11-22T09:00:00+07:00") as moment:
        consent.record(session, purpose="pickup", asker="zalo:4711", channel="zalo")
    stored = session.execute(select(Consent)).scalar_one()
    assert (stored.purpose, stored.channel, stored.given_at) == ("pickup", "zalo", moment)
    assert consent.TEXTS[stored.text_version] == consent.text("pickup")
    assert "4711" not in stored.subject


def test_a_consent_counts_for_its_person_and_purpose_until_withdrawn(session: Session) -> None:
    consent.record(session, purpose="pickup", asker="web:a", channel="web")
    assert consent.is_given(session, purpose="pickup", asker="web:a")
    assert not consent.is_given(session, purpose="pickup", asker="web:b")
    assert not consent.is_given(session, purpose="notices", asker="web:a")
    assert consent.withdraw(session, purpose="pickup", asker="web:a") == 1
    assert not consent.is_given(session, purpose="pickup", asker="web:a")
    assert consent.withdraw(session, purpose="pickup", asker="web:a") == 0


def test_every_purpose_has_words() -> None:
    assert set(consent.CURRENT) == set(PURPOSES)
    assert set(consent.CURRENT.values()) <= set(consent.TEXTS)
    assert all(len(version) <= 20 for version in consent.TEXTS)
