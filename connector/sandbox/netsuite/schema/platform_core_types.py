"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "platform.coreTypes.xsd"
NAMESPACE = "urn:types.core_{version}.platform.webservices.netsuite.com"

TYPES = """\
"""

ENUMS = """\
RecordType
    account accountingPeriod advInterCompanyJournalEntry assemblyBuild assemblyUnbuild assemblyItem
    billingAccount billingSchedule bin binTransfer binWorksheet bom bomRevision budget budgetCategory
    calendarEvent campaign campaignAudience campaignCategory campaignChannel campaignFamily
    campaignOffer campaignResponse campaignSearchEngine campaignSubscription campaignVertical cashRefund
    cashSale check charge classification consolidatedExchangeRate contact contactCategory contactRole
    costCategory couponCode creditMemo crmCustomField currency currencyRate customList customPurchase
    customRecord customRecordCustomField customRecordType customSale customSegment customTransaction
    customTransactionType customer customerCategory customerDeposit customerMessage customerPayment
    customerRefund customerStatus customerSubsidiaryRelationship deposit depositApplication department
    descriptionItem discountItem downloadItem employee entityCustomField entityGroup estimate
    expenseCategory expenseReport fairValuePrice file folder generalToken giftCertificate
    giftCertificateItem globalAccountMapping hcmJob inboundShipment interCompanyJournalEntry
    interCompanyTransferOrder inventoryAdjustment inventoryCostRevaluation inventoryItem inventoryNumber
    inventoryTransfer invoice itemAccountMapping itemCustomField itemDemandPlan itemFulfillment
    itemGroup itemNumberCustomField itemOptionCustomField itemSupplyPlan itemRevision issue job
    jobStatus jobType itemReceipt journalEntry kitItem leadSource location lotNumberedInventoryItem
    lotNumberedAssemblyItem markupItem merchandiseHierarchyNode message manufacturingCostTemplate
    manufacturingOperationTask manufacturingRouting nexus nonInventoryPurchaseItem
    nonInventoryResaleItem nonInventorySaleItem note noteType opportunity otherChargePurchaseItem
    otherChargeResaleItem otherChargeSaleItem otherCustomField otherNameCategory partner partnerCategory
    paycheck paycheckJournal paymentCard paymentCardToken paymentItem paymentMethod payrollItem
    periodEndJournal phoneCall priceLevel pricingGroup projectTask promotionCode purchaseOrder
    purchaseRequisition resourceAllocation returnAuthorization revRecSchedule revRecTemplate salesOrder
    salesRole salesTaxItem serializedInventoryItem serializedAssemblyItem servicePurchaseItem
    serviceResaleItem serviceSaleItem solution siteCategory state statisticalJournalEntry subsidiary
    subtotalItem supportCase supportCaseIssue supportCaseOrigin supportCasePriority supportCaseStatus
    supportCaseType task taxAcct taxGroup taxType term timeBill timeSheet topic transferOrder
    transactionBodyCustomField transactionColumnCustomField unitsType usage vendor vendorCategory
    vendorBill vendorCredit vendorPayment vendorReturnAuthorization vendorSubsidiaryRelationship
    winLossReason workOrder workOrderIssue workOrderCompletion workOrderClose
GetAllRecordType
    budgetCategory campaignAudience campaignCategory campaignChannel campaignFamily campaignOffer
    campaignSearchEngine campaignSubscription campaignVertical currency leadSource state
    supportCaseIssue supportCaseOrigin supportCasePriority supportCaseStatus supportCaseType taxAcct
SearchStringFieldOperator
    contains doesNotContain doesNotStartWith empty hasKeywords is isNot notEmpty startsWith
SearchLongFieldOperator
    between empty equalTo greaterThan greaterThanOrEqualTo lessThan lessThanOrEqualTo notBetween
    notEmpty notEqualTo notGreaterThan notGreaterThanOrEqualTo notLessThan notLessThanOrEqualTo
SearchTextNumberFieldOperator
    between empty equalTo greaterThan greaterThanOrEqualTo lessThan lessThanOrEqualTo notBetween
    notEmpty notEqualTo notGreaterThan notGreaterThanOrEqualTo notLessThan notLessThanOrEqualTo
SearchDoubleFieldOperator
    between empty equalTo greaterThan greaterThanOrEqualTo lessThan lessThanOrEqualTo notBetween
    notEmpty notEqualTo notGreaterThan notGreaterThanOrEqualTo notLessThan notLessThanOrEqualTo
SearchDateFieldOperator
    after before empty notAfter notBefore notEmpty notOn notOnOrAfter notOnOrBefore notWithin on
    onOrAfter onOrBefore within
SearchEnumMultiSelectFieldOperator
    anyOf noneOf
SearchMultiSelectFieldOperator
    anyOf noneOf
SearchDate
    fiscalHalfBeforeLast fiscalHalfBeforeLastToDate fiscalQuarterBeforeLast
    fiscalQuarterBeforeLastToDate fiscalYearBeforeLast fiscalYearBeforeLastToDate fiveDaysAgo
    fiveDaysFromNow fourDaysAgo fourDaysFromNow fourWeeksStartingThisWeek lastBusinessWeek
    lastFiscalHalf lastFiscalHalfOneFiscalYearAgo lastFiscalHalfToDate lastFiscalQuarter
    lastFiscalQuarterOneFiscalYearAgo lastFiscalQuarterToDate lastFiscalQuarterTwoFiscalYearsAgo
    lastFiscalYear lastFiscalYearToDate lastMonth lastMonthOneFiscalQuarterAgo lastMonthOneFiscalYearAgo
    lastMonthToDate lastMonthTwoFiscalQuartersAgo lastMonthTwoFiscalYearsAgo lastRollingHalf
    lastRollingQuarter lastRollingYear lastWeek lastWeekToDate monthAfterNext monthAfterNextToDate
    monthBeforeLast monthBeforeLastToDate nextBusinessWeek nextFiscalHalf nextFiscalQuarter
    nextFiscalYear nextFourWeeks nextMonth nextOneHalf nextOneMonth nextOneQuarter nextOneWeek
    nextOneYear nextWeek ninetyDaysAgo ninetyDaysFromNow oneYearBeforeLast
    previousFiscalQuartersLastFiscalYear previousFiscalQuartersThisFiscalYear
    previousMonthsLastFiscalHalf previousMonthsLastFiscalQuarter previousMonthsLastFiscalYear
    previousMonthsSameFiscalHalfLastFiscalYear previousMonthsSameFiscalQuarterLastFiscalYear
    previousMonthsThisFiscalHalf previousMonthsThisFiscalQuarter previousMonthsThisFiscalYear
    previousOneDay previousOneHalf previousOneMonth previousOneQuarter previousOneWeek previousOneYear
    previousRollingHalf previousRollingQuarter previousRollingYear sameDayFiscalQuarterBeforeLast
    sameDayFiscalYearBeforeLast sameDayLastFiscalQuarter sameDayLastFiscalYear sameDayLastMonth
    sameDayLastWeek sameDayMonthBeforeLast sameDayWeekBeforeLast sameFiscalHalfLastFiscalYear
    sameFiscalHalfLastFiscalYearToDate sameFiscalQuarterFiscalYearBeforeLast
    sameFiscalQuarterLastFiscalYear sameFiscalQuarterLastFiscalYearToDate
    sameMonthFiscalQuarterBeforeLast sameMonthFiscalYearBeforeLast sameMonthLastFiscalQuarter
    sameMonthLastFiscalQuarterToDate sameMonthLastFiscalYear sameMonthLastFiscalYearToDate
    sameWeekFiscalYearBeforeLast sameWeekLastFiscalYear sixtyDaysAgo sixtyDaysFromNow
    startOfFiscalHalfBeforeLast startOfFiscalQuarterBeforeLast startOfFiscalYearBeforeLast
    startOfLastBusinessWeek startOfLastFiscalHalf startOfLastFiscalHalfOneFiscalYearAgo
    startOfLastFiscalQuarter startOfLastFiscalQuarterOneFiscalYearAgo startOfLastFiscalYear
    startOfLastMonth startOfLastMonthOneFiscalQuarterAgo startOfLastMonthOneFiscalYearAgo
    startOfLastRollingHalf startOfLastRollingQuarter startOfLastRollingYear startOfLastWeek
    startOfMonthBeforeLast startOfNextBusinessWeek startOfNextFiscalHalf startOfNextFiscalQuarter
    startOfNextFiscalYear startOfNextMonth startOfNextWeek startOfPreviousRollingHalf
    startOfPreviousRollingQuarter startOfPreviousRollingYear startOfSameFiscalHalfLastFiscalYear
    startOfSameFiscalQuarterLastFiscalYear startOfSameMonthLastFiscalQuarter
    startOfSameMonthLastFiscalYear startOfThisBusinessWeek startOfThisFiscalHalf
    startOfThisFiscalQuarter startOfThisFiscalYear startOfThisMonth startOfThisWeek startOfThisYear
    startOfWeekBeforeLast tenDaysAgo tenDaysFromNow thirtyDaysAgo thirtyDaysFromNow thisBusinessWeek
    thisFiscalHalf thisFiscalHalfToDate thisFiscalQuarter thisFiscalQuarterToDate thisFiscalYear
    thisFiscalYearToDate thisMonth thisMonthToDate thisRollingHalf thisRollingQuarter thisRollingYear
    thisWeek thisWeekToDate thisYear threeDaysAgo threeDaysFromNow threeFiscalQuartersAgo
    threeFiscalQuartersAgoToDate threeFiscalYearsAgo threeFiscalYearsAgoToDate threeMonthsAgo
    threeMonthsAgoToDate today tomorrow twoDaysAgo twoDaysFromNow weekAfterNext weekAfterNextToDate
    weekBeforeLast weekBeforeLastToDate yesterday
DurationUnit
    hour
GetIntegrationGovernanceInfoLimitType
    _account _integrationSpecific _internal
"""

ELEMENTS = """\
"""
