"""The tables, one noun a file."""

from connector.models.action import Action
from connector.models.attempt import Attempt
from connector.models.audit import AuditEntry
from connector.models.backfill import Backfill
from connector.models.backfill_look import BackfillLook
from connector.models.balance_check import BalanceCheck
from connector.models.cause import Cause
from connector.models.decision import Decision
from connector.models.drift import Drift, DriftCheck
from connector.models.event import Event
from connector.models.job import Job
from connector.models.lease import Lease
from connector.models.mapped_record import MappedRecord
from connector.models.message import Message, Recipient
from connector.models.month_close import MonthClose
from connector.models.netsuite_account import NetSuiteAccount
from connector.models.payout import Payout, PayoutLine
from connector.models.preferences import Preferences
from connector.models.probe import Probe
from connector.models.refused_webhook import RefusedWebhook
from connector.models.saved_view import SavedView
from connector.models.settlement import Settlement
from connector.models.stripe_account import StripeAccount
from connector.models.tie_out import TieOut

__all__ = [
    "Action",
    "Attempt",
    "AuditEntry",
    "Backfill",
    "BackfillLook",
    "BalanceCheck",
    "Cause",
    "Decision",
    "Drift",
    "DriftCheck",
    "Event",
    "Job",
    "Lease",
    "MappedRecord",
    "Message",
    "MonthClose",
    "NetSuiteAccount",
    "Payout",
    "PayoutLine",
    "Preferences",
    "Probe",
    "Recipient",
    "RefusedWebhook",
    "SavedView",
    "Settlement",
    "StripeAccount",
    "TieOut",
]
