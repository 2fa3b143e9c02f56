"""Một Cửa: the assistant of a province's one-stop public services."""

__version__ = "0.1.0"
