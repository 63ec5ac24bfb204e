"""What is asked of the sandbox over real HTTP."""


def subscribe(client):
    customer = client.v1.customers.create({"email": "ada@example.org"})
    price = client.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 700,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Gold <3"},
        }
    )
    return client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer.id,
            "line_items": [{"price": price.id, "quantity": 1}],
            "success_url": "https://site.test/done?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://site.test/back",
        }
    )
