"""Measures a named model on labelled rows: `python -m models.evaluation RUN.json`, one child process a measuring."""
