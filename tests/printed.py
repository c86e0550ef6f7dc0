"""What a printed sheet says, read back from its PDF."""

from functools import lru_cache
from io import BytesIO

from pypdf import PdfReader


@lru_cache(maxsize=256)  # a blank sheet is the same in every crawl, and slow to read
def words_of(pdf: bytes) -> str:
    """The text of every side, one after the other."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
