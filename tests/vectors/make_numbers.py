#!/usr/bin/env python3
"""Writes numbers.json: what another implementation says of ID numbers and companies' codes.

How to run it. Python 3.9 or newer and one package from PyPI are needed:

    python3 -m venv venv
    venv/bin/pip install python-stdnum==2.2
    venv/bin/python make_numbers.py numbers.json

What it does: 200 ID numbers with the package's list of places, check character and birth date; the 15 digits of those
born in the 20th century, as GB 11643-1989 had them; credit codes with the package's check character, licence numbers
with its ISO 7064 MOD 11,10, and organisation codes with GB 11714's rule, written down here a second time. Every number is
made up from a fixed seed, so running it twice gives the same file.
"""
import json
import random
import sys

from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_10

rng = random.Random(20261121)


def province(code):
    for part, properties in numdb.get("cn/loc").info(code):
        if "province" in properties:
            # Two names of the package's list are written in the other script.
            return properties["province"].replace("別行政區", "别行政区").replace("澳門", "澳门")
    return None


def id_cards():
    codes = [f"{number:06d}" for number in range(110000, 840000, 100)]
    places = sorted({code[:2]: code for code in codes if province(code)}.values())
    for place in places * 8:
        born = f"{rng.randint(1880, 2025)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        body = f"{place}{born}{rng.randint(0, 995):03d}"
        number = body + ric.calc_check_digit(body + "0")
        date = ric.get_birth_date(number)
        card = {
            "number": number,
            "areaCode": place,
            "province": province(place),
            "birthDate": date.isoformat(),
            "sex": "male" if int(number[16]) % 2 else "female",
        }
        if born.startswith("19"):
            card["historic"] = number[:6] + number[8:17]
        yield card
    # 996 to 999: a hundred years old when the card was made.
    for sequence in ("996", "999"):
        body = f"11010118880101{sequence}"
        number = body + ric.calc_check_digit(body + "0")
        yield {
            "number": number,
            "areaCode": "110101",
            "province": province("110101"),
            "birthDate": "1888-01-01",
            "sex": "male" if int(number[16]) % 2 else "female",
            "historic": number[:6] + number[8:17],
        }


def organisation_code():
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    body = "".join(rng.choice(alphabet) for _ in range(8))
    total = sum(int(c, 36) * weight for c, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2)))
    return f"{body}-{'0123456789X'[(11 - total % 11) % 11]}"


def companies():
    for _ in range(60):
        body = f"{rng.choice(['91', '92', '12', '51'])}{rng.randint(110000, 659999)}"
        body += "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(9))
        code = uscc.validate(body + uscc.calc_check_digit(body))
        yield {"code": code, "kind": "credit_code"}
        body = "".join(rng.choice("0123456789") for _ in range(14))
        yield {"code": mod_11_10.validate(body + mod_11_10.calc_check_digit(body)), "kind": "licence_number"}
        yield {"code": organisation_code(), "kind": "organisation_code"}


with open(sys.argv[1], "w", encoding="utf-8") as out:
    lists = {"idCards": list(id_cards()), "companies": list(companies())}
    blocks = []
    for name, entries in lists.items():
        rows = ",\n".join(f"    {json.dumps(entry, ensure_ascii=False)}" for entry in entries)
        blocks.append(f'  "{name}": [\n{rows}\n  ]')
    out.write("{\n" + ",\n".join(blocks) + "\n}\n")
