"""What Zalo allows, as named constants (facts on channels, §1 and §2; "unverified" where only one source says so)."""

from __future__ import annotations

from datetime import timedelta

# Consultation messages (§1.3, §1.4)
LONGEST_TEXT = 2_000  # characters; sources do not say which, so we count UTF-16 units, the most careful way
SPLIT_BELOW = 1_900
MOST_BUTTONS = 5
LONGEST_TITLE = 100
LONGEST_PAYLOAD = 1_000
LONGEST_SUBTITLE = 500
MOST_LIST_ELEMENTS = 5  # §1.5; the first is the head of the list

# Uploads (§1.3, §1.7): ids die after seven days, so ours are renewed before
LARGEST_PICTURE = 1024 * 1024
LARGEST_FILE = 5 * 1024 * 1024
UPLOAD_GOOD_FOR = timedelta(days=6)

# Windows since the person's last action (§1.7); the margin allows for clocks and for what waits in the outbox
FREE_WINDOW = timedelta(hours=48)
PAID_WINDOW = timedelta(days=7)
ZBS_UID_WINDOW = timedelta(days=365)  # §1.10
WINDOW_MARGIN = timedelta(minutes=10)

# Pace (§1.1): about 4,000 calls a minute for the whole app, and a picture costs two
PER_SECOND = 30.0
CHAT_SECONDS = 0.3  # no limit is known; order in one chat is kept by a little distance
RATE_PAUSE_SECONDS = 60.0  # after -32

# Tokens (§1.2)
REFRESH_TOKEN_LIFE = timedelta(days=90)  # "three months", the shortest they can be
REFRESH_BELOW = 0.2  # of the access token's life
IMPORTED_TOKEN_LIFE = timedelta(hours=1)  # of a pair whose age nobody knows; refreshed soon after

# Webhook (§2.1–2.3)
LARGEST_EVENT = 256 * 1024
EVENT_GOOD_FOR = timedelta(hours=24)
CLOCK_SKEW = timedelta(minutes=10)

# ZBS (§1.10)
LONGEST_TRACKING_ID = 48
MORNING = (6, 5)  # hour and minute in Vietnam at which what the night refused is tried again

# What citizens send (§2.5); Zalo's own limits for it are not documented
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_VOICE = 5 * 1024 * 1024
