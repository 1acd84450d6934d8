"""A client for print servers that speak IPP (RFC 8010, RFC 8011), made for CUPS and for devices that are not.

It knows no model and reads no setting. `client.Client` is the door; `errors` are what it raises.
"""
