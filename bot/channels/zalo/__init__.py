"""The Zalo channel: an Official Account that citizens write to, and ZBS template messages for notices.

What is known of the platform, and how surely, stands in docs/channels.md; where sources disagree, both are built.
"""
