"""Articles that contradict or repeat one another."""
