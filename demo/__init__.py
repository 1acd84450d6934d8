"""`make demo`: the main job on an empty machine, real in every part, and a verdict that asks from outside."""
