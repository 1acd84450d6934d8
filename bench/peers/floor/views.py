"""One row and one log row per request, behind REST framework's token authentication. Not SCIM: no schema,
no filter language, no validation, no tenants' limits."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Lower
from rest_framework.authentication import TokenAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.peers.floor.models import Done, Member, Person

TENANT = 1


class ScimRenderer(JSONRenderer):
    media_type = "application/scim+json"


class ScimParser(JSONParser):
    media_type = "application/scim+json"


class Bearer(TokenAuthentication):
    keyword = "Bearer"


class Floor(APIView):
    authentication_classes = [Bearer]
    permission_classes = [IsAuthenticated]
    parser_classes = [ScimParser]
    renderer_classes = [ScimRenderer]


class People(Floor):
    def get(self, request: Request) -> Response:
        people = Person.objects.filter(tenant=TENANT)
        if "filter" in request.query_params:
            name = request.query_params["filter"].split('"')[1]
            people = people.alias(key=Lower("user_name")).filter(key=name.lower())
        found = [_rendered(person) for person in people[: int(request.query_params.get("count", 100))]]
        return Response({"totalResults": len(found), "Resources": found})

    def post(self, request: Request) -> Response:
        with transaction.atomic():
            person = Person.objects.create(
                tenant=TENANT, user_name=request.data["userName"], body=request.data
            )
            _log(person.pk, "create", {})
        return Response(_rendered(person), status=201)


class OnePerson(Floor):
    def get(self, request: Request, pk: str) -> Response:
        return Response(_rendered(Person.objects.get(tenant=TENANT, pk=pk)))

    def patch(self, request: Request, pk: str) -> Response:
        with transaction.atomic():
            person = Person.objects.select_for_update().get(tenant=TENANT, pk=pk)
            for operation in request.data["Operations"]:
                person.body[operation["path"]] = operation["value"]
            person.save(update_fields=["body"])
            _log(person.pk, "patch", request.data)
        return Response(_rendered(person))


class OneGroup(Floor):
    def patch(self, request: Request, pk: int) -> Response:
        (operation,) = request.data["Operations"]
        person = operation["value"][0]["value"]
        with transaction.atomic():
            if operation["op"] == "Add":
                Member.objects.create(group=pk, person=person)
            else:
                Member.objects.filter(group=pk, person=person).delete()
            _log(pk, "member", request.data)
        return Response(status=204)


def _rendered(person: Person) -> dict[str, Any]:
    return {**person.body, "id": str(person.pk)}


def _log(subject: object, action: str, details: object) -> None:
    Done.objects.create(tenant=TENANT, subject=str(subject), action=action, details=details)
