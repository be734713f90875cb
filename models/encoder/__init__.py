"""The trunk: multilingual-e5-small, read from its package, cut to Chinese and English, built for CPU and GPU."""
