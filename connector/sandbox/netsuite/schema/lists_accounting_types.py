"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "lists.accountingTypes.xsd"
NAMESPACE = "urn:types.accounting_{version}.lists.webservices.netsuite.com"

TYPES = """\
"""

ENUMS = """\
AccountType
    _accountsPayable _accountsReceivable _bank _costOfGoodsSold _creditCard _deferredExpense
    _deferredRevenue _equity _expense _fixedAsset _income _longTermLiability _nonPosting _otherAsset
    _otherCurrentAsset _otherCurrentLiability _otherExpense _otherIncome _statistical
    _unbilledReceivable
ItemWeightUnit
    _g _kg _lb _oz
ItemPreferenceCriterion
    _A _B _C _D _E _F
ItemOverallQuantityPricingType
    _byLineQuantity _byOverallItemQuantity _byOverallParentQuantity _byOverallScheduleQuantity
CurrencyCurrencyPrecision
    _two _zero
CurrencyFxRateUpdateTimezone
    _americaNewYork _asiaMagadan _asiaTokyo _europeParis
ItemOutOfStockBehavior
    _allowBackOrdersButDisplayOutOfStockMessage _allowBackOrdersWithNoOutOfStockMessage _default
    _disallowBackOrdersButDisplayOutOfStockMessage _removeItemWhenOutOfStock
ConsolidatedRate
    _average _current _historical
ItemMatrixType
    _parent _child
HazmatPackingGroup
    _i _ii _iii
AccountingBookStatus
    _active _inactive _pending
LocationGeolocationMethod
    _deriveFromPostalCode _useLatLongCoordinates
LocationAutoAssignmentRegionSetting
    _allowSpecifiedRegionsOnly _allowWorldwide _allowWorldwideExceptExcludedRegions _disallow
LocationType
    _store _warehouse
"""

ELEMENTS = """\
"""
