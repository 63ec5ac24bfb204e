"""The home of a company."""


def home(company):
    return f"/companies/{company.slug}/home/"
