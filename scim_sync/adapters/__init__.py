"""Maps SCIM attributes to model fields. No other package knows both.

Built on django-scim2's adapter contract: `to_dict`, `from_dict`, `save`, `delete`, reached through its
`get_user_adapter()` and `get_group_adapter()`, so that a host can replace them (docs/scim.md).
"""
