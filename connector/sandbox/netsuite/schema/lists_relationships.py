"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "lists.relationships.xsd"
NAMESPACE = "urn:relationships_{version}.lists.webservices.netsuite.com"

TYPES = """\
Subscriptions
    subscribed:boolean subscription:RecordRef lastModifiedDate:dateTime
SubscriptionsList @replaceAll:boolean=true
    subscriptions:Subscriptions*
Customer(Record) @internalId:string @externalId:string
    customForm:RecordRef entityId:string altName:string isPerson:boolean phoneticName:string
    salutation:string firstName:string middleName:string lastName:string companyName:string
    entityStatus:RecordRef parent:RecordRef phone:string fax:string email:string url:string
    defaultAddress:string isInactive:boolean category:RecordRef title:string printOnCheckAs:string
    altPhone:string homePhone:string mobilePhone:string altEmail:string language:Language
    comments:string numberFormat:CustomerNumberFormat negativeNumberFormat:CustomerNegativeNumberFormat
    dateCreated:dateTime image:RecordRef emailPreference:EmailPreference subsidiary:RecordRef
    representingSubsidiary:RecordRef salesRep:RecordRef territory:RecordRef contribPct:string
    partner:RecordRef salesGroup:RecordRef vatRegNumber:string accountNumber:string taxExempt:boolean
    terms:RecordRef creditLimit:double creditHoldOverride:CustomerCreditHoldOverride
    monthlyClosing:CustomerMonthlyClosing overrideCurrencyFormat:boolean displaySymbol:string
    symbolPlacement:CurrencySymbolPlacement balance:double overdueBalance:double daysOverdue:long
    unbilledOrders:double consolUnbilledOrders:double consolOverdueBalance:double
    consolDepositBalance:double consolBalance:double consolAging:double consolAging1:double
    consolAging2:double consolAging3:double consolAging4:double consolDaysOverdue:long
    priceLevel:RecordRef currency:RecordRef prefCCProcessor:RecordRef depositBalance:double
    shipComplete:boolean taxable:boolean taxItem:RecordRef resaleNumber:string aging:double
    aging1:double aging2:double aging3:double aging4:double startDate:dateTime
    alcoholRecipientType:AlcoholRecipientType endDate:dateTime reminderDays:long shippingItem:RecordRef
    thirdPartyAcct:string thirdPartyZipcode:string thirdPartyCountry:Country
    thirdPartyCarrier:CustomerThirdPartyCarrier giveAccess:boolean estimatedBudget:double
    accessRole:RecordRef sendEmail:boolean assignedWebSite:RecordRef password:string password2:string
    requirePwdChange:boolean campaignCategory:RecordRef sourceWebSite:RecordRef leadSource:RecordRef
    receivablesAccount:RecordRef drAccount:RecordRef fxAccount:RecordRef defaultOrderPriority:double
    webLead:string referrer:string keywords:string clickStream:string lastPageVisited:string visits:long
    firstVisit:dateTime lastVisit:dateTime billPay:boolean openingBalance:double
    lastModifiedDate:dateTime openingBalanceDate:dateTime openingBalanceAccount:RecordRef
    stage:CustomerStage emailTransactions:boolean printTransactions:boolean faxTransactions:boolean
    defaultTaxReg:RecordRef syncPartnerTeams:boolean isBudgetApproved:boolean
    globalSubscriptionStatus:GlobalSubscriptionStatus salesReadiness:RecordRef
    salesTeamList:CustomerSalesTeamList buyingReason:RecordRef downloadList:CustomerDownloadList
    buyingTimeFrame:RecordRef addressbookList:CustomerAddressbookList
    subscriptionsList:SubscriptionsList contactRolesList:ContactAccessRolesList
    currencyList:CustomerCurrencyList creditCardsList:CustomerCreditCardsList
    partnersList:CustomerPartnersList groupPricingList:CustomerGroupPricingList
    itemPricingList:CustomerItemPricingList taxRegistrationList:CustomerTaxRegistrationList
    defaultAllocationStrategy:RecordRef customFieldList:CustomFieldList
CustomerDownload
    file:RecordRef licenseCode:string remainingDownloads:long expiration:dateTime
CustomerDownloadList @replaceAll:boolean=true
    download:CustomerDownload*
ContactAccessRoles
    giveAccess:boolean contact:RecordRef email:string role:RecordRef password:string password2:string
    sendEmail:boolean
ContactAccessRolesList @replaceAll:boolean=true
    contactRoles:ContactAccessRoles*
CustomerSalesTeam
    employee:RecordRef salesRole:RecordRef isPrimary:boolean contribution:double
CustomerSalesTeamList @replaceAll:boolean=true
    salesTeam:CustomerSalesTeam*
CustomerAddressbook
    defaultShipping:boolean defaultBilling:boolean isResidential:boolean label:string
    addressbookAddress:Address internalId:string
CustomerAddressbookList @replaceAll:boolean=true
    addressbook:CustomerAddressbook*
CustomerCreditCards
    internalId:string ccNumber:string ccExpireDate:dateTime ccName:string paymentMethod:RecordRef
    cardState:RecordRef stateFrom:dateTime debitcardIssueNo:string ccMemo:string validfrom:dateTime
    ccDefault:boolean
CustomerCreditCardsList @replaceAll:boolean=true
    creditCards:CustomerCreditCards*
CustomerGroupPricing
    group:RecordRef level:RecordRef
CustomerGroupPricingList @replaceAll:boolean=true
    groupPricing:CustomerGroupPricing*
CustomerItemPricing
    item:RecordRef level:RecordRef currency:RecordRef price:double
CustomerItemPricingList @replaceAll:boolean=true
    itemPricing:CustomerItemPricing*
CustomerPartnersList @replaceAll:boolean=true
    partners:Partners*
CustomerSearch(SearchRecord)
    basic:CustomerSearchBasic
CustomerCurrency
    currency:RecordRef balance:double consolBalance:double depositBalance:double
    consolDepositBalance:double overdueBalance:double consolOverdueBalance:double unbilledOrders:double
    consolUnbilledOrders:double overrideCurrencyFormat:boolean displaySymbol:string
    symbolPlacement:CurrencySymbolPlacement
CustomerCurrencyList @replaceAll:boolean=true
    currency:CustomerCurrency*
CustomerTaxRegistration
    nexusCountry:Country nexus:RecordRef address:RecordRef taxRegistrationNumber:string id:long
CustomerTaxRegistrationList @replaceAll:boolean=true
    customerTaxRegistration:CustomerTaxRegistration*
"""

ENUMS = """\
"""

ELEMENTS = """\
Customer:Customer customerSearch:CustomerSearch
"""
