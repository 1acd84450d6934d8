"""The test of a print server: what it lets the console do, and everyone else. Nothing is printed."""
