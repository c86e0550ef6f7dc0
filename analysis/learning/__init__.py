"""Makes the coder: training comments, fitting, thresholds, what ships, what councils correct."""
