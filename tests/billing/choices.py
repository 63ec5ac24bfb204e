"""What is sent from the page on which one chooses to sponsor."""

NEW = {
    "sponsor": "organisation", "display_name": "Kestrel Bank", "legal_name": "Kestrel Bank plc",
    "country": "GB", "website": "https://kestrel.example", "billing_email": "pay@kestrel.example",
}  # fmt: skip


def form(tier, **values):
    prices = {"month_price": tier.monthly or "", "year_price": tier.yearly or ""}
    return {"interval": "month", "visibility": "public", **prices, **values}


def send(client, tier, **values):
    return client.post(f"/sponsor/{tier.pk}/", form(tier, **values))
