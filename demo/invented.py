"""Names, telephone numbers and codes that belong to nobody.

People are a surname, then 云, 岭 or 禾, then a plain ordinal sign, so that a page looks natural and nobody is meant.
Telephone numbers begin with 000, which no line does. Credit codes carry the region code 990100 of the fictional
county, which GB/T 2260 does not give to any place.
"""

import random

from stdnum.cn import uscc

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹章苏潘"
    "葛范彭鲁韦马苗方任袁柳史唐薛雷贺汤罗毕安常康伍余顾孟黄萧尹姚邵汪毛米明宋"
)
MIDDLES = "云岭禾"
LASTS = "一二三四五六七八九十甲乙丙丁初元正平和同"
_ORGANISATION_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class People:
    """Deals invented names, each once, in an order that depends on the seed only."""

    def __init__(self, seed: str):
        names = [a + b + c for a in SURNAMES for b in MIDDLES for c in LASTS]
        random.Random(seed).shuffle(names)
        self._names = names
        self._next = 0
        self._seed = seed

    def name(self) -> str:
        found = self._names[self._next % len(self._names)]
        self._next += 1
        return found

    def phone(self) -> str:
        return phone(f"{self._seed}{self._next}")


def phone(key: str) -> str:
    """A number that cannot be dialled, the same for the same key: 000-NNNNNNN."""
    return f"000-{random.Random('phone' + key).randrange(10**7):07d}"


def credit_code(number: int, region: str = "990100") -> str:
    """A valid unified social credit code (统一社会信用代码) for the `number`-th invented enterprise of a place."""
    digits = ""
    for _place in range(8):
        number, rest = divmod(number, len(_ORGANISATION_SIGNS))
        digits = _ORGANISATION_SIGNS[rest] + digits
    values = [int(sign, 36) for sign in digits]
    rest = 11 - sum(w * v for w, v in zip(_ORGANISATION_WEIGHTS, values, strict=True)) % 11
    check = {10: "X", 11: "0"}.get(rest, str(rest))
    body = f"91{region}{digits}{check}"
    return body + uscc.calc_check_digit(body)


FIRSTS = "青沃丰润恒瑞康盛泽嘉启远宏兴茂朗卓景晟翠晨禹舜凯浩澜翔旭"
SECONDS = "禾野源泰达原川和峰岳林田穗谷溪泉辉诚信联"


def brands(seed: str) -> list[str]:
    """Two-sign brand words, each once."""
    found = [a + b for a in FIRSTS for b in SECONDS]
    random.Random(seed).shuffle(found)
    return found
