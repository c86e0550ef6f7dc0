"""The demo borough: invented people, homes, words and files, the same for the same seed."""
