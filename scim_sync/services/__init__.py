"""What the directory asks for, one transaction each; nothing here knows HTTP."""
