"""The SCIM protocol (RFC 7643, RFC 7644), without models, requests and the domain of the product."""
