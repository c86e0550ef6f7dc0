"""A simulated year: the demo borough on a fake clock, through the same worker loop as any day."""
