"""A group made by hand, renamed, deleted, restored."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from printmgmt.console.groups.forms import GroupForm
from printmgmt.console.groups.views.base import GroupChangeView, GroupMixin
from printmgmt.console.shell import undo
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.seen import SEEN, is_stale, seen
from printmgmt.deprovisioning.policy import groups_kept_until
from printmgmt.organizations.permissions import CHANGE_GROUPS
from printmgmt.people.exceptions import GroupGone, GroupKept, GroupNameTaken, InvalidName
from printmgmt.people.groups import create_group, lock_own_group, rename_group
from printmgmt.people.models import CONSOLE, PrintGroup
from printmgmt.people.tombstones import remove_group, restore_group


@page("groups/add/", "console:group_add")
class GroupAddView(OrganizationMixin, FormView[GroupForm]):
    """An empty group that no directory knows."""

    template_name = "console/groups/add.html"
    form_class = GroupForm
    roles = CHANGE_GROUPS

    def form_valid(self, form: GroupForm) -> HttpResponse:
        try:
            group = create_group(self.organization, form.cleaned_data["display_name"], by=self.actor)
        except (GroupNameTaken, InvalidName) as error:
            form.add_error("display_name", str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("%(group)s was created.") % {"group": group})
        return redirect("console:group", organization=self.organization.slug, group=group.pk)


@page("groups/<uuid:group>/rename/", "console:group_rename")
class GroupRenameView(GroupMixin, FormView[GroupForm]):
    """Another name for a group of the console; a directory's is changed there."""

    template_name = "console/groups/rename.html"
    form_class = GroupForm
    roles = CHANGE_GROUPS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.group.source == CONSOLE:
            return super().get(request, *args, **kwargs)
        messages.info(request, _("%(group)s is renamed in the directory.") % {"group": self.group})
        return redirect(self.group_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except GroupKept as error:
            messages.error(request, str(error))
            return redirect(self.group_url())
        except GroupGone as error:
            return self.gone(error)

    def form_valid(self, form: GroupForm) -> HttpResponse:
        if is_stale(form):
            return self.form_invalid(form)
        try:
            with transaction.atomic():
                lock_own_group(self.group)
                old = self.group.display_name
                renamed = rename_group(self.group, form.cleaned_data["display_name"], by=self.actor)
        except (GroupNameTaken, InvalidName) as error:
            form.add_error("display_name", str(error))
            return self.form_invalid(form)
        if renamed:
            text = _("%(old)s was renamed to %(group)s.") % {"old": old, "group": self.group}
            undo.success(
                self.request,
                text,
                undo_url=self.group_url("console:group_rename"),
                # So that it takes back this rename, and no later one of someone else.
                undo_fields={"display_name": [old], SEEN: [seen({"display_name": self.group.display_name})]},
            )
        else:
            messages.info(self.request, _("No changes were made."))
        return redirect(self.group_url())

    def get_initial(self) -> dict[str, Any]:
        return {"display_name": self.group.display_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, group=self.group, back_url=self.group_url())


@page("groups/<uuid:group>/delete/", "console:group_delete")
class GroupDeleteView(GroupChangeView):
    """Away with a group of the console; a directory's is deleted there."""

    @transaction.atomic
    def change(self) -> str:
        lock_own_group(self.group)
        remove_group(self.group, until=groups_kept_until(self.organization), by=self.actor)
        text = _("%(group)s was deleted.") % {"group": self.group}
        undo.success(self.request, text, undo_url=self.group_url("console:group_restore"))
        return self.list_url()


@page("groups/<uuid:group>/restore/", "console:group_restore")
class GroupRestoreView(GroupChangeView):
    """A deleted group back, as one of the console, with the members added here."""

    def groups(self) -> QuerySet[PrintGroup]:
        return PrintGroup.objects.of(self.organization).select_related("organization")

    def change(self) -> str:
        if self.group.removed_at is None:
            messages.info(self.request, _("No changes were made."))
            return self.group_url()
        restore_group(self.group, by=self.actor)
        messages.success(self.request, _("%(group)s was restored.") % {"group": self.group})
        return self.group_url()
