"""The one room where SCIM names stand beside model fields.

Built on django-scim2's adapter contract: `to_dict`, `from_dict`, `save`, `delete`, `handle_operations`,
reached through `django_scim.utils.get_user_adapter()` and `get_group_adapter()`.
"""
