"""The command line: parse, call one flow, show, exit."""
