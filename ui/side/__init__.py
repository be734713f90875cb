"""The panel beside the conversation: order, customer, products, other tickets, solved tickets like this one."""
