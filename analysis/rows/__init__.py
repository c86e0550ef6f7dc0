"""Files of comments and codebooks, read and written."""
