"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "platform.common.xsd"
NAMESPACE = "urn:common_{version}.platform.webservices.netsuite.com"

TYPES = """\
Address(Record)
    internalId:string country:Country attention:string addressee:string addrPhone:string addr1:string
    addr2:string addr3:string city:string state:string zip:string addrText:string override:boolean
    customFieldList:CustomFieldList
PresentationItem
    item:RecordRef itemType:PresentationItemType description:string onlinePrice:double basePrice:double
Partners
    partner:RecordRef partnerRole:RecordRef isPrimary:boolean contribution:double
InventoryDetail(Record)
    inventoryAssignmentList:InventoryAssignmentList customForm:RecordRef
AccountingBookDetail
    accountingBook:RecordRef currency:RecordRef exchangeRate:double
AccountingBookDetailList @replaceAll:boolean=true
    accountingBookDetail:AccountingBookDetail*
InventoryAssignmentList @replaceAll:boolean=false
    inventoryAssignment:InventoryAssignment*
InventoryAssignment
    internalId:string issueInventoryNumber:RecordRef receiptInventoryNumber:string binNumber:RecordRef
    toBinNumber:RecordRef quantity:double expirationDate:dateTime quantityAvailable:double
    inventoryStatus:RecordRef toInventoryStatus:RecordRef
Promotions
    promoCode:RecordRef couponCode:RecordRef
PromotionsList @replaceAll:boolean=true
    promotions:Promotions*
Installment
    amount:double dueDate:dateTime amountDue:double seqNum:long status:string
InstallmentList @replaceAll:boolean=true
    installment:Installment*
CustomerSearchBasic(SearchRecordBasic)
    accountNumber:SearchStringField comments:SearchStringField companyName:SearchStringField
    currency:SearchMultiSelectField dateCreated:SearchDateField email:SearchStringField
    entityId:SearchStringField externalId:SearchMultiSelectField externalIdString:SearchStringField
    firstName:SearchStringField internalId:SearchMultiSelectField internalIdNumber:SearchLongField
    isInactive:SearchBooleanField isPerson:SearchBooleanField lastModifiedDate:SearchDateField
    lastName:SearchStringField phone:SearchStringField stage:SearchEnumMultiSelectField
    subsidiary:SearchMultiSelectField vatRegNumber:SearchStringField
    customFieldList:SearchCustomFieldList
AccountSearchBasic(SearchRecordBasic)
    displayName:SearchStringField externalId:SearchMultiSelectField externalIdString:SearchStringField
    internalId:SearchMultiSelectField internalIdNumber:SearchLongField isInactive:SearchBooleanField
    name:SearchStringField number:SearchStringField type:SearchEnumMultiSelectField
DepartmentSearchBasic(SearchRecordBasic)
    externalId:SearchMultiSelectField externalIdString:SearchStringField
    internalId:SearchMultiSelectField internalIdNumber:SearchLongField isInactive:SearchBooleanField
    name:SearchStringField
LocationSearchBasic(SearchRecordBasic)
    externalId:SearchMultiSelectField externalIdString:SearchStringField
    internalId:SearchMultiSelectField internalIdNumber:SearchLongField isInactive:SearchBooleanField
    name:SearchStringField
ClassificationSearchBasic(SearchRecordBasic)
    externalId:SearchMultiSelectField externalIdString:SearchStringField
    internalId:SearchMultiSelectField internalIdNumber:SearchLongField isInactive:SearchBooleanField
    name:SearchStringField
TransactionSearchBasic(SearchRecordBasic)
    account:SearchMultiSelectField amount:SearchDoubleField amountPaid:SearchDoubleField
    amountRemaining:SearchDoubleField appliedToTransaction:SearchMultiSelectField
    applyingTransaction:SearchMultiSelectField createdFrom:SearchMultiSelectField
    currency:SearchMultiSelectField customForm:SearchMultiSelectField dateCreated:SearchDateField
    depositDate:SearchDateField depositTransaction:SearchMultiSelectField dueDate:SearchDateField
    entity:SearchMultiSelectField exchangeRate:SearchDoubleField externalId:SearchMultiSelectField
    externalIdString:SearchStringField fxAmount:SearchDoubleField internalId:SearchMultiSelectField
    internalIdNumber:SearchLongField lastModifiedDate:SearchDateField mainLine:SearchBooleanField
    mainName:SearchMultiSelectField memo:SearchStringField memoMain:SearchStringField
    number:SearchLongField otherRefNum:SearchTextNumberField paymentMethod:SearchMultiSelectField
    posting:SearchBooleanField postingPeriod:RecordRef salesOrder:SearchMultiSelectField
    status:SearchEnumMultiSelectField subsidiary:SearchMultiSelectField tranDate:SearchDateField
    tranId:SearchStringField type:SearchEnumMultiSelectField customFieldList:SearchCustomFieldList
ItemSearchBasic(SearchRecordBasic)
    created:SearchDateField displayName:SearchStringField externalId:SearchMultiSelectField
    externalIdString:SearchStringField internalId:SearchMultiSelectField
    internalIdNumber:SearchLongField isInactive:SearchBooleanField itemId:SearchStringField
    lastModifiedDate:SearchDateField salesDescription:SearchStringField type:SearchEnumMultiSelectField
    upcCode:SearchStringField customFieldList:SearchCustomFieldList
SubsidiarySearchBasic(SearchRecordBasic)
    externalId:SearchMultiSelectField externalIdString:SearchStringField
    internalId:SearchMultiSelectField internalIdNumber:SearchLongField isInactive:SearchBooleanField
    name:SearchStringField
AccountingPeriodSearchBasic(SearchRecordBasic)
    allLocked:SearchBooleanField arLocked:SearchBooleanField closed:SearchBooleanField
    endDate:SearchDateField internalId:SearchMultiSelectField internalIdNumber:SearchLongField
    isAdjust:SearchBooleanField isInactive:SearchBooleanField isQuarter:SearchBooleanField
    isYear:SearchBooleanField periodName:SearchStringField startDate:SearchDateField
PaymentMethodSearchBasic(SearchRecordBasic)
    externalId:SearchMultiSelectField externalIdString:SearchStringField
    internalId:SearchMultiSelectField internalIdNumber:SearchLongField isInactive:SearchBooleanField
    name:SearchStringField
TaxDetails
    taxDetailsReference:string lineType:string lineName:string netAmount:double grossAmount:double
    taxType:RecordRef taxCode:RecordRef taxBasis:double taxRate:double taxAmount:double
    calcDetail:string
TaxDetailsList @replaceAll:boolean=true
    taxDetails:TaxDetails*
GiftCertRedemption
    authCode:RecordRef authCodeApplied:double authCodeAmtRemaining:double giftCertAvailable:double
GiftCertRedemptionList @replaceAll:boolean=true
    giftCertRedemption:GiftCertRedemption*
"""

ENUMS = """\
"""

ELEMENTS = """\
"""
