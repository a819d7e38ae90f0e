"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "transactions.general.xsd"
NAMESPACE = "urn:general_{version}.transactions.webservices.netsuite.com"

TYPES = """\
JournalEntry(Record) @internalId:string @externalId:string
    postingPeriod:RecordRef tranDate:dateTime currency:RecordRef exchangeRate:double tranId:string
    reversalDate:dateTime reversalDefer:boolean parentExpenseAlloc:RecordRef isBookSpecific:boolean
    accountingBook:RecordRef reversalEntry:string createdFrom:RecordRef department:RecordRef
    class:RecordRef location:RecordRef subsidiary:RecordRef nexus:RecordRef
    subsidiaryTaxRegNum:RecordRef taxPointDate:dateTime memo:string toSubsidiary:RecordRef
    approved:boolean createdDate:dateTime lastModifiedDate:dateTime customForm:RecordRef
    lineList:JournalEntryLineList accountingBookDetailList:AccountingBookDetailList
    customFieldList:CustomFieldList
JournalEntryLine
    account:RecordRef line:long debit:double credit:double taxAccount:RecordRef lineTaxCode:RecordRef
    lineTaxRate:double debitTax:double creditTax:double taxBasis:double totalAmount:double
    taxCode:RecordRef memo:string taxRate1:double entity:RecordRef grossAmt:double department:RecordRef
    class:RecordRef location:RecordRef revenueRecognitionRule:RecordRef eliminate:boolean
    schedule:RecordRef startDate:dateTime endDate:dateTime residual:string scheduleNum:RecordRef
    tax1Amt:double tax1Acct:RecordRef customFieldList:CustomFieldList
JournalEntryLineList @replaceAll:boolean=true
    line:JournalEntryLine*
"""

ENUMS = """\
"""

ELEMENTS = """\
JournalEntry:JournalEntry
"""
