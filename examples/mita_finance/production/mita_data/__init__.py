"""The rows of generate_data.py: how they look, what is planted in them, how they are loaded."""
