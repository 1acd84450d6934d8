"""Members that a path selects: as filters compare, as the steps before left them, and not without end."""

from uuid import UUID

import pytest

from scim_sync.protocol.effort import MAX_MEMBER_COMPARISONS, Effort
from scim_sync.protocol.errors import TooMany
from scim_sync.protocol.member_selection import MemberSelection
from tests.scim_sync.protocol.helpers import comparison_key

IDS = [UUID(int=number) for number in range(0xA0, 0xA4)]
ADA, EVE, ZOE, STAFF = IDS
TABLE = {
    ADA: {"type": "User", "display": "Ada Byron"},
    EVE: {"type": "User", "display": "ÉVE"},
    ZOE: {"type": "User"},
    STAFF: {"type": "Group", "display": "Staff"},
}


class Table:
    """Members as they are kept; ``reads`` are the ids that were asked for, None for all."""

    def __init__(self, ids=IDS):
        self.ids = ids
        self.reads = []

    def read(self, ids):
        self.reads.append(ids if ids is None else set(ids))
        wanted = self.ids if ids is None else [pk for pk in IDS if pk in ids]
        return [{"value": str(pk), "$ref": f"/x/{pk}", **TABLE[pk]} for pk in wanted]


def selection(table, effort=None):
    return MemberSelection(table.read, comparison_key, effort or Effort())


@pytest.mark.rfc("7644", "3.4.2.2")
@pytest.mark.parametrize(
    ("condition", "selected"),
    [
        ('type eq "group"', {STAFF}),
        ('type ne "GROUP"', {ADA, EVE, ZOE}),
        ('display eq "éve"', {EVE}),
        ('display co "A"', {ADA, STAFF}),
        ('display sw "ada"', {ADA}),
        ('display ew "FF"', {STAFF}),
        ('display ne "Ada Byron"', {EVE, ZOE, STAFF}),
        ('display gt "b"', {EVE, STAFF}),
        ('display ge "staff"', {EVE, STAFF}),
        ('display lt "b"', {ADA}),
        ('display le "ada byron"', {ADA}),
        ("display pr", {ADA, EVE, STAFF}),
        ("display eq null", {ZOE}),
        ("display ne null", {ADA, EVE, STAFF}),
        ("display gt null", set()),
        ("not (display pr)", {ZOE}),
        (f'value ne "{str(ADA).upper()}"', {EVE, ZOE, STAFF}),
        (f'value sw "{str(ADA)[:4]}"', set(IDS)),
        ('$ref ew "a3"', {STAFF}),
        ('type eq "User" and not (display sw "a" or display eq null)', {EVE}),
    ],
)
def test_a_selection_compares_as_a_filter_does(condition, selected):
    assert selection(Table()).select(f"members[{condition}]") == selected


def test_members_are_read_once_however_many_selections():
    table = Table()
    chosen = selection(table)
    assert chosen.select('members[type eq "Group"]') == {STAFF}
    assert chosen.select('members[display co "y"]') == {ADA}
    assert table.reads == [None]


def test_who_came_and_went_meanwhile_is_taken_into_account():
    table = Table([ADA, EVE])
    chosen = selection(table)
    everybody = 'members[value ne "x"]'
    assert chosen.select(everybody) == {ADA, EVE}
    chosen.note_removed({ADA})
    assert chosen.select(everybody) == {EVE}
    chosen.note_added({ZOE, EVE})
    assert chosen.select(everybody) == {EVE, ZOE}
    chosen.note_replaced({ADA, ZOE})
    assert chosen.select(everybody) == {ADA, ZOE}
    chosen.note_added({STAFF})
    chosen.note_removed({STAFF})
    chosen.note_replaced(set())
    assert chosen.select(everybody) == set()
    assert table.reads == [None, {ZOE}, {ADA}]


def test_changes_before_the_first_selection_are_read_with_the_rest():
    table = Table([EVE])
    chosen = selection(table)
    chosen.note_removed({ADA})
    chosen.note_added({EVE})
    assert chosen.select('members[value ne "x"]') == {EVE}
    assert table.reads == [None]


def test_comparisons_with_members_are_counted_over_the_whole_request():
    effort = Effort()
    one, other = selection(Table(), effort), selection(Table(), effort)
    effort.selections = MAX_MEMBER_COMPARISONS - 12
    assert one.select('members[type eq "Group"]') == {STAFF}
    assert other.select('members[type eq "Group" or display co "z"]') == {STAFF}
    with pytest.raises(TooMany) as caught:
        other.select("members[display pr]")
    assert (caught.value.status, caught.value.scim_type) == (400, "tooMany")


def test_after_one_refusal_nothing_more_is_read():
    effort, table = Effort(selections=MAX_MEMBER_COMPARISONS + 1), Table()
    with pytest.raises(TooMany):
        selection(table, effort).select("members[display pr]")
    assert table.reads == []


def test_what_the_database_broke_off_counts_once():
    effort = Effort()
    effort.select(2, 100)
    effort.copy(7)
    begun = effort.mark()
    effort.select(1, 100)
    effort.copy(5)
    effort.back_to(begun)
    assert (effort.selections, effort.values) == (200, 7)
