"""SCIM as such (RFC 7643, RFC 7644): no models, no requests, no print words."""
