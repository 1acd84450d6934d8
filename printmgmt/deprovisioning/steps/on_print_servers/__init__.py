"""What the steps on print servers have in common."""
