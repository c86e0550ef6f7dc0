"""Codes what people wrote to the themes of a codebook, on this machine and with no web."""
