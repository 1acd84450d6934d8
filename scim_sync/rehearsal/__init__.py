"""Simulates Azure's provisioning service: reads a directory and pushes it to a SCIM tenant URL over HTTP.

It does not import the server. Its requests, and the responses it accepts, follow Microsoft's documentation
and recorded traffic. Start with `job.Job`.
"""
