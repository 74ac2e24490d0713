"""Rendering: a Report in, text out. Pure: no file is written and nothing is asked here."""
