"""The one room where SCIM names stand beside model fields.

Built on django-scim2's adapter contract: `to_dict`, `from_dict`, `save`, `delete`, reached through its
`get_user_adapter()` and `get_group_adapter()`, so that a host can put in its own (docs/scim.md).
"""
