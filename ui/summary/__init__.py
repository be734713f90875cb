"""The open thread in four lines."""
