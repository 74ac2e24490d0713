"""What was seen and done, as JSON records, each naming the hash of the one before."""
