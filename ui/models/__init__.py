"""The models screen: what runs where and why, how fast, which models there are, and adding one's own."""
