"""What people who left still hold: cards, PINs, devices, jobs and console access that are live."""
