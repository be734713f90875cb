"""Labelled rows made ready for training: read, cleaned, freed of doubles and of personal data, split, and judged.

Modules here may be slow to import (scikit-learn, matplotlib); the command line imports each where it needs it, and
nothing else of the core imports them at all.
"""
