"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "platform.messages.xsd"
NAMESPACE = "urn:messages_{version}.platform.webservices.netsuite.com"

TYPES = """\
ApplicationInfo
    applicationId:string!
PartnerInfo
    partnerId:string
DocumentInfo
    nsId:string!
Preferences
    warningAsError:boolean disableMandatoryCustomFieldValidation:boolean
    disableSystemNotesForCustomFields:boolean ignoreReadOnlyFields:boolean
    runServerSuiteScriptAndTriggerWorkflows:boolean
SearchPreferences
    bodyFieldsOnly:boolean=true returnSearchColumns:boolean=true pageSize:int
WriteResponse
    ^status! baseRef:BaseRef
ReadResponse
    ^status! record:Record
WriteResponseList
    ^status writeResponse:WriteResponse*!
ReadResponseList
    ^status readResponse:ReadResponse*
AddResponse
    ^writeResponse!
AddListResponse
    ^writeResponseList!
UpdateResponse
    ^writeResponse!
UpdateListResponse
    ^writeResponseList!
UpsertResponse
    ^writeResponse!
UpsertListResponse
    ^writeResponseList!
DeleteResponse
    ^writeResponse!
DeleteListResponse
    ^writeResponseList!
SearchResponse
    ^searchResult!
SearchMoreWithIdResponse
    ^searchResult!
GetResponse
    ^readResponse!
GetListResponse
    ^readResponseList!
GetAllResponse
    ^getAllResult!
GetCurrencyRateResponse
    ^getCurrencyRateResult!
GetDataCenterUrlsResponse
    ^getDataCenterUrlsResult!
GetServerTimeResponse
    ^getServerTimeResult!
GetDeletedResponse
    ^getDeletedResult!
GetAccountGovernanceInfoResponse
    ^getAccountGovernanceInfoResult!
GetIntegrationGovernanceInfoResponse
    ^getIntegrationGovernanceInfoResult!
AddRequest
    record:Record!
DeleteRequest
    baseRef:BaseRef! deletionReason:DeletionReason
SearchRequest
    searchRecord:SearchRecord!
SearchMoreWithIdRequest
    searchId:string! pageIndex:int!
UpdateRequest
    record:Record!
UpsertRequest
    record:Record!
AddListRequest
    record:Record*!
DeleteListRequest
    baseRef:BaseRef*! deletionReason:DeletionReason
UpdateListRequest
    record:Record*!
UpsertListRequest
    record:Record*!
GetRequest
    baseRef:BaseRef!
GetListRequest
    baseRef:BaseRef*!
GetAllRequest
    record:GetAllRecord!
GetCurrencyRateRequest
    currencyRateFilter:CurrencyRateFilter!
GetDataCenterUrlsRequest
    account:string!
GetServerTimeRequest
GetDeletedRequest
    getDeletedFilter:GetDeletedFilter! pageIndex:int!
GetAccountGovernanceInfoRequest
GetIntegrationGovernanceInfoRequest
"""

ENUMS = """\
"""

ELEMENTS = """\
applicationInfo:ApplicationInfo partnerInfo:PartnerInfo documentInfo:DocumentInfo
preferences:Preferences searchPreferences:SearchPreferences tokenPassport:TokenPassport
writeResponse:WriteResponse readResponse:ReadResponse writeResponseList:WriteResponseList
readResponseList:ReadResponseList addResponse:AddResponse addListResponse:AddListResponse
updateResponse:UpdateResponse updateListResponse:UpdateListResponse upsertResponse:UpsertResponse
upsertListResponse:UpsertListResponse deleteResponse:DeleteResponse
deleteListResponse:DeleteListResponse searchResponse:SearchResponse
searchMoreWithIdResponse:SearchMoreWithIdResponse getResponse:GetResponse
getListResponse:GetListResponse getAllResponse:GetAllResponse
getCurrencyRateResponse:GetCurrencyRateResponse getDataCenterUrlsResponse:GetDataCenterUrlsResponse
getServerTimeResponse:GetServerTimeResponse getDeletedResponse:GetDeletedResponse
getAccountGovernanceInfoResponse:GetAccountGovernanceInfoResponse
getIntegrationGovernanceInfoResponse:GetIntegrationGovernanceInfoResponse add:AddRequest
delete:DeleteRequest search:SearchRequest searchMoreWithId:SearchMoreWithIdRequest update:UpdateRequest
upsert:UpsertRequest addList:AddListRequest deleteList:DeleteListRequest updateList:UpdateListRequest
upsertList:UpsertListRequest get:GetRequest getList:GetListRequest getAll:GetAllRequest
getCurrencyRate:GetCurrencyRateRequest getDataCenterUrls:GetDataCenterUrlsRequest
getServerTime:GetServerTimeRequest getDeleted:GetDeletedRequest
getAccountGovernanceInfo:GetAccountGovernanceInfoRequest
getIntegrationGovernanceInfo:GetIntegrationGovernanceInfoRequest
"""
