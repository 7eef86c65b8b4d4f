"""Functions on e-mail addresses and telephone numbers."""

from __future__ import annotations

import phonenumbers

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.functions.domains import registered_part
from evenhand.engine.rules.values import Expected

FAMILY = Family()


@FAMILY.add("EmailDomain", cost=2)
def email_domain(email: str) -> str:
    """What stands behind the "@" of an e-mail address, in lower case.

    No value: it is no e-mail address.
    """
    return _parts(email)[1]


@FAMILY.add("EmailSubdomain", cost=10)
def email_subdomain(email: str) -> str:
    """What stands in an e-mail address between "@" and the domain that somebody has registered: "mail" of
    "kim@mail.example.co.uk"; empty when nothing does.

    No value: it is no e-mail address, or its domain is not one that can be registered.
    """
    domain = _parts(email)[1]
    return domain.removesuffix(registered_part(domain)).removesuffix(".")


@FAMILY.add("EmailLocalPart", cost=2)
def email_local_part(email: str) -> str:
    """What stands before the "@" of an e-mail address, as it is written.

    No value: it is no e-mail address.
    """
    return _parts(email)[0]


@FAMILY.add("PhoneCountry", cost=50)
def phone_country(phone_number: str) -> str:
    """The country of a telephone number, as ISO 3166 has it: "GB".

    `phone_number`: international, with "+" and the country's code. No value: it is none of a country.
    """
    region = phonenumbers.region_code_for_number(_number(phone_number))
    if region is None or not region.isalpha():
        raise Expected
    return region


@FAMILY.add("PhonePrefix", cost=50)
def phone_prefix(phone_number: str) -> str:
    """The country's code of a telephone number, with its "+": "+44".

    `phone_number`: international, with "+" and the country's code. No value: it is no telephone number.
    """
    return f"+{_number(phone_number).country_code}"


def _parts(email: str) -> tuple[str, str]:
    local, _, domain = email.strip().rpartition("@")
    if not local or not domain:
        raise Expected
    return local, domain.lower()


def _number(written: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException as error:
        raise Expected from error
