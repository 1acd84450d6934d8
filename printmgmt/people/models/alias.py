"""The names people print under."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, StrIndex, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.people.models.person import CONSOLE, PrintUser


class PrintAlias(models.Model):
    """A name a person printed under: since when, until when, from which source. A rename adds one.

    Every user name has its row. ``local_key`` is the part of the key before ``@``, or all of it. ``claimed``:
    a name that no directory and no form gave, but that someone of the console said is the person's.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="aliases")
    value = models.TextField(_("name"))
    value_key = models.TextField(editable=False)
    local_key = models.GeneratedField(
        # With one @ more, a name without any is its own local part.
        expression=Substr("value_key", 1, StrIndex(Concat("value_key", Value("@")), Value("@")) - 1),
        output_field=models.TextField(),
        db_persist=True,
    )
    valid_from = models.DateTimeField(_("from"), default=timezone.now)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    claimed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("print name")
        verbose_name_plural = _("print names")
        ordering = ["valid_from", "id"]
        indexes = [
            models.Index(fields=["organization", "value_key"], name="alias_value"),
            models.Index(fields=["organization", "local_key"], name="alias_local_part"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="alias_from_before_until",
            )
        ]

    def __str__(self) -> str:
        return self.value
