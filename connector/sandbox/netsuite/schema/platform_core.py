"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "platform.core.xsd"
NAMESPACE = "urn:core_{version}.platform.webservices.netsuite.com"

TYPES = """\
TokenPassportSignature=string @algorithm:string!
TokenPassport
    account:string! consumerKey:string! token:string! nonce:string! timestamp:long!
    signature:TokenPassportSignature!
StatusDetail @type:StatusDetailType=ERROR
    code:StatusDetailCodeType message:string afterSubmitFailed:boolean
Status @isSuccess:boolean
    statusDetail:StatusDetail*
Record abstract
    nullFieldList:NullField
NullField
    name:string*
SearchRecord abstract
SearchRecordBasic(SearchRecord) abstract
SearchResult
    ^status! totalRecords:int pageSize:int totalPages:int pageIndex:int searchId:string ^recordList
GetAllResult
    ^status! totalRecords:int ^recordList
RecordList
    record:Record*
RecordRefList
    recordRef:RecordRef*
BaseRef abstract
    name:string
RecordRef(BaseRef) @internalId:string @externalId:string @type:RecordType
Duration
    timeSpan:double! unit:DurationUnit!
CustomRecordRef(BaseRef) @internalId:string @externalId:string @typeId:string @scriptId:string
GetAllRecord @recordType:GetAllRecordType
ListOrRecordRef @internalId:string @externalId:string @typeId:string
    name:string
CustomFieldRef abstract @internalId:string @scriptId:string
LongCustomFieldRef(CustomFieldRef)
    value:long!
DoubleCustomFieldRef(CustomFieldRef)
    value:double!
BooleanCustomFieldRef(CustomFieldRef)
    value:boolean!
StringCustomFieldRef(CustomFieldRef)
    value:string!
DateCustomFieldRef(CustomFieldRef)
    value:dateTime!
SelectCustomFieldRef(CustomFieldRef)
    value:ListOrRecordRef!
MultiSelectCustomFieldRef(CustomFieldRef)
    value:ListOrRecordRef*!
CustomFieldList
    customField:CustomFieldRef*
SearchCustomField abstract @internalId:string @scriptId:string
SearchStringCustomField(SearchCustomField) @operator:SearchStringFieldOperator
    searchValue:string
SearchCustomFieldList
    customField:SearchCustomField*
SearchBooleanField
    searchValue:boolean
SearchStringField @operator:SearchStringFieldOperator
    searchValue:string
SearchLongField @operator:SearchLongFieldOperator
    searchValue:long searchValue2:long
SearchTextNumberField @operator:SearchTextNumberFieldOperator
    searchValue:string searchValue2:string
SearchDoubleField @operator:SearchDoubleFieldOperator
    searchValue:double searchValue2:double
SearchDateField @operator:SearchDateFieldOperator
    predefinedSearchValue:SearchDate searchValue:dateTime searchValue2:dateTime
SearchEnumMultiSelectField @operator:SearchEnumMultiSelectFieldOperator
    searchValue:string*
SearchMultiSelectField @operator:SearchMultiSelectFieldOperator
    searchValue:RecordRef*
CurrencyRateFilter
    baseCurrency:RecordRef fromCurrency:RecordRef effectiveDate:dateTime
CurrencyRate
    baseCurrency:RecordRef! fromCurrency:RecordRef! exchangeRate:double! effectiveDate:dateTime!
CurrencyRateList
    currencyRate:CurrencyRate*
GetCurrencyRateResult
    ^status! currencyRateList:CurrencyRateList
DataCenterUrls
    restDomain:string! webservicesDomain:string! systemDomain:string!
GetDataCenterUrlsResult
    ^status! dataCenterUrls:DataCenterUrls
GetServerTimeResult
    ^status! serverTime:dateTime!
DeletedRecord
    deletedDate:dateTime record:BaseRef
DeletedRecordList
    deletedRecord:DeletedRecord*
GetDeletedResult
    ^status! totalRecords:int pageSize:int totalPages:int pageIndex:int ^deletedRecordList
GetDeletedFilter
    deletedDate:SearchDateField type:SearchEnumMultiSelectField scriptId:SearchStringField
DeletionReason
    deletionReasonCode:RecordRef! deletionReasonMemo:string
GetAccountGovernanceInfoResult
    ^status! accountConcurrencyLimit:long unallocatedConcurrencyLimit:long
GetIntegrationGovernanceInfoResult
    ^status! integrationConcurrencyLimit:long limitType:GetIntegrationGovernanceInfoLimitType
"""

ENUMS = """\
"""

ELEMENTS = """\
status:Status record:Record searchRecord:SearchRecord searchRecordBasic:SearchRecordBasic
searchResult:SearchResult getAllResult:GetAllResult recordList:RecordList recordRefList:RecordRefList
baseRef:BaseRef getCurrencyRateResult:GetCurrencyRateResult
getDataCenterUrlsResult:GetDataCenterUrlsResult getServerTimeResult:GetServerTimeResult
deletedRecordList:DeletedRecordList getDeletedResult:GetDeletedResult
getAccountGovernanceInfoResult:GetAccountGovernanceInfoResult
getIntegrationGovernanceInfoResult:GetIntegrationGovernanceInfoResult
"""
