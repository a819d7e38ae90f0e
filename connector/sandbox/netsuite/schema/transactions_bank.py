"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "transactions.bank.xsd"
NAMESPACE = "urn:bank_{version}.transactions.webservices.netsuite.com"

TYPES = """\
Deposit(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime customForm:RecordRef currencyName:string
    tranId:string account:RecordRef total:double exchangeRate:double tranDate:dateTime
    postingPeriod:RecordRef memo:string toBePrinted:boolean subsidiary:RecordRef department:RecordRef
    class:RecordRef location:RecordRef paymentList:DepositPaymentList otherList:DepositOtherList
    cashBackList:DepositCashBackList accountingBookDetailList:AccountingBookDetailList
    customFieldList:CustomFieldList
DepositPayment
    deposit:boolean id:long docDate:dateTime type:string docNumber:string memo:string
    paymentMethod:RecordRef refNum:string entity:RecordRef currency:RecordRef transactionAmount:double
    paymentAmount:double lineId:long
DepositPaymentList @replaceAll:boolean=true
    depositPayment:DepositPayment*
DepositCashBack
    amount:double account:RecordRef department:RecordRef class:RecordRef location:RecordRef memo:string
DepositCashBackList @replaceAll:boolean=true
    depositCashBack:DepositCashBack*
DepositOther
    entity:RecordRef amount:double account:RecordRef paymentMethod:RecordRef refNum:string
    department:RecordRef class:RecordRef location:RecordRef memo:string
DepositOtherList @replaceAll:boolean=true
    depositOther:DepositOther*
"""

ENUMS = """\
"""

ELEMENTS = """\
deposit:Deposit
"""
