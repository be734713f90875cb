"""Searching a space of configurations for the best one."""
