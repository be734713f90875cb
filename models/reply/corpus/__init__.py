"""The hand-written situations of grounded replies, and the rows that training and tests draw from them."""
