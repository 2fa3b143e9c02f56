"""Dossiers: where they stand, for those who prove they may know."""
