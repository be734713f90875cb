"""The order and the products of a ticket."""
