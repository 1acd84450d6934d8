"""The token endpoint, `/oauth/<installation>/token` (RFC 6749). Its errors are not those of SCIM."""
