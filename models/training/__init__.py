"""Trains readers of messages on a user's rows: `python -m models.training RUN_DIR`, one child process a run."""
