"""Versions as weak entity tags (RFC 7644 §3.14)."""

import pytest

from scim_sync.protocol.errors import PreconditionFailed
from scim_sync.protocol.etags import check_preconditions, version_tag


def test_version_is_a_weak_tag():
    assert version_tag(3) == 'W/"3"'


@pytest.mark.rfc("7644", "3.14")
@pytest.mark.parametrize("if_match", [None, "", "*", 'W/"3"', '"3"', 'W/"2", W/"3"'])
def test_write_goes_on_when_the_version_matches(if_match):
    assert check_preconditions(3, "PATCH", if_match=if_match) is True


@pytest.mark.rfc("7644", "3.14")
@pytest.mark.parametrize("if_match", ['W/"2"', '"33"', "2", 'W/"'])
def test_write_on_another_version_is_412(if_match):
    with pytest.raises(PreconditionFailed) as caught:
        check_preconditions(3, "PATCH", if_match=if_match)
    assert caught.value.status == 412


@pytest.mark.rfc("7644", "3.14")
def test_unchanged_resource_is_304_for_a_get_and_412_for_a_write():
    assert check_preconditions(3, "GET", if_none_match='W/"3"') is False
    assert check_preconditions(3, "GET", if_none_match='W/"2"') is True
    with pytest.raises(PreconditionFailed):
        check_preconditions(3, "PUT", if_none_match="*")
