"""The doors: each hands messages in and replies out, nothing else."""
