"""The real window over a real profile with the real models."""
