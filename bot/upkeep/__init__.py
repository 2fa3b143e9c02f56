"""Keeping a running installation well: what waits, what is deleted when its time is over, copies of the database."""
