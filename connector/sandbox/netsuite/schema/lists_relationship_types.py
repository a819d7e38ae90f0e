"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "lists.relationshipTypes.xsd"
NAMESPACE = "urn:types.relationships_{version}.lists.webservices.netsuite.com"

TYPES = """\
"""

ENUMS = """\
CustomerStage
    _customer _lead _prospect
CustomerCreditHoldOverride
    _auto _on _off
CustomerMonthlyClosing
    _one _five _ten _fifteen _twenty _twentyFive _endOfTheMonth
EmailPreference
    _default _hTML _pDF
CustomerNegativeNumberFormat
    _bracketSurrounded _minusSigned
CustomerNumberFormat
    _spaceAsDigitGroupSeparatorAndDecimalComma _spaceAsDigitGroupSeparatorAndDecimalPoint
    _commaAsDigitGroupSeparatorAndDecimalPoint _pointAsDigitGroupSeparatorAndDecimalComma
    _apostropheAsDigitGroupSeparatorAndDecimalComma _apostropheAsDigitGroupSeparatorAndDecimalPoint
CustomerThirdPartyCarrier
    _fedex _ups _usps
"""

ELEMENTS = """\
"""
