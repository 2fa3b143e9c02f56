"""What is said about dossiers, in a clerk's plain words; each file one kind of answer."""
