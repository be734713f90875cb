"""Solved tickets: kept findable in the background, found again for a like one."""
