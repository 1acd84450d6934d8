"""Print jobs: whose they are, what is done to one on its server, and what the server says afterwards."""
