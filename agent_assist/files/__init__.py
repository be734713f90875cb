"""Reading the files people have: encodings, tables, JSON lines, dates; each unreadable row with its reason.

Below intake and knowledge, which both read CSV, JSON lines and XLSX and may not import each other.
"""
