"""How dossiers come in: by file or one by one, checked, and what could not be taken is kept for review."""
