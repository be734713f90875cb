"""Trying a search."""
