"""The peer of the webhook view: it verifies nothing, looks nothing up, inserts one such row."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from connector.models import Event


@csrf_exempt
def keep(request: HttpRequest, account: int) -> JsonResponse:
    """Keep the event as a row of the account."""
    body = json.loads(request.body)
    Event.objects.create(
        account_id=account,
        event_id=body["id"],
        type=body["type"],
        object_id=body["data"]["object"]["id"],
        created=datetime.fromtimestamp(body["created"], UTC),
        body=body,
    )
    return JsonResponse({"received": True})


urlpatterns = [path("<int:account>/", keep)]
