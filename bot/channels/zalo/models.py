"""Tables of the Zalo channel: the grant of the Official Account (sealed), what is known of it, what was uploaded."""

from __future__ import annotations

import sqlalchemy as sa

from bot.db.base import Base, UtcDateTime, one_of

ENDPOINTS = ("v3", "v2", "none")


class ZaloGrant(Base):
    """The pair of tokens of one account. Locked while it is refreshed: a refresh token works once."""

    __tablename__ = "zalo_grants"

    oa_id = sa.Column(sa.String(40), primary_key=True)
    app_id = sa.Column(sa.String(40), nullable=False)
    sealed = sa.Column(sa.Text, nullable=False)  # access and refresh token
    previous = sa.Column(sa.Text)  # the pair before, sealed: to find out what happened, should the grant be lost
    issued_at = sa.Column(UtcDateTime, nullable=False)
    expires_at = sa.Column(UtcDateTime, nullable=False)
    refresh_expires_at = sa.Column(UtcDateTime, nullable=False)
    refreshing_at = sa.Column(UtcDateTime)  # when the last refresh began
    dead_at = sa.Column(UtcDateTime)  # the refresh token was refused: somebody has to consent again
    dead_reason = sa.Column(sa.String(40))


class ZaloAccount(Base):
    """The Official Account: its kind, and which API takes our messages."""

    __tablename__ = "zalo_accounts"

    oa_id = sa.Column(sa.String(40), primary_key=True)
    name = sa.Column(sa.String(160))
    oa_type = sa.Column(sa.Integer)  # 2 enterprise, 4 state agency
    endpoint = sa.Column(sa.String(4))  # pinned once one has worked; "none": people answer
    human_reply_at = sa.Column(UtcDateTime)
    login_state_hash = sa.Column(sa.String(64))  # of the consent that `motcua zalo login` waits for
    login_until = sa.Column(UtcDateTime)
    checked_at = sa.Column(UtcDateTime)

    __table_args__ = (one_of("endpoint", ENDPOINTS, "endpoint"),)


class ZaloUpload(Base):
    """A picture or file that Zalo keeps for us for some days, found again by its content."""

    __tablename__ = "zalo_uploads"

    oa_id = sa.Column(sa.String(40), primary_key=True)
    digest = sa.Column(sa.String(64), primary_key=True)
    token = sa.Column(sa.Text, nullable=False)
    uploaded_at = sa.Column(UtcDateTime, nullable=False)
