"""Entities: units, what they look like, and the head that tags them."""
