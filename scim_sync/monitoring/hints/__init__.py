"""Hints about the attribute mapping in Azure, which Azure's own log does not give (ADR 42).

Maintenance reads each new event of the provisioning log once (`looking`), counts signs of a wrong mapping in
one row an installation (`evidence`; the signs are in `people` and `groups`), and decides what they prove
(`deciding`). Pages, health and mails read that row (`shown`). A SCIM request does nothing for it.
"""
