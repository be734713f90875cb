"""Finds articles that say the same twice, or different things about the same: candidates by codes of vectors, facts
compared clause by clause."""
