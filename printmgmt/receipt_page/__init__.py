"""The public page that verifies receipts: no sign-in, and nothing read from the database but its limit."""
