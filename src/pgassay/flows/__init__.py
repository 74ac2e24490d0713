"""Flows: the rooms composed into what a command does."""
