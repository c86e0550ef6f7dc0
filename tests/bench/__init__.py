"""Measurements beside other ways to do the same; run by `make bench-...`, never by `make test`."""
