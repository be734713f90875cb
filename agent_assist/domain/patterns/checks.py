"""Check digits: UPS 1Z, UPU S10 (EMS), Luhn (bank cards), GB 11643 (Chinese identity cards)."""

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def ups(number: str) -> bool:
    """18 characters from "1Z"; letters count (code - 63) mod 10, every second character doubled."""
    body = number.upper()[2:]
    if len(body) != 16 or not body[-1].isdigit():
        return False
    digits = [int(char) if char.isdigit() else (ord(char) - 63) % 10 for char in body]
    total = sum(digit * (2 if index % 2 else 1) for index, digit in enumerate(digits[:-1]))
    return (10 - total % 10) % 10 == digits[-1]


def s10(number: str) -> bool:
    """Two letters, eight digits, check digit, two letters (UPU standard S10)."""
    digits = number[2:11]
    if len(number) != 13 or not digits.isdigit():
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _S10_WEIGHTS, strict=False)) % 11
    return {10: 0, 11: 5}.get(check, check) == int(digits[8])


def luhn(number: str) -> bool:
    """ISO/IEC 7812 check digit."""
    total = 0
    for index, char in enumerate(reversed(number)):
        digit = int(char) * (1 + index % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def bank_card(number: str) -> bool:
    """13 to 19 digits from a card scheme's range with a right check digit."""
    return 13 <= len(number) <= 19 and number[0] in "3456" and luhn(number)


def identity_card(number: str) -> bool:
    """18 characters: region, birthday, serial number, check character (GB 11643-1999)."""
    if len(number) != 18 or not number[:17].isdigit() or number[6:8] not in {"19", "20"}:
        return False
    if not ("01" <= number[10:12] <= "12" and "01" <= number[12:14] <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()
