"""What a test found, in plain sentences: what works, what is unsafe, how to mend it."""
