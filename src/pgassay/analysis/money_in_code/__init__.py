"""Money that is a float in Python code: text in, facts out."""
