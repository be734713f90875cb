"""Finds the clauses of passages and order that answer a customer: one pass of a tuned encoder over each passage."""
