"""Data that ships with the program: no logic here."""
