"""The list of keys over the window, where they are changed."""
