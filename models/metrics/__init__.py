"""Measures of labels, spans and rankings by well-known libraries, with bootstrap intervals; no model is needed here."""
