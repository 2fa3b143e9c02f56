"""One person on several channels: the one-time codes that join them."""
