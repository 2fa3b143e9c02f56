"""Telegram's limits, from the facts gathered in 2026-11 (§4.1, §4.3) unless another source is named."""

from __future__ import annotations

LONGEST_TEXT = 4_096  # UTF-16 units, of a message
LONGEST_CAPTION = 1_024  # UTF-16 units, under a picture or a file
LONGEST_CALLBACK_BYTES = 64  # of a button's payload
LARGEST_DOWNLOAD = 20 * 1024 * 1024  # a bot cannot fetch a larger file
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
CHAT_SECONDS = 1.0  # between two messages to one person
PER_SECOND = 30  # messages to everybody together
WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
OFFICIAL = "https://api.telegram.org"  # calls webhooks by https only; a Bot API server of one's own need not

# What we keep away from the limits, or set ourselves.
OUR_CHAT_SECONDS, OUR_PER_SECOND = 1.1, 25.0  # calls arrive closer together than they leave
LARGEST_BODY = 256 * 1024  # of a webhook call (facts §2.2; Telegram's own updates stay far below)
LONG_POLL_SECONDS = 25
UPDATES_AT_ONCE = 100  # getUpdates' own limit
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
