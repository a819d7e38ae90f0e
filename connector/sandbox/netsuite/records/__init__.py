"""Record types of the practice NetSuite, one class a file; `all_kinds` is the list of them."""

from typing import TYPE_CHECKING

from .account import AccountKind
from .accounting_period import AccountingPeriodKind
from .classification import ClassificationKind
from .credit_memo import CreditMemoKind
from .currency import CurrencyKind
from .customer import CustomerKind
from .customer_deposit import CustomerDepositKind
from .customer_payment import CustomerPaymentKind
from .customer_refund import CustomerRefundKind
from .department import DepartmentKind
from .deposit import DepositKind
from .deposit_application import DepositApplicationKind
from .discount_item import DiscountItemKind
from .invoice import InvoiceKind
from .journal_entry import JournalEntryKind
from .kind import RecordKind
from .location import LocationKind
from .non_inventory_sale_item import NonInventorySaleItemKind
from .other_charge_sale_item import OtherChargeSaleItemKind
from .payment_method import PaymentMethodKind
from .sales_order import SalesOrderKind
from .service_sale_item import ServiceSaleItemKind
from .subsidiary import SubsidiaryKind

if TYPE_CHECKING:
    from ..company import Company

KINDS: tuple[type[RecordKind], ...] = (
    CurrencyKind,
    SubsidiaryKind,
    AccountKind,
    AccountingPeriodKind,
    PaymentMethodKind,
    DepartmentKind,
    ClassificationKind,
    LocationKind,
    CustomerKind,
    ServiceSaleItemKind,
    NonInventorySaleItemKind,
    OtherChargeSaleItemKind,
    DiscountItemKind,
    SalesOrderKind,
    InvoiceKind,
    CustomerPaymentKind,
    CreditMemoKind,
    CustomerDepositKind,
    DepositApplicationKind,
    CustomerRefundKind,
    DepositKind,
    JournalEntryKind,
)


def all_kinds(company: "Company") -> list[RecordKind]:
    """Every record type, for one company."""
    return [kind(company) for kind in KINDS]
