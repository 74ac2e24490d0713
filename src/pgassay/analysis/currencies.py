"""ISO 4217: which codes are currencies, and how many decimals each has."""

from __future__ import annotations

_TWO = """
aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf cny
cop crc cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gtq gyd hkd hnl htg huf
idr ils inr irr jmd kes kgs khr kpw kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mru mur
mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sdg
sek sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt top try ttd twd tzs uah usd uyu uzs ved ves
wst xad xcd xcg yer zar zmw zwg bov chf che chw cou mxv usn
"""
_NONE = "bif clp djf gnf isk jpy kmf krw pyg rwf ugx uyi vnd vuv xaf xof xpf"
_THREE = "bhd iqd jod kwd lyd omr tnd"
_FOUR = "clf uyw"
# Gone since 2017 or so; old rows rightly have them.
_PAST = "ang bgn bif cuc eek hrk ltl lvl sll std mro zwl"

MINOR_UNITS: dict[str, int] = {
    code.upper(): decimals
    for decimals, codes in ((2, _TWO + " " + _PAST), (0, _NONE), (3, _THREE), (4, _FOUR))
    for code in codes.split()
}
"""Decimals by code (ISO 4217:2015, list one with its amendments to 2025; and codes of list three
that were withdrawn since 2010). Metals and testing codes (XAU, XTS) have none and are left out."""
