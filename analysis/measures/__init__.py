"""Says how good the coder is: scores with intervals, confusion, agreement, and the card."""
