"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "lists.accounting.xsd"
NAMESPACE = "urn:accounting_{version}.lists.webservices.netsuite.com"

TYPES = """\
ClassTranslation
    locale:string language:string name:string
ClassTranslationList @replaceAll:boolean=true
    classTranslation:ClassTranslation*
PaymentMethod(Record) @internalId:string @externalId:string
    name:string creditCard:boolean undepFunds:boolean account:RecordRef isInactive:boolean
    isOnline:boolean visualsList:PaymentMethodVisualsList isDebitCard:boolean
    merchantAccountsList:RecordRefList payPalEmailAddress:string expressCheckoutArrangement:string
    useExpressCheckout:boolean
Price
    value:double quantity:double
PriceList
    price:Price*
Pricing
    currency:RecordRef priceLevel:RecordRef discount:double priceList:PriceList
PricingMatrix @replaceAll:boolean=false
    pricing:Pricing*
Rate
    value:double priceLevel:RecordRef
RateList
    rate:Rate*
BillingRates
    currency:RecordRef billingClass:RecordRef rateList:RateList
BillingRatesMatrix @replaceAll:boolean=true
    billingRates:BillingRates*
Translation
    locale:Language language:string displayName:string description:string salesDescription:string
    storeDisplayName:string storeDescription:string storeDetailedDescription:string
    featuredDescription:string specialsDescription:string pageTitle:string noPriceMessage:string
    outOfStockMessage:string
TranslationList @replaceAll:boolean=true
    translation:Translation*
ItemOptionsList
    itemOptions:RecordRef*!
SiteCategory
    website:RecordRef category:RecordRef isDefault:boolean categoryDescription:string
SiteCategoryList @replaceAll:boolean=true
    siteCategory:SiteCategory*
MatrixOptionList
    matrixOption:SelectCustomFieldRef*
PresentationItemList @replaceAll:boolean=true
    presentationItem:PresentationItem*
DiscountItem(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime description:string nonPosting:boolean
    account:RecordRef includeChildren:boolean rate:string isPreTax:boolean customForm:RecordRef
    itemId:string issueProduct:RecordRef upcCode:string displayName:string vendorName:string
    parent:RecordRef isInactive:boolean availableToPartners:boolean department:RecordRef class:RecordRef
    location:RecordRef subsidiaryList:RecordRefList taxSchedule:RecordRef
    deferredRevenueAccount:RecordRef expenseAccount:RecordRef incomeAccount:RecordRef
    revRecSchedule:RecordRef salesTaxCode:RecordRef translationsList:TranslationList
    customFieldList:CustomFieldList
NonInventorySaleItem(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime salesDescription:string includeChildren:boolean
    incomeAccount:RecordRef isTaxable:boolean matrixType:ItemMatrixType taxSchedule:RecordRef
    shippingCost:double shippingCostUnits:string handlingCost:double handlingCostUnits:string
    costEstimateType:ItemCostEstimateType costEstimate:double weight:double weightUnit:ItemWeightUnit
    weightUnits:string costEstimateUnits:string unitsType:RecordRef saleUnit:RecordRef
    issueProduct:RecordRef billingSchedule:RecordRef deferredRevenueAccount:RecordRef
    revRecSchedule:RecordRef stockDescription:string isHazmatItem:boolean hazmatId:string
    hazmatShippingName:string hazmatHazardClass:string hazmatPackingGroup:HazmatPackingGroup
    hazmatItemUnits:string hazmatItemUnitsQty:double producer:boolean manufacturer:string mpn:string
    multManufactureAddr:boolean manufacturerAddr1:string manufacturerCity:string
    manufacturerState:string manufacturerZip:string countryOfManufacture:Country
    manufacturerTaxId:string scheduleBNumber:string scheduleBQuantity:long manufacturerTariff:string
    preferenceCriterion:ItemPreferenceCriterion minimumQuantity:long enforceMinQtyInternally:boolean
    maximumQuantity:long softDescriptor:string shipPackage:RecordRef shipIndividually:boolean
    isFulfillable:boolean costCategory:RecordRef pricesIncludeTax:boolean
    quantityPricingSchedule:RecordRef useMarginalRates:boolean
    overallQuantityPricingType:ItemOverallQuantityPricingType pricingGroup:RecordRef
    minimumQuantityUnits:string vsoePrice:double vsoeSopGroup:VsoeSopGroup vsoeDeferral:VsoeDeferral
    vsoePermitDiscount:VsoePermitDiscount vsoeDelivered:boolean itemRevenueCategory:RecordRef
    deferRevRec:boolean revenueRecognitionRule:RecordRef revRecForecastRule:RecordRef
    revenueAllocationGroup:RecordRef createRevenuePlansOn:RecordRef directRevenuePosting:boolean
    contingentRevenueHandling:boolean revReclassFXAccount:RecordRef storeDisplayName:string
    storeDisplayThumbnail:RecordRef storeDisplayImage:RecordRef storeDescription:string
    storeDetailedDescription:string storeItemTemplate:RecordRef pageTitle:string metaTagHtml:string
    excludeFromSitemap:boolean sitemapPriority:SitemapPriority searchKeywords:string
    isDonationItem:boolean showDefaultDonationAmount:boolean maxDonationAmount:double
    dontShowPrice:boolean noPriceMessage:string outOfStockMessage:string onSpecial:boolean
    outOfStockBehavior:ItemOutOfStockBehavior relatedItemsDescription:string specialsDescription:string
    featuredDescription:string shoppingDotComCategory:string shopzillaCategoryId:long
    nexTagCategory:string urlComponent:string customForm:RecordRef itemId:string upcCode:string
    displayName:string parent:RecordRef isOnline:boolean isGcoCompliant:boolean offerSupport:boolean
    isInactive:boolean matrixItemNameTemplate:string availableToPartners:boolean department:RecordRef
    class:RecordRef location:RecordRef defaultItemShipMethod:RecordRef itemCarrier:ShippingCarrier
    itemShipMethodList:RecordRefList subsidiaryList:RecordRefList itemOptionsList:ItemOptionsList
    matrixOptionList:MatrixOptionList pricingMatrix:PricingMatrix
    accountingBookDetailList:ItemAccountingBookDetailList purchaseTaxCode:RecordRef rate:double
    salesTaxCode:RecordRef siteCategoryList:SiteCategoryList translationsList:TranslationList
    presentationItemList:PresentationItemList
    hierarchyVersionsList:NonInventorySaleItemHierarchyVersionsList consumptionUnit:RecordRef
    billQtyVarianceAcct:RecordRef billPriceVarianceAcct:RecordRef billExchRateVarianceAcct:RecordRef
    customFieldList:CustomFieldList
ServiceSaleItem(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime salesDescription:string includeChildren:boolean
    incomeAccount:RecordRef isTaxable:boolean matrixType:ItemMatrixType taxSchedule:RecordRef
    costEstimateType:ItemCostEstimateType costEstimate:double unitsType:RecordRef saleUnit:RecordRef
    issueProduct:RecordRef costEstimateUnits:string billingSchedule:RecordRef
    deferredRevenueAccount:RecordRef revRecSchedule:RecordRef minimumQuantity:long
    enforceMinQtyInternally:boolean maximumQuantity:long softDescriptor:string pricesIncludeTax:boolean
    quantityPricingSchedule:RecordRef useMarginalRates:boolean
    overallQuantityPricingType:ItemOverallQuantityPricingType isFulfillable:boolean
    costCategory:RecordRef pricingGroup:RecordRef minimumQuantityUnits:string vsoePrice:double
    vsoeSopGroup:VsoeSopGroup vsoeDeferral:VsoeDeferral vsoePermitDiscount:VsoePermitDiscount
    vsoeDelivered:boolean itemRevenueCategory:RecordRef deferRevRec:boolean
    revenueRecognitionRule:RecordRef revRecForecastRule:RecordRef revenueAllocationGroup:RecordRef
    createRevenuePlansOn:RecordRef directRevenuePosting:boolean contingentRevenueHandling:boolean
    revReclassFXAccount:RecordRef createJob:boolean matrixItemNameTemplate:string
    storeDisplayName:string storeDisplayThumbnail:RecordRef storeDisplayImage:RecordRef
    storeDescription:string storeDetailedDescription:string storeItemTemplate:RecordRef pageTitle:string
    urlComponent:string metaTagHtml:string excludeFromSitemap:boolean sitemapPriority:SitemapPriority
    searchKeywords:string isDonationItem:boolean showDefaultDonationAmount:boolean
    maxDonationAmount:double dontShowPrice:boolean noPriceMessage:string outOfStockMessage:string
    onSpecial:boolean outOfStockBehavior:ItemOutOfStockBehavior relatedItemsDescription:string
    specialsDescription:string itemTaskTemplatesList:ServiceItemTaskTemplatesList
    featuredDescription:string customForm:RecordRef itemId:string upcCode:string displayName:string
    parent:RecordRef isOnline:boolean isGcoCompliant:boolean offerSupport:boolean isInactive:boolean
    availableToPartners:boolean department:RecordRef class:RecordRef location:RecordRef
    subsidiaryList:RecordRefList billingRatesMatrix:BillingRatesMatrix
    accountingBookDetailList:ItemAccountingBookDetailList itemOptionsList:ItemOptionsList
    matrixOptionList:MatrixOptionList pricingMatrix:PricingMatrix purchaseTaxCode:RecordRef rate:double
    salesTaxCode:RecordRef siteCategoryList:SiteCategoryList translationsList:TranslationList
    presentationItemList:PresentationItemList hierarchyVersionsList:ServiceSaleItemHierarchyVersionsList
    consumptionUnit:RecordRef billQtyVarianceAcct:RecordRef billPriceVarianceAcct:RecordRef
    billExchRateVarianceAcct:RecordRef customFieldList:CustomFieldList
OtherChargeSaleItem(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime salesDescription:string includeChildren:boolean
    incomeAccount:RecordRef isTaxable:boolean matrixType:ItemMatrixType taxSchedule:RecordRef
    costEstimateType:ItemCostEstimateType costEstimate:double unitsType:RecordRef saleUnit:RecordRef
    issueProduct:RecordRef costEstimateUnits:string billingSchedule:RecordRef
    deferredRevenueAccount:RecordRef revRecSchedule:RecordRef minimumQuantity:long
    minimumQuantityUnits:string enforceMinQtyInternally:boolean maximumQuantity:long
    softDescriptor:string isFulfillable:boolean costCategory:RecordRef pricesIncludeTax:boolean
    quantityPricingSchedule:RecordRef useMarginalRates:boolean
    overallQuantityPricingType:ItemOverallQuantityPricingType pricingGroup:RecordRef
    customForm:RecordRef itemId:string upcCode:string displayName:string parent:RecordRef
    isOnline:boolean isGcoCompliant:boolean offerSupport:boolean isInactive:boolean
    matrixItemNameTemplate:string availableToPartners:boolean department:RecordRef class:RecordRef
    location:RecordRef vsoePrice:double vsoeSopGroup:VsoeSopGroup vsoeDeferral:VsoeDeferral
    vsoePermitDiscount:VsoePermitDiscount vsoeDelivered:boolean itemRevenueCategory:RecordRef
    deferRevRec:boolean revenueRecognitionRule:RecordRef revRecForecastRule:RecordRef
    revenueAllocationGroup:RecordRef createRevenuePlansOn:RecordRef directRevenuePosting:boolean
    contingentRevenueHandling:boolean revReclassFXAccount:RecordRef subsidiaryList:RecordRefList
    itemOptionsList:ItemOptionsList matrixOptionList:MatrixOptionList pricingMatrix:PricingMatrix
    accountingBookDetailList:ItemAccountingBookDetailList purchaseTaxCode:RecordRef rate:double
    salesTaxCode:RecordRef translationsList:TranslationList
    hierarchyVersionsList:OtherChargeSaleItemHierarchyVersionsList consumptionUnit:RecordRef
    billQtyVarianceAcct:RecordRef billPriceVarianceAcct:RecordRef billExchRateVarianceAcct:RecordRef
    customFieldList:CustomFieldList
Currency(Record) @internalId:string @externalId:string
    name:string symbol:string isBaseCurrency:boolean isInactive:boolean overrideCurrencyFormat:boolean
    displaySymbol:string symbolPlacement:CurrencySymbolPlacement formatSample:string exchangeRate:double
    fxRateUpdateTimezone:CurrencyFxRateUpdateTimezone inclInFxRateUpdates:boolean
    currencyPrecision:CurrencyCurrencyPrecision
Account(Record) @internalId:string @externalId:string
    acctType:AccountType unitsType:RecordRef unit:RecordRef acctNumber:string acctName:string
    legalName:string includeChildren:boolean currency:RecordRef exchangeRate:string
    generalRate:ConsolidatedRate parent:RecordRef cashFlowRate:ConsolidatedRate
    billableExpensesAcct:RecordRef deferralAcct:RecordRef description:string curDocNum:long
    isInactive:boolean department:RecordRef class:RecordRef location:RecordRef
    restrictToAccountingBookList:RecordRefList inventory:boolean eliminate:boolean
    subsidiaryList:RecordRefList category1099misc:RecordRef localizationsList:AccountLocalizationsList
    openingBalance:double tranDate:dateTime revalue:boolean customFieldList:CustomFieldList
AccountSearch(SearchRecord)
    basic:AccountSearchBasic
Department(Record) @internalId:string @externalId:string
    name:string includeChildren:boolean parent:RecordRef isInactive:boolean
    classTranslationList:ClassTranslationList subsidiaryList:RecordRefList
    customFieldList:CustomFieldList
DepartmentSearch(SearchRecord)
    basic:DepartmentSearchBasic
Classification(Record) @internalId:string @externalId:string
    name:string includeChildren:boolean parent:RecordRef isInactive:boolean
    classTranslationList:ClassTranslationList subsidiaryList:RecordRefList
    customFieldList:CustomFieldList
ClassificationSearch(SearchRecord)
    basic:ClassificationSearchBasic
Location(Record) @internalId:string @externalId:string
    name:string parent:RecordRef includeChildren:boolean subsidiaryList:RecordRefList isInactive:boolean
    tranPrefix:string mainAddress:Address returnAddress:Address locationType:LocationType
    latitude:double longitude:double logo:RecordRef useBins:boolean makeInventoryAvailable:boolean
    makeInventoryAvailableStore:boolean geolocationMethod:LocationGeolocationMethod
    autoAssignmentRegionSetting:LocationAutoAssignmentRegionSetting nextPickupCutOffTime:dateTime
    bufferStock:long allowStorePickup:boolean storePickupBufferStock:double dailyShippingCapacity:long
    totalShippingCapacity:long includeLocationRegionsList:LocationRegionsList
    excludeLocationRegionsList:LocationRegionsList businessHoursList:LocationBusinessHoursList
    classTranslationList:ClassTranslationList includeInControlTower:boolean soPredictedDays:long
    soPredConfidence:double customFieldList:CustomFieldList
LocationSearch(SearchRecord)
    basic:LocationSearchBasic
ItemSearch(SearchRecord)
    basic:ItemSearchBasic
Subsidiary(Record) @internalId:string @externalId:string
    name:string parent:RecordRef isInactive:boolean showSubsidiaryName:boolean url:string logo:RecordRef
    tranPrefix:string pageLogo:RecordRef state:string country:Country mainAddress:Address
    shippingAddress:Address returnAddress:Address legalName:string isElimination:boolean
    fiscalCalendar:RecordRef taxFiscalCalendar:RecordRef allowPayroll:boolean email:string
    currency:RecordRef purchaseOrderQuantity:double purchaseOrderAmount:double
    purchaseOrderQuantityDiff:double receiptQuantity:double receiptAmount:double
    receiptQuantityDiff:double fax:string edition:string federalIdNumber:string addrLanguage:string
    state1TaxNumber:string taxRegistrationList:SubsidiaryTaxRegistrationList ssnOrTin:string
    interCoAccount:RecordRef nexusList:SubsidiaryNexusList
    accountingBookDetailList:SubsidiaryAccountingBookDetailList checkLayout:RecordRef
    classTranslationList:ClassTranslationList customFieldList:CustomFieldList
SubsidiaryNexus
    nexusId:RecordRef country:string
SubsidiaryNexusList @replaceAll:boolean=true
    nexus:SubsidiaryNexus*
SubsidiarySearch(SearchRecord)
    basic:SubsidiarySearchBasic
ServiceItemTaskTemplates
    taskName:string taskStartOffset:long taskDuration:Duration
ServiceItemTaskTemplatesList @replaceAll:boolean=true
    taskTemplates:ServiceItemTaskTemplates*
AccountingPeriod(Record) @internalId:string
    periodName:string parent:RecordRef startDate:dateTime endDate:dateTime fiscalCalendar:RecordRef
    closedOnDate:dateTime isAdjust:boolean fiscalCalendarsList:AccountingPeriodFiscalCalendarsList
    isQuarter:boolean isYear:boolean closed:boolean apLocked:boolean arLocked:boolean
    payrollLocked:boolean allLocked:boolean allowNonGLChanges:boolean
AccountingPeriodSearch(SearchRecord)
    basic:AccountingPeriodSearchBasic
PaymentMethodSearch(SearchRecord)
    basic:PaymentMethodSearchBasic
AccountingPeriodFiscalCalendars
    fiscalCalendar:RecordRef parent:RecordRef
AccountingPeriodFiscalCalendarsList @replaceAll:boolean=true
    accountingPeriodFiscalCalendars:AccountingPeriodFiscalCalendars*
ItemAccountingBookDetail
    accountingBook:RecordRef createRevenuePlansOn:RecordRef revenueRecognitionRule:RecordRef
    revRecForecastRule:RecordRef revRecSchedule:RecordRef sameAsPrimaryRevRec:boolean
    amortizationTemplate:RecordRef sameAsPrimaryAmortization:boolean
ItemAccountingBookDetailList @replaceAll:boolean=true
    itemAccountingBookDetail:ItemAccountingBookDetail*
SubsidiaryAccountingBookDetail
    accountingBook:RecordRef currency:RecordRef bookStatus:AccountingBookStatus
SubsidiaryAccountingBookDetailList @replaceAll:boolean=true
    subsidiaryAccountingBookDetail:SubsidiaryAccountingBookDetail*
PaymentMethodVisuals
    flags:string location:string
PaymentMethodVisualsList @replaceAll:boolean=true
    paymentMethodVisuals:PaymentMethodVisuals*
LocationRegions
    region:RecordRef
LocationRegionsList @replaceAll:boolean=true
    locationRegions:LocationRegions*
SubsidiaryTaxRegistration
    id:long nexusCountry:Country nexus:RecordRef taxAgency:RecordRef taxRegistrationNumber:string
    taxEngine:RecordRef effectiveFrom:dateTime validUntil:dateTime
SubsidiaryTaxRegistrationList @replaceAll:boolean=true
    subsidiaryTaxRegistration:SubsidiaryTaxRegistration*
AccountLocalizations
    accountingContext:RecordRef acctNumber:string acctName:string legalName:string locale:Language
AccountLocalizationsList @replaceAll:boolean=true
    accountLocalizations:AccountLocalizations*
LocationBusinessHours
    startTime:dateTime endTime:dateTime isSunday:boolean isMonday:boolean isTuesday:boolean
    isWednesday:boolean isThursday:boolean isFriday:boolean isSaturday:boolean
    sameDayPickupCutOffTime:dateTime
LocationBusinessHoursList @replaceAll:boolean=true
    locationBusinessHours:LocationBusinessHours*
NonInventorySaleItemHierarchyVersions
    isIncluded:boolean hierarchyVersion:RecordRef startDate:dateTime endDate:dateTime
    hierarchyNode:RecordRef
NonInventorySaleItemHierarchyVersionsList @replaceAll:boolean=true
    nonInventorySaleItemHierarchyVersions:NonInventorySaleItemHierarchyVersions*
ServiceSaleItemHierarchyVersions
    isIncluded:boolean hierarchyVersion:RecordRef startDate:dateTime endDate:dateTime
    hierarchyNode:RecordRef
ServiceSaleItemHierarchyVersionsList @replaceAll:boolean=true
    serviceSaleItemHierarchyVersions:ServiceSaleItemHierarchyVersions*
OtherChargeSaleItemHierarchyVersions
    isIncluded:boolean hierarchyVersion:RecordRef startDate:dateTime endDate:dateTime
    hierarchyNode:RecordRef
OtherChargeSaleItemHierarchyVersionsList @replaceAll:boolean=true
    otherChargeSaleItemHierarchyVersions:OtherChargeSaleItemHierarchyVersions*
"""

ENUMS = """\
"""

ELEMENTS = """\
PaymentMethod:PaymentMethod DiscountItem:DiscountItem NonInventorySaleItem:NonInventorySaleItem
ServiceSaleItem:ServiceSaleItem OtherChargeSaleItem:OtherChargeSaleItem Currency:Currency
Account:Account accountSearch:AccountSearch Department:Department departmentSearch:DepartmentSearch
Classification:Classification classificationSearch:ClassificationSearch Location:Location
locationSearch:LocationSearch itemSearch:ItemSearch Subsidiary:Subsidiary
subsidiarySearch:SubsidiarySearch accountingPeriod:AccountingPeriod
accountingPeriodSearch:AccountingPeriodSearch paymentMethodSearch:PaymentMethodSearch
"""
