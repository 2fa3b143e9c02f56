"""Telling people before they ask: who follows which dossier, and what they are told."""
