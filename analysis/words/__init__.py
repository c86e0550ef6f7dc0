"""What is known of English as people write it: word lists, slips, asks, names, urgency."""
