"""The rows of generate_data.py: what they look like, what is planted in them, how they are loaded."""
