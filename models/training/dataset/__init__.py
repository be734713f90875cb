"""The rows of a run: read, divided, misspelt, in order, and what is lent to them."""
