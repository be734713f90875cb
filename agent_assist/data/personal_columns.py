"""Columns that hold personal data as a whole, whatever their values look like."""

from agent_assist.data.columns import column_key

_NAMES = {
    "PERSON": "customer, customer name, name, full name, user, user name, nickname, recipient, consignee, buyer,"
    "contact, 客户, 客户名, 客户姓名, 姓名, 用户, 用户名, 昵称, 买家, 买家昵称, 收件人, 收货人, 联系人, 客戶, 客戶姓名,"
    "暱稱, 買家",
    "PHONE": "phone, phone number, mobile, mobile number, tel, telephone, cell, contact number,"
    "电话, 手机, 手机号, 手机号码, 联系电话, 联系方式, 電話, 手機, 手機號碼",
    "EMAIL": "email, mail, email address, customer email, 邮箱, 电子邮箱, 邮件地址, 郵箱, 電子郵箱",
    "ADDRESS": "address, shipping address, delivery address, street, 地址, 收货地址, 收件地址, 住址, 收貨地址",
    "ID": "id card, id number, identity card, id card number, passport, 身份证, 身份证号, 身份证号码, 证件号, 身份證",
    "CARD": "card, card number, bank card, bank account, account number, iban, 银行卡, 银行卡号, 卡号, 银行账号,銀行卡",
    "ORDER": "order, order number, order no, order id, 订单, 订单号, 订单编号, 訂單, 訂單號",
    "TRACKING": "tracking, tracking number, waybill, 运单号, 快递单号, 物流单号, 運單號, 快遞單號",
}

_KINDS = {column_key(name): kind for kind, names in _NAMES.items() for name in names.split(",")}


def kind_of_column(name: str) -> str | None:
    """The word of the placeholder for a column's values, None for a column of other things."""
    return _KINDS.get(column_key(name))
