"""Dates and times of each language, where ours are not Django's own (`FORMAT_MODULE_PATH`)."""
