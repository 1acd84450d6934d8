"""Many at once in the browser: select, preview, password, progress; and the decision about a wave."""

from datetime import timedelta

from django.utils import timezone

from printmgmt.deprovisioning.receipts.making import make_receipt
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState
from tests import factories, many
from tests.browsing import NARROW, Visitor
from tests.printmgmt.bulk.prepared import bulk_operation
from tests.printmgmt.deprovisioning.breaker.waves import carry_out, crowd, leave, opened
from tests.walk.test_every_page import look_at


def states(of: Organization) -> list[str]:
    return sorted(of.people.values_list("state", flat=True))


def test_two_people_are_suspended_after_a_preview_and_the_password(
    ada: Visitor, contoso: Organization
) -> None:
    for name in ("grace", "katherine", "annie"):
        factories.person(contoso, f"{name}@contoso.example", display_name=name.title())
    ada.open_console(contoso, "people/")

    ada.page.get_by_role("checkbox", name="Select Grace").check()
    ada.page.get_by_role("checkbox", name="Select Annie").check()
    ada.sees("Selected: 2")
    ada.press("Suspend…")
    ada.sees("The access of 2 people ends immediately.")
    assert states(contoso) == [PersonState.ACTIVE] * 3
    ada.page.get_by_label("Reason (optional)").fill("Contract ended")
    ada.press("Suspend")
    ada.confirm_password()
    ada.sees("0 of 2")
    ada.check_width()
    carry_out()

    ada.sees("2 of 2")  # the page asks for itself again
    ada.sees("Contract ended")
    assert states(contoso) == [PersonState.ACTIVE, PersonState.SUSPENDED, PersonState.SUSPENDED]


def test_on_a_phone_rows_are_selected_and_all_that_match_with_their_number(
    ada: Visitor, contoso: Organization
) -> None:
    factories.person(contoso, "aaron@contoso.example", display_name="Aaron")
    many.people(contoso, range(60))
    ada.page.set_viewport_size(NARROW)
    ada.open_console(contoso, "people/")

    box = ada.page.get_by_role("checkbox", name="Select Aaron")
    place = box.bounding_box()
    assert place is not None
    assert 0 < place["x"] < NARROW["width"] - place["width"]  # no sideways scrolling
    box.check()
    ada.sees("Selected: 1")
    box.uncheck()
    ada.page.get_by_label("All 61 that match").check()
    ada.sees("Selected: 61")
    ada.press("Suspend…")

    ada.sees("61 selected")
    ada.sees("The access of 61 people ends immediately.")
    assert set(states(contoso)) == {PersonState.ACTIVE}
    ada.check_width()


def test_axe_finds_nothing_on_a_preview_and_a_receipt(ada: Visitor, contoso: Organization) -> None:
    operation = bulk_operation(contoso, crowd(contoso, 2))
    run = factories.leaver(contoso, who=factories.person(contoso, display_name=many.HOSTILE[-1]))
    make_receipt(run.pk)

    pages = [f"/o/contoso/bulk/{operation.pk}/", f"/o/contoso/leavers/{run.pk}/receipt/"]
    assert [problem for page in pages for problem in look_at(ada.page, ada.url + page)] == []


def test_a_wave_is_found_on_any_page_and_everyone_restored(ada: Visitor, contoso: Organization) -> None:
    leave(crowd(contoso, 40)[:21], start=timezone.now() - timedelta(minutes=20))
    batch = opened(contoso)
    ada.open_console(contoso, "groups/")

    ada.follow("Decide")
    ada.sees("21 of 40 people left within 60 minutes.")
    ada.page.get_by_label("Reason").fill("A wrong filter in Entra")
    ada.press("Restore all")
    ada.confirm_password()
    ada.sees("Everyone is being restored, in turns.")
    carry_out()
    ada.follow("Progress, and who could not be restored")
    ada.sees("21 of 21")
    ada.check_width()

    batch.refresh_from_db()
    assert batch.reason == "A wrong filter in Entra"
    assert states(contoso) == [PersonState.ACTIVE] * 40
    ada.misses("Many people left at once. What cannot be undone")
