"""``/station/``: the page of a release station, for a touch screen and a card reader that types.

The station's token is pasted once and kept in a cookie that no script reads. A visit is a second cookie,
which ends by itself. Nothing of either stands in an address.
"""
