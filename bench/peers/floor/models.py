"""A row for a person, one for a member, one for what was done."""

import uuid

from django.db import models
from django.db.models.functions import Lower


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    tenant = models.IntegerField()
    user_name = models.CharField(max_length=255)
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("tenant", Lower("user_name"), name="floor_user_name_once")]

    def __str__(self) -> str:
        return self.user_name


class Member(models.Model):
    group = models.IntegerField()
    person = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint("group", "person", name="floor_member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.group}"


class Done(models.Model):
    tenant = models.IntegerField()
    subject = models.CharField(max_length=36)
    action = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    details = models.JSONField()

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
