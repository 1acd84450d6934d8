"""Bodies and answers of the station API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from printmgmt.people.credentials import CREDENTIAL_LENGTH
from printmgmt.people.names import NAME_LENGTH
from printmgmt.printing.models import JobState, PrintJob


class StationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    organization = serializers.CharField(source="organization.name")
    printer = serializers.CharField(source="printer.name", allow_null=True, default=None)
    location = serializers.CharField(source="printer.location", default="")


class BeginVisitSerializer(serializers.Serializer[Any]):
    """A card; or a userName and a PIN; or a card and a PIN."""

    card = serializers.CharField(max_length=CREDENTIAL_LENGTH, required=False)
    user_name = serializers.CharField(max_length=NAME_LENGTH, required=False)
    pin = serializers.CharField(max_length=CREDENTIAL_LENGTH, required=False, trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "card" not in attrs and not {"user_name", "pin"} <= attrs.keys():
            raise serializers.ValidationError("Send a card, or a user_name and a pin.")
        return attrs


class WaitingJobSerializer(serializers.Serializer[PrintJob]):
    id = serializers.IntegerField()
    title = serializers.CharField(help_text="Empty where the print server does not tell it")
    printer = serializers.CharField(source="printer.name", allow_null=True, default=None)
    state = serializers.SerializerMethodField()
    submitted_at = serializers.DateTimeField()
    sheets = serializers.IntegerField(allow_null=True, help_text="null where it is not known")

    @extend_schema_field({"type": "string", "enum": ["pending", "held"]})
    def get_state(self, job: PrintJob) -> str:
        return JobState(job.state).name.lower()


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    user_name = serializers.CharField()
    display_name = serializers.CharField()


class VisitSerializer(serializers.Serializer[Any]):
    """``visit`` continues the visit: send it as ``Station-Visit`` within ``expires_in`` seconds."""

    visit = serializers.CharField()
    expires_in = serializers.IntegerField()
    person = PersonSerializer()
    jobs = WaitingJobSerializer(many=True)


class RefusedJobSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    detail = serializers.CharField()


class DoneSerializer(VisitSerializer):
    """``done`` are the ids of the jobs; ``refused`` says why for the others. ``jobs`` still wait."""

    done = serializers.ListField(child=serializers.IntegerField())
    refused = RefusedJobSerializer(many=True)
