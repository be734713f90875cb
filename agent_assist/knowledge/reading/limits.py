"""What one file may cost. Real help pages, manuals and price lists stay far below; what goes beyond is refused."""

# Waiting for the child process, all in all, for one file.
SECONDS = 10.0
# The child's start on a slow disk, before it has seen any file.
START_SECONDS = 60.0
# Address space of the child: the libraries alone take some 300 MB of it.
MEMORY_BYTES = 1_500_000_000

HTML_BYTES = 20_000_000
PDF_PAGES = 2_000
ROWS = 200_000
# Text that would be dropped as too long for an article anyway ends the reading of a document.
TEXT_CHARS = 4_000_000

# What an archive (DOCX, XLSX) may unpack to, in all and compared with its size. Real sheets reach a ratio of 30 or so.
UNPACKED_BYTES = 300_000_000
RATIO = 150
RATIO_FROM_BYTES = 20_000_000
ARCHIVE_ENTRIES = 10_000
# Open elements inside one another.
HTML_DEPTH = 1_000
