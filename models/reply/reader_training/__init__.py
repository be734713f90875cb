"""Trains and measures the reader of passages on the reply corpus."""
