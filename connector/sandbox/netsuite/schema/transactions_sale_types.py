"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "transactions.saleTypes.xsd"
NAMESPACE = "urn:types.sales_{version}.transactions.webservices.netsuite.com"

TYPES = """\
"""

ENUMS = """\
SalesOrderItemCommitInventory
    _availableQty _completeQty _doNotCommit
SalesOrderItemCreatePo
    _dropShipment _specialOrder
SalesOrderOrderStatus
    _pendingApproval _pendingFulfillment _cancelled _partiallyFulfilled _pendingBillingPartFulfilled
    _pendingBilling _fullyBilled _closed _undefined
TransactionPaymentEventResult
    _accept _holdOverride _paymentHold _pending _reject
TransactionPaymentEventType
    _authentication _authorization _captureAuthorization _credit _overrideHold _refreshAuthorization
    _refund _sale _voidAuthorization
TransactionPaymentEventHoldReason
    _amountExceedsMaximumAllowedAmount _authorizationDecline _cardExpired _cardInvalid
    _confirmationOfTheOperationIsPending _externalFraudRejection _externalFraudReview
    _failedToPrimeDevice _fatalError _forwardedToPayerAuthentication _forwardRequested
    _forwardToAuthenticateDevice _forwardToChallengeShopper _gatewayAsynchronousNotification
    _gatewayError _generalHold _generalReject _insufficientFunds _notRequired _operationWasSuccessful
    _operationWasTerminated _overridenBy _partnerDecline _paymentDeviceWasPrimed
    _paymentOperationWasCanceled _systemError _verbalAuthorizationRequested _verificationRejection
    _verificationRequired
SalesOrderItemFulfillmentChoice
    _ship _storePickup
SalesOrderPaymentOperation
    _authorization _capture _sale _refund _credit _refresh _void
SalesOrderHandlingMode
    _process _recordExternalEvent _saveOnly
"""

ELEMENTS = """\
"""
