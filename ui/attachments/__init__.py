"""Files that came with messages: thumbnails, the light box, saving."""
