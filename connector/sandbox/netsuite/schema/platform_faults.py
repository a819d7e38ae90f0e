"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "platform.faults.xsd"
NAMESPACE = "urn:faults_{version}.platform.webservices.netsuite.com"

TYPES = """\
SoapFault
    code:FaultCodeType! message:string!
InsufficientPermissionFault(SoapFault)
InvalidAccountFault(SoapFault)
InvalidCredentialsFault(SoapFault)
InvalidSessionFault(SoapFault)
ExceededConcurrentRequestLimitFault(SoapFault)
ExceededRequestLimitFault(SoapFault)
ExceededUsageLimitFault(SoapFault)
ExceededRecordCountFault(SoapFault)
InvalidVersionFault(SoapFault)
ExceededRequestSizeFault(SoapFault)
AsyncFault(SoapFault)
UnexpectedErrorFault(SoapFault)
"""

ENUMS = """\
"""

ELEMENTS = """\
insufficientPermissionFault:InsufficientPermissionFault invalidAccountFault:InvalidAccountFault
invalidCredentialsFault:InvalidCredentialsFault invalidSessionFault:InvalidSessionFault
exceededConcurrentRequestLimitFault:ExceededConcurrentRequestLimitFault
exceededRequestLimitFault:ExceededRequestLimitFault exceededUsageLimitFault:ExceededUsageLimitFault
exceededRecordCountFault:ExceededRecordCountFault exceededRequestSizeFault:ExceededRequestSizeFault
invalidVersionFault:InvalidVersionFault unexpectedErrorFault:UnexpectedErrorFault
"""
