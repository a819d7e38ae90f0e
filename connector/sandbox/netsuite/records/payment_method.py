"""Payment Method: a list record that transactions may refer to."""

from .listed import ListedKind


class PaymentMethodKind(ListedKind):
    name = "paymentMethod"
    wire = "PaymentMethod"
    group = "paymentMethod"
    title = "Payment Method"
    permission = "Lists -> Payment Methods"
