"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "transactions.customerTypes.xsd"
NAMESPACE = "urn:types.customers_{version}.transactions.webservices.netsuite.com"

TYPES = """\
"""

ENUMS = """\
CustomerPaymentHandlingMode
    _process _recordExternalEvent _saveOnly
CustomerPaymentPaymentOperation
    _authorization _capture _sale _refund _credit _refresh _void
CustomerDepositHandlingMode
    _process _recordExternalEvent _saveOnly
CustomerDepositPaymentOperation
    _authorization _capture _sale _refund _credit _refresh _void
CustomerRefundHandlingMode
    _process _recordExternalEvent _saveOnly
CustomerRefundPaymentOperation
    _authorization _capture _sale _refund _credit _refresh _void
"""

ELEMENTS = """\
"""
