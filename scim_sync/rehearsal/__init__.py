"""Azure's provisioning service as a client: reads a directory and pushes it to a SCIM tenant URL over HTTP.

Knows nothing of the server it talks to. What it sends, and what it accepts as an answer, follows Microsoft's
documentation and recorded traffic; see `job.Job` for the way in.
"""
