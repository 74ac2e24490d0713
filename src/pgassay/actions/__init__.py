"""Carrying out a plan: what changes the world."""
