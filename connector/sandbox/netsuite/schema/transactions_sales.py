"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "transactions.sales.xsd"
NAMESPACE = "urn:sales_{version}.transactions.webservices.netsuite.com"

TYPES = """\
SalesOrder(Record) @internalId:string @externalId:string
    createdDate:dateTime customForm:RecordRef entity:RecordRef job:RecordRef currency:RecordRef
    drAccount:RecordRef fxAccount:RecordRef tranDate:dateTime tranId:string entityTaxRegNum:RecordRef
    source:string createdFrom:RecordRef orderStatus:SalesOrderOrderStatus nextBill:dateTime
    opportunity:RecordRef salesRep:RecordRef contribPct:string partner:RecordRef salesGroup:RecordRef
    syncSalesTeams:boolean leadSource:RecordRef startDate:dateTime endDate:dateTime otherRefNum:string
    memo:string salesEffectiveDate:dateTime excludeCommission:boolean totalCostEstimate:double
    estGrossProfit:double estGrossProfitPercent:double exchangeRate:double promoCode:RecordRef
    currencyName:string discountItem:RecordRef discountRate:string isTaxable:boolean taxItem:RecordRef
    taxRate:double toBePrinted:boolean toBeEmailed:boolean email:string toBeFaxed:boolean fax:string
    messageSel:RecordRef message:string paymentOption:RecordRef inputAuthCode:string
    inputReferenceCode:string checkNumber:string paymentCardCsc:string
    paymentProcessingProfile:RecordRef handlingMode:SalesOrderHandlingMode outputAuthCode:string
    outputReferenceCode:string paymentOperation:SalesOrderPaymentOperation dynamicDescriptor:string
    billingAddress:Address billAddressList:RecordRef shippingAddress:Address shipIsResidential:boolean
    shipAddressList:RecordRef fob:string shipDate:dateTime actualShipDate:dateTime shipMethod:RecordRef
    shippingCost:double shippingTax1Rate:double isMultiShipTo:boolean shippingTax2Rate:string
    shippingTaxCode:RecordRef handlingTaxCode:RecordRef handlingTax1Rate:double handlingTax2Rate:string
    handlingCost:double trackingNumbers:string linkedTrackingNumbers:string shipComplete:boolean
    paymentMethod:RecordRef shopperIpAddress:string saveOnAuthDecline:boolean canHaveStackable:boolean
    creditCard:RecordRef revenueStatus:RevenueStatus recognizedRevenue:double deferredRevenue:double
    revRecOnRevCommitment:boolean revCommitStatus:RevenueCommitStatus ccNumber:string
    ccExpireDate:dateTime ccName:string ccStreet:string ccZipCode:string payPalStatus:string
    creditCardProcessor:RecordRef payPalTranId:string ccApproved:boolean getAuth:boolean authCode:string
    ccAvsStreetMatch:AvsMatchCode ccAvsZipMatch:AvsMatchCode isRecurringPayment:boolean
    ccSecurityCodeMatch:AvsMatchCode altSalesTotal:double ignoreAvs:boolean
    paymentEventResult:TransactionPaymentEventResult
    paymentEventHoldReason:TransactionPaymentEventHoldReason
    paymentEventType:TransactionPaymentEventType paymentEventDate:dateTime paymentEventUpdatedBy:string
    subTotal:double discountTotal:double taxTotal:double altShippingCost:double altHandlingCost:double
    total:double revRecSchedule:RecordRef revRecStartDate:dateTime revRecEndDate:dateTime
    paypalAuthId:string balance:double paypalProcess:boolean billingSchedule:RecordRef
    ccSecurityCode:string threeDStatusCode:string class:RecordRef department:RecordRef
    subsidiary:RecordRef intercoTransaction:RecordRef intercoStatus:IntercoStatus
    debitCardIssueNo:string lastModifiedDate:dateTime nexus:RecordRef subsidiaryTaxRegNum:RecordRef
    taxRegOverride:boolean taxPointDate:dateTime taxDetailsOverride:boolean location:RecordRef
    pnRefNum:string status:string tax2Total:double terms:RecordRef validFrom:dateTime vatRegNum:string
    giftCertApplied:double oneTime:double recurWeekly:double recurMonthly:double recurQuarterly:double
    recurAnnually:double tranIsVsoeBundle:boolean vsoeAutoCalc:boolean syncPartnerTeams:boolean
    salesTeamList:SalesOrderSalesTeamList partnersList:SalesOrderPartnersList
    giftCertRedemptionList:GiftCertRedemptionList promotionsList:PromotionsList
    itemList:SalesOrderItemList shipGroupList:SalesOrderShipGroupList
    accountingBookDetailList:AccountingBookDetailList taxDetailsList:TaxDetailsList
    customFieldList:CustomFieldList
SalesOrderSalesTeam
    employee:RecordRef salesRole:RecordRef isPrimary:boolean contribution:double
SalesOrderSalesTeamList @replaceAll:boolean=true
    salesTeam:SalesOrderSalesTeam*
SalesOrderItem
    job:RecordRef subscription:RecordRef item:RecordRef quantityAvailable:double expandItemGroup:boolean
    lineUniqueKey:long quantityOnHand:double quantity:double units:RecordRef
    inventoryDetail:InventoryDetail description:string price:RecordRef rate:string serialNumbers:string
    amount:double isTaxable:boolean commitInventory:SalesOrderItemCommitInventory orderPriority:double
    licenseCode:string options:CustomFieldList department:RecordRef class:RecordRef location:RecordRef
    createPo:SalesOrderItemCreatePo createdPo:RecordRef altSalesAmt:double createWo:boolean
    poVendor:RecordRef poCurrency:string poRate:double revRecSchedule:RecordRef revRecStartDate:dateTime
    revRecTermInMonths:long revRecEndDate:dateTime deferRevRec:boolean isClosed:boolean
    itemFulfillmentChoice:SalesOrderItemFulfillmentChoice catchUpPeriod:RecordRef
    billingSchedule:RecordRef fromJob:boolean grossAmt:double taxAmount:double
    excludeFromRateRequest:boolean isEstimate:boolean inventoryLocation:RecordRef
    inventorySubsidiary:RecordRef line:long percentComplete:double costEstimateType:ItemCostEstimateType
    costEstimate:double quantityBackOrdered:double quantityBilled:double quantityCommitted:double
    quantityFulfilled:double quantityPacked:double quantityPicked:double tax1Amt:double
    taxCode:RecordRef taxRate1:double taxRate2:double giftCertFrom:string giftCertRecipientName:string
    giftCertRecipientEmail:string giftCertMessage:string giftCertNumber:string shipGroup:long
    itemIsFulfilled:boolean shipAddress:RecordRef shipMethod:RecordRef vsoeSopGroup:VsoeSopGroup
    vsoeIsEstimate:boolean vsoePrice:double vsoeAmount:double vsoeAllocation:double
    vsoeDeferral:VsoeDeferral vsoePermitDiscount:VsoePermitDiscount vsoeDelivered:boolean
    expectedShipDate:dateTime noAutoAssignLocation:boolean locationAutoAssigned:boolean
    taxDetailsReference:string chargeType:RecordRef orderAllocationStrategy:RecordRef
    requestedDate:dateTime customFieldList:CustomFieldList
SalesOrderItemList @replaceAll:boolean=true
    item:SalesOrderItem*
SalesOrderPartnersList @replaceAll:boolean=true
    partners:Partners*
SalesOrderShipGroupList @replaceAll:boolean=true
    shipGroup:TransactionShipGroup*
TransactionSearch(SearchRecord)
    basic:TransactionSearchBasic appliedToTransactionJoin:TransactionSearchBasic
    applyingTransactionJoin:TransactionSearchBasic createdFromJoin:TransactionSearchBasic
    customerJoin:CustomerSearchBasic depositTransactionJoin:TransactionSearchBasic
    salesOrderJoin:TransactionSearchBasic
Invoice(Record) @internalId:string @externalId:string
    createdDate:dateTime lastModifiedDate:dateTime nexus:RecordRef subsidiaryTaxRegNum:RecordRef
    taxRegOverride:boolean taxDetailsOverride:boolean customForm:RecordRef nextApprover:RecordRef
    entity:RecordRef billingAccount:RecordRef recurringBill:boolean tranDate:dateTime tranId:string
    entityTaxRegNum:RecordRef taxPointDate:dateTime source:string createdFrom:RecordRef
    postingPeriod:RecordRef opportunity:RecordRef department:RecordRef class:RecordRef terms:RecordRef
    location:RecordRef subsidiary:RecordRef currency:RecordRef dueDate:dateTime discountDate:dateTime
    discountAmount:double salesRep:RecordRef contribPct:string partner:RecordRef leadSource:RecordRef
    startDate:dateTime endDate:dateTime otherRefNum:string memo:string salesEffectiveDate:dateTime
    excludeCommission:boolean totalCostEstimate:double estGrossProfit:double
    estGrossProfitPercent:double revRecSchedule:RecordRef revRecStartDate:dateTime
    revRecEndDate:dateTime amountPaid:double amountRemaining:double balance:double account:RecordRef
    onCreditHold:string exchangeRate:double currencyName:string promoCode:RecordRef
    discountItem:RecordRef discountRate:string isTaxable:boolean taxItem:RecordRef taxRate:double
    toBePrinted:boolean toBeEmailed:boolean toBeFaxed:boolean fax:string messageSel:RecordRef
    message:string billingAddress:Address billAddressList:RecordRef shippingAddress:Address
    shipIsResidential:boolean shipAddressList:RecordRef fob:string shipDate:dateTime
    shipMethod:RecordRef shippingCost:double shippingTax1Rate:double shippingTax2Rate:string
    shippingTaxCode:RecordRef handlingTaxCode:RecordRef handlingTax1Rate:double handlingCost:double
    handlingTax2Rate:string trackingNumbers:string linkedTrackingNumbers:string salesGroup:RecordRef
    subTotal:double canHaveStackable:boolean revenueStatus:RevenueStatus recognizedRevenue:double
    deferredRevenue:double revRecOnRevCommitment:boolean syncSalesTeams:boolean discountTotal:double
    taxTotal:double altShippingCost:double altHandlingCost:double total:double status:string
    job:RecordRef billingSchedule:RecordRef email:string tax2Total:double vatRegNum:string
    expCostDiscount:RecordRef itemCostDiscount:RecordRef timeDiscount:RecordRef expCostDiscRate:string
    itemCostDiscRate:string timeDiscRate:string expCostDiscAmount:double expCostTaxRate1:double
    expCostTaxRate2:double itemCostDiscAmount:double expCostTaxCode:RecordRef expCostDiscTax1Amt:double
    itemCostTaxRate1:double timeDiscAmount:double itemCostTaxCode:RecordRef expCostDiscTaxable:boolean
    itemCostDiscTaxable:boolean itemCostTaxRate2:double itemCostDiscTax1Amt:double
    itemCostDiscPrint:boolean timeDiscTaxable:boolean timeTaxRate1:double expCostDiscPrint:boolean
    timeTaxCode:RecordRef timeDiscPrint:boolean giftCertApplied:double timeDiscTax1Amt:double
    tranIsVsoeBundle:boolean timeTaxRate2:double vsoeAutoCalc:boolean syncPartnerTeams:boolean
    salesTeamList:InvoiceSalesTeamList partnersList:InvoicePartnersList itemList:InvoiceItemList
    itemCostList:InvoiceItemCostList giftCertRedemptionList:GiftCertRedemptionList
    promotionsList:PromotionsList expCostList:InvoiceExpCostList timeList:InvoiceTimeList
    shipGroupList:InvoiceShipGroupList approvalStatus:RecordRef
    accountingBookDetailList:AccountingBookDetailList taxDetailsList:TaxDetailsList
    installmentList:InstallmentList overrideInstallments:boolean customFieldList:CustomFieldList
InvoiceSalesTeam
    employee:RecordRef salesRole:RecordRef isPrimary:boolean contribution:double
InvoiceSalesTeamList @replaceAll:boolean=true
    salesTeam:InvoiceSalesTeam*
InvoiceItem
    job:RecordRef item:RecordRef line:long description:string amount:double isTaxable:boolean
    options:CustomFieldList subscriptionLine:RecordRef deferRevRec:boolean quantity:double
    currentPercent:double units:RecordRef inventoryDetail:InventoryDetail serialNumbers:string
    binNumbers:string price:RecordRef rate:string percentComplete:double quantityOnHand:double
    quantityAvailable:double quantityOrdered:double quantityRemaining:double quantityFulfilled:double
    amountOrdered:double department:RecordRef orderLine:long licenseCode:string class:RecordRef
    location:RecordRef revRecSchedule:RecordRef revRecStartDate:dateTime revRecEndDate:dateTime
    grossAmt:double costEstimateType:ItemCostEstimateType costEstimate:double taxDetailsReference:string
    excludeFromRateRequest:boolean catchUpPeriod:RecordRef tax1Amt:double taxCode:RecordRef
    taxRate1:double taxRate2:double giftCertFrom:string giftCertRecipientName:string
    giftCertRecipientEmail:string giftCertMessage:string taxAmount:double giftCertNumber:string
    shipGroup:long itemIsFulfilled:boolean shipAddress:RecordRef shipMethod:RecordRef
    vsoeSopGroup:VsoeSopGroup vsoeIsEstimate:boolean vsoePrice:double vsoeAmount:double
    vsoeAllocation:double vsoeDeferral:VsoeDeferral vsoePermitDiscount:VsoePermitDiscount
    vsoeDelivered:boolean chargeType:RecordRef chargesList:RecordRefList customFieldList:CustomFieldList
InvoiceItemList @replaceAll:boolean=true
    item:InvoiceItem*
InvoiceItemCost
    apply:boolean doc:long line:long taxDetailsReference:string billedDate:dateTime itemDisp:string
    memo:string jobDisp:string department:string class:string location:string unitDisp:string
    options:CustomFieldList itemCostCount:string quantity:string serialNumbers:string cost:double
    amount:double taxAmount:double revRecSchedule:RecordRef revRecStartDate:dateTime
    revRecEndDate:dateTime grossAmt:double tax1Amt:double taxCode:RecordRef taxRate1:double
    taxRate2:double
InvoiceItemCostList @replaceAll:boolean=true
    itemCost:InvoiceItemCost*
InvoiceExpCost
    apply:boolean doc:long line:long taxDetailsReference:string billedDate:dateTime jobDisp:string
    employeeDisp:string categoryDisp:string memo:string department:string class:string location:string
    originalAmount:double amount:double taxAmount:double taxableDisp:string revRecSchedule:RecordRef
    revRecStartDate:dateTime revRecEndDate:dateTime grossAmt:double tax1Amt:double taxCode:RecordRef
    taxRate1:double taxRate2:double
InvoiceExpCostList @replaceAll:boolean=true
    expCost:InvoiceExpCost*
InvoiceTime
    apply:boolean doc:long line:long billedDate:dateTime employeeDisp:string itemDisp:string
    jobDisp:string department:string class:string location:string quantity:string rate:double
    unitDisp:string amount:double memo:string taxAmount:double revRecSchedule:RecordRef
    revRecStartDate:dateTime revRecEndDate:dateTime grossAmt:double taxDetailsReference:string
    tax1Amt:double taxCode:RecordRef taxRate1:double taxRate2:double
InvoiceTimeList @replaceAll:boolean=true
    time:InvoiceTime*
InvoicePartnersList @replaceAll:boolean=true
    partners:Partners*
InvoiceShipGroupList @replaceAll:boolean=true
    shipGroup:TransactionShipGroup*
TransactionShipGroup
    id:long isFulfilled:boolean weight:double sourceAddressRef:RecordRef sourceAddress:string
    destinationAddressRef:RecordRef destinationAddress:string shippingMethodRef:RecordRef
    shippingMethod:string isHandlingTaxable:boolean handlingTaxCode:RecordRef handlingTaxRate:string
    handlingTax2Rate:string handlingRate:double handlingTaxAmt:double handlingTax2Amt:double
    isShippingTaxable:boolean shippingTaxCode:RecordRef shippingTaxRate:string shippingTax2Rate:string
    shippingRate:double shippingTaxAmt:double shippingTax2Amt:double
"""

ENUMS = """\
"""

ELEMENTS = """\
SalesOrder:SalesOrder transactionSearch:TransactionSearch Invoice:Invoice
"""
