"""The conversation with what the models read in it."""
