"""What somebody of ours must see: a gauge that stays up while it lasts, and one line in the log when it begins."""

from __future__ import annotations

import logging

from prometheus_client import Counter, Gauge

log = logging.getLogger(__name__)

ALARM = Gauge("motcua_zalo_alarm", "1 while somebody has to act", ["reason"])
REFRESHES = Counter("motcua_zalo_token_refreshes_total", "Refreshes of the access token", ["outcome"])
EVENTS = Counter("motcua_zalo_events_total", "Webhook events", ["event", "outcome"])
SIGNATURES = Counter("motcua_zalo_signatures_total", "Which form of the signature matched", ["variant"])
REQUESTS = Counter("motcua_zalo_refused_requests_total", "Webhook requests that were refused", ["reason"])
SENDS = Counter("motcua_zalo_sends_total", "Calls that send something", ["api", "code"])
LINKS = Counter("motcua_zalo_pictures_lost_total", "Pictures and files that became a link in words", ["reason"])
WITHDRAWALS = Counter("motcua_zalo_withdrawals_total", "Citizens who withdrew their consent at Zalo")

# Every alarm there is, with what to do about it.
SENTENCES = {
    "no_grant": "Zalo: no grant; run `motcua zalo login` or `motcua zalo import-token`",
    "grant_dead": "Zalo: the refresh token was refused (-14014); consent again with `motcua zalo login`",
    "grant_14_days": "Zalo: the refresh token ends within 14 days and has not been renewed; see `motcua zalo status`",
    "grant_3_days": "Zalo: the refresh token ends within 3 days; consent again with `motcua zalo login`",
    "grant_sealed": "Zalo: the stored grant cannot be opened with MOTCUA_SECRET_KEY",
    "human_reply": "Zalo: both APIs refuse this kind of account (-235, -240); staff answer in OA Manager",
    "silence": "Zalo: no event for hours in the daytime; is the webhook still registered?",
}

_up: set[str] = set()


def raise_alarm(reason: str) -> None:
    """Put an alarm up; it is logged when it was down before, so that no flood of messages floods the log."""
    sentence = SENTENCES[reason]
    ALARM.labels(reason).set(1)
    if reason not in _up:
        _up.add(reason)
        log.error(sentence)


def clear(*reasons: str) -> None:
    """Take alarms down."""
    for reason in reasons:
        assert reason in SENTENCES, reason
        ALARM.labels(reason).set(0)
        _up.discard(reason)


def is_up(reason: str) -> bool:
    """Return whether an alarm is up."""
    return reason in _up
