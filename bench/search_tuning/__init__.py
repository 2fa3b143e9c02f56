"""Learns what the measures of the procedure index count (`bot/content/search_weights.yml`)."""
