"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "transactions.customers.xsd"
NAMESPACE = "urn:customers_{version}.transactions.webservices.netsuite.com"

TYPES = """\
CustomerPayment(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime customForm:RecordRef arAcct:RecordRef
    customer:RecordRef balance:double pending:double currency:RecordRef payment:double autoApply:boolean
    tranDate:dateTime tranId:string postingPeriod:RecordRef paymentMethod:RecordRef
    ccIsPurchaseCardBin:boolean memo:string ccProcessAsPurchaseCard:boolean checkNum:string
    currencyName:string exchangeRate:double creditCard:RecordRef chargeIt:boolean ccNumber:string
    ccExpireDate:dateTime ccName:string ccStreet:string ccZipCode:string ccApproved:boolean
    authCode:string ccAvsStreetMatch:AvsMatchCode ccAvsZipMatch:AvsMatchCode isRecurringPayment:boolean
    ccSecurityCode:string ignoreAvs:boolean ccSecurityCodeMatch:AvsMatchCode threeDStatusCode:string
    pnRefNum:string creditCardProcessor:RecordRef debitCardIssueNo:string validFrom:dateTime
    undepFunds:boolean account:RecordRef total:double subsidiary:RecordRef applied:double
    unapplied:double class:RecordRef department:RecordRef location:RecordRef paymentOption:RecordRef
    inputAuthCode:string inputReferenceCode:string checkNumber:string paymentCardCsc:string
    paymentProcessingProfile:RecordRef handlingMode:CustomerPaymentHandlingMode outputAuthCode:string
    outputReferenceCode:string paymentOperation:CustomerPaymentPaymentOperation dynamicDescriptor:string
    status:string applyList:CustomerPaymentApplyList creditList:CustomerPaymentCreditList
    depositList:CustomerPaymentDepositList accountingBookDetailList:AccountingBookDetailList
    customFieldList:CustomFieldList
CustomerPaymentApply
    apply:boolean doc:long line:long applyDate:dateTime job:string type:string refNum:string
    total:double due:double currency:string discDate:dateTime discAmt:double disc:double amount:double
CustomerPaymentApplyList @replaceAll:boolean=true
    apply:CustomerPaymentApply*
CustomerPaymentCredit
    apply:boolean doc:long line:long creditDate:dateTime type:string refNum:string appliedTo:string
    total:double due:double currency:string amount:double
CustomerPaymentCreditList @replaceAll:boolean=true
    credit:CustomerPaymentCredit*
CustomerPaymentDeposit
    apply:boolean doc:long line:long depositDate:dateTime refNum:string total:double remaining:double
    currency:string amount:double
CustomerPaymentDepositList @replaceAll:boolean=true
    deposit:CustomerPaymentDeposit*
CreditMemo(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime nexus:RecordRef subsidiaryTaxRegNum:RecordRef
    taxRegOverride:boolean taxDetailsOverride:boolean customForm:RecordRef currency:RecordRef
    entity:RecordRef vatRegNum:string tranDate:dateTime tranId:string entityTaxRegNum:RecordRef
    taxPointDate:dateTime createdFrom:RecordRef postingPeriod:RecordRef department:RecordRef
    class:RecordRef location:RecordRef subsidiary:RecordRef job:RecordRef salesRep:RecordRef
    partner:RecordRef contribPct:string otherRefNum:string memo:string excludeCommission:boolean
    leadSource:RecordRef balance:double account:RecordRef exchangeRate:double onCreditHold:string
    amountPaid:double salesEffectiveDate:dateTime totalCostEstimate:double estGrossProfit:double
    estGrossProfitPercent:double currencyName:string promoCode:RecordRef amountRemaining:double
    discountItem:RecordRef source:string discountRate:string isTaxable:boolean taxItem:RecordRef
    taxRate:double unapplied:double autoApply:boolean applied:double toBePrinted:boolean
    toBeEmailed:boolean email:string toBeFaxed:boolean fax:string messageSel:RecordRef message:string
    billingAddress:Address billAddressList:RecordRef shipMethod:RecordRef shippingCost:double
    shippingTax1Rate:double shippingTaxCode:RecordRef handlingTaxCode:RecordRef shippingTax2Rate:string
    handlingTax1Rate:double handlingTax2Rate:string handlingCost:double subTotal:double
    discountTotal:double revenueStatus:RevenueStatus recognizedRevenue:double deferredRevenue:double
    revRecOnRevCommitment:boolean taxTotal:double tax2Total:double altShippingCost:double
    altHandlingCost:double isMultiShipTo:boolean total:double salesGroup:RecordRef
    syncSalesTeams:boolean status:string giftCert:RecordRef giftCertTotal:double giftCertApplied:double
    giftCertAvailable:double tranIsVsoeBundle:boolean vsoeAutoCalc:boolean syncPartnerTeams:boolean
    salesTeamList:CreditMemoSalesTeamList itemList:CreditMemoItemList
    accountingBookDetailList:AccountingBookDetailList partnersList:CreditMemoPartnersList
    applyList:CreditMemoApplyList taxDetailsList:TaxDetailsList customFieldList:CustomFieldList
CreditMemoSalesTeam
    employee:RecordRef salesRole:RecordRef isPrimary:boolean contribution:double
CreditMemoSalesTeamList @replaceAll:boolean=true
    salesTeam:CreditMemoSalesTeam*
CreditMemoItem
    job:RecordRef item:RecordRef orderLine:long line:long quantity:double description:string
    binNumbers:string price:RecordRef rate:string amount:double isTaxable:boolean
    options:CustomFieldList shipAddress:RecordRef shipCarrier:ShippingCarrier shipMethod:RecordRef
    taxCode:RecordRef taxRate1:double taxRate2:double tax1Amt:double grossAmt:double
    department:RecordRef class:RecordRef location:RecordRef costEstimateType:ItemCostEstimateType
    costEstimate:double taxDetailsReference:string revRecSchedule:RecordRef revRecStartDate:dateTime
    revRecTermInMonths:long revRecEndDate:dateTime units:RecordRef inventoryDetail:InventoryDetail
    serialNumbers:string deferRevRec:boolean giftCertFrom:string giftCertRecipientName:string
    giftCertRecipientEmail:string giftCertMessage:string taxAmount:double giftCertNumber:string
    vsoeSopGroup:VsoeSopGroup vsoeIsEstimate:boolean vsoePrice:double vsoeAmount:double
    vsoeAllocation:double vsoeDeferral:VsoeDeferral vsoePermitDiscount:VsoePermitDiscount
    vsoeDelivered:boolean catchUpPeriod:RecordRef chargeType:RecordRef subscriptionLine:RecordRef
    chargesList:RecordRefList customFieldList:CustomFieldList
CreditMemoItemList @replaceAll:boolean=true
    item:CreditMemoItem*
CreditMemoApply
    apply:boolean doc:long applyDate:dateTime job:string type:string refNum:string total:double
    due:double currency:string amount:double line:long
CreditMemoApplyList @replaceAll:boolean=true
    apply:CreditMemoApply*
CreditMemoPartnersList @replaceAll:boolean=true
    partners:Partners*
CustomerRefund(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime status:string transactionNumber:string
    customer:RecordRef customForm:RecordRef balance:double arAcct:RecordRef currencyName:string
    exchangeRate:double total:double currency:RecordRef tranDate:dateTime voidJournal:RecordRef
    postingPeriod:RecordRef memo:string paymentMethod:RecordRef account:RecordRef toBePrinted:boolean
    tranId:string debitCardIssueNo:string creditCardProcessor:RecordRef chargeIt:boolean pnRefNum:string
    validFrom:dateTime subsidiary:RecordRef department:RecordRef class:RecordRef location:RecordRef
    paymentOption:RecordRef inputAuthCode:string inputReferenceCode:string checkNumber:string
    paymentCardCsc:string paymentProcessingProfile:RecordRef handlingMode:CustomerRefundHandlingMode
    outputAuthCode:string outputReferenceCode:string paymentOperation:CustomerRefundPaymentOperation
    dynamicDescriptor:string creditCard:RecordRef ccIsPurchaseCardBin:boolean ccNumber:string
    ccProcessAsPurchaseCard:boolean ccExpireDate:dateTime ccName:string ccStreet:string ccZipCode:string
    ccApproved:boolean applyList:CustomerRefundApplyList depositList:CustomerRefundDepositList
    accountingBookDetailList:AccountingBookDetailList payeeAddressList:RecordRef payeeAddress:Address
    customFieldList:CustomFieldList
CustomerRefundApply
    apply:boolean doc:long line:long applyDate:dateTime type:string refNum:string total:double
    due:double currency:string amount:double
CustomerRefundApplyList @replaceAll:boolean=true
    apply:CustomerRefundApply*
CustomerRefundDeposit
    apply:boolean doc:long line:long depositDate:dateTime refNum:string total:double remaining:double
    currency:string amount:double
CustomerRefundDepositList @replaceAll:boolean=true
    customerRefundDeposit:CustomerRefundDeposit*
CustomerDeposit(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime status:string customer:RecordRef salesOrder:RecordRef
    customForm:RecordRef payment:double currency:RecordRef tranDate:dateTime postingPeriod:RecordRef
    paymentMethod:RecordRef ccIsPurchaseCardBin:boolean memo:string ccProcessAsPurchaseCard:boolean
    currencyName:string exchangeRate:double checkNum:string creditCardProcessor:RecordRef
    creditCard:RecordRef ccSecurityCode:string ccNumber:string subsidiary:RecordRef department:RecordRef
    class:RecordRef location:RecordRef paymentOption:RecordRef inputAuthCode:string
    inputReferenceCode:string checkNumber:string paymentCardCsc:string
    paymentProcessingProfile:RecordRef handlingMode:CustomerDepositHandlingMode outputAuthCode:string
    outputReferenceCode:string paymentOperation:CustomerDepositPaymentOperation dynamicDescriptor:string
    ccExpireDate:dateTime debitCardIssueNo:string validFrom:dateTime ccName:string ccStreet:string
    ccZipCode:string chargeIt:boolean ccApproved:boolean pnRefNum:string authCode:string
    ccAvsStreetMatch:AvsMatchCode softDescriptor:string ccAvsZipMatch:AvsMatchCode
    isRecurringPayment:boolean ccSecurityCodeMatch:AvsMatchCode threeDStatusCode:string
    ignoreAvs:boolean account:RecordRef undepFunds:boolean tranId:string
    applyList:CustomerDepositApplyList accountingBookDetailList:AccountingBookDetailList
    salesOrderRequiredDepositDue:double customFieldList:CustomFieldList
CustomerDepositApply
    doc:long line:long apply:boolean applyDate:dateTime type:string refNum:string total:double
    amount:double job:string
CustomerDepositApplyList @replaceAll:boolean=true
    customerDepositApply:CustomerDepositApply*
DepositApplication(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime arAcct:RecordRef status:string customer:RecordRef
    tranDate:dateTime postingPeriod:RecordRef deposit:RecordRef depDate:dateTime currency:RecordRef
    exchangeRate:double memo:string subsidiary:RecordRef total:double department:RecordRef
    applied:double class:RecordRef unapplied:double location:RecordRef tranId:string
    applyList:DepositApplicationApplyList accountingBookDetailList:AccountingBookDetailList
    customFieldList:CustomFieldList
DepositApplicationApply
    doc:long line:long apply:boolean applyDate:dateTime job:string type:string refNum:string
    total:double due:double currency:string amount:double
DepositApplicationApplyList @replaceAll:boolean=true
    apply:DepositApplicationApply*
"""

ENUMS = """\
"""

ELEMENTS = """\
CustomerPayment:CustomerPayment CreditMemo:CreditMemo CustomerRefund:CustomerRefund
CustomerDeposit:CustomerDeposit DepositApplication:DepositApplication
"""
