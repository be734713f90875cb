"""What one picture may cost."""

# Phones take up to 64 million pixels in their sharpest common mode; a bomb of a few kilobytes unpacks to billions.
MOST_PIXELS = 64_000_000
# Waiting for one picture, and for the child's start on a slow disk.
SECONDS = 15.0
START_SECONDS = 60.0
# The child's address space: 64 million pixels of four bytes twice (decoded, turned), and the libraries.
MEMORY_BYTES = 1_200_000_000
# After so long without a picture the child goes.
IDLE_SECONDS = 120.0
# The longest side that anybody may ask for.
LONGEST_SIDE = 4_096
