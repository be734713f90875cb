"""What one file may cost. Real help pages, manuals and price lists stay far below; what goes beyond is refused."""

# Waiting for the child process for one file, and what each row that comes out of it adds.
SECONDS = 10.0
SECONDS_A_ROW = 0.005
# The child's start on a slow disk, before it has seen any file.
START_SECONDS = 60.0
# Address space of the child: the libraries alone take some 300 MB of it.
MEMORY_BYTES = 1_500_000_000

HTML_BYTES = 20_000_000
PDF_PAGES = 2_000
ROWS = 200_000
# Of a document; a thousand close-set pages have less.
TEXT_CHARS = 5_000_000

# What an archive (DOCX, XLSX) may unpack to, in all and compared with its size. Real sheets reach a ratio of 30 or so.
UNPACKED_BYTES = 300_000_000
RATIO = 150
RATIO_FROM_BYTES = 20_000_000
ARCHIVE_ENTRIES = 10_000
# Open elements inside one another.
HTML_DEPTH = 1_000
