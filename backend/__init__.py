"""Heard: what children in care and care leavers say, and what changes because of it."""
