"""Questions that no article answers."""
