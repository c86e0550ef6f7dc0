"""Gives one comment its codes: the encoder, the words, how the two are mixed."""
