"""The words of the trade as types: what a ticket, an entity, a passage, a suggestion and a feedback event are.

Plain frozen dataclasses without I/O; every other room may import them.
"""
