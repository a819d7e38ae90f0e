"""The tables, one noun a file."""

from connector.models.attempt import Attempt
from connector.models.event import Event
from connector.models.job import Job
from connector.models.lease import Lease
from connector.models.mapped_record import MappedRecord
from connector.models.netsuite_account import NetSuiteAccount
from connector.models.refused_webhook import RefusedWebhook
from connector.models.stripe_account import StripeAccount

__all__ = [
    "Attempt",
    "Event",
    "Job",
    "Lease",
    "MappedRecord",
    "NetSuiteAccount",
    "RefusedWebhook",
    "StripeAccount",
]
