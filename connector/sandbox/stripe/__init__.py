"""A practice Stripe account that speaks the real REST shapes and sends signed webhooks."""

from .errors import Refusal
from .faults import StripeFaults
from .half import StripeHalf
from .store import API_VERSION

__all__ = ["API_VERSION", "Refusal", "StripeFaults", "StripeHalf"]
