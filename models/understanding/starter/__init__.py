"""The corpus that the shipped heads learn from, and how they are measured."""
