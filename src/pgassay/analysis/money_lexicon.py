"""The words by which a column's name says money, something else, or nothing.

All are lower case and singular. A word stands in the set that is right for most databases; the
configuration (`[money] columns` and `not_money`) is there for the rest.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRONG = _words(
    """
    allowance amount amt bonus budget cash cashback cent charge commission compensation cost credit
    debit debt deposit dividend dollar donation earned earning ebitda euro expenditure expense
    fare fee fund funding gmv gst income investment loan money mortgage opex capex overdraft owed
    pay payable payment payout payroll pension pmt pnl price profit proceed receivable rebate
    refund remuneration rent repayment revenue royalty rupee salary saving spend spending spent
    stipend subsidy subtotal surcharge tax tuition vat wage withdrawal
    betrag importe montant precio preis prix saldo balance
    """
)
"""They say money by themselves."""

WEAK = _words(
    """
    ask asset award bal bid bill billed capital charged contribution discount donated due duty
    equity freight gain gross grant insurance interest invested levy liability limit loss margin
    markup net outstanding paid penalty pledge postage premium principal prize purchase
    refunded reserve reward sale saved shipping stake sum target threshold tip total
    turnover valuation value worth
    """
)
"""They say money only beside other evidence."""

CURRENCIES = _words(
    """
    aed ars aud bgn brl byn cad chf clp cny cop czk dkk egp eur gbp hkd hrk huf idr ils inr isk
    jpy kes krw kwd kzt mxn myr ngn nok nzd pkr pln rmb rub sar sek sgd thb tnd twd tzs uah ugx
    usd uyu uzs vnd xaf xof zar
    """
)
"""Codes that are hardly ever something else; `try`, `all`, `php` and `pen` are left out."""

MONEY_TABLES = _words(
    """
    account accounting bank billing bill budget cart charge checkout commission cost credit debit
    deposit dividend donation expense fee finance financial fund income invoice ledger loan
    mortgage order payment payout payroll portfolio pricing price purchase receipt refund revenue
    salary sale saving settlement spending subscription tax trade transaction transfer txn wage
    wallet withdrawal
    """
)
"""A table so named deals in money; in a column's own name they support a weak word too."""

SUPPORTING = MONEY_TABLES | _words("asset book cash contract deal estate fair market money pay")

NEVER = _words(
    """
    accuracy apr apy bps cagr cnt coef coeff coefficient confidence correlation count ctr
    elasticity elo entropy factor fraction growth irr kurtosis lat latitude likelihood lng log lon
    longitude multiplier nr num number odd pct percent percentage percentile prob probability
    proportion qty quantile quantity rank ranking rating ratio roa roi score scoring sensitivity
    sentiment similarity skewness std stddev trend utilisation utilization variance volatility
    zscore
    """
)
"""Wherever they stand in a name, it is not money."""

HEADS = _words(
    """
    age area attempt band bracket category center centre class code cycle date day decimal delay
    digit distance duration elapsed flag freq frequency grade group hash height hour hr id idx
    impact index indices interval key kg kind km kwh label lag latency lead length level list lvl
    mah method mile minute mode month multiple no offset period point position precision priority
    quarter rate retries scale sec second seq sequence share signal size stage state status step
    temperature term tier time timestamp type usage uuid version volume week weight width year
    yield zone
    """
)
"""What a name is about if they come last (`tax_rate`), not if they come first (`hour_price`)."""

UNITS = _words(
    """
    age area attempt distance duration height hour hr kg km kwh length mile minute point rate sec
    size step time token usage volume weight width
    """
)
"""Directly countable things, which make weak words and those of COUNTING_TOO speak of them."""

PERIODS = _words("day month quarter week year")
"""Countable too, but only in the plural: `days_saved`, whereas `month_budget` is money."""

COUNTING_TOO = _words(
    "allowance amount amt balance bonus budget credit debt earned saldo saving spend spending spent"
)
"""Strong words for amounts of anything: `hours_spent`, `points_balance`."""

ELSEWHERE: dict[str, frozenset[str]] = {
    "allowance": _words("bandwidth baggage calorie data holiday leave luggage vacation"),
    "amount": _words(
        """
        calorie carb dosage dose drug fat fertilizer food grain ingredient medication medicine
        nutrient nutrition prescription protein rain rainfall recipe salt sugar vitamin water
        weather
        """
    ),
    "balance": _words(
        "color colour energy heat holiday leave life mass pto sick stereo vacation water white"
    ),
    "bonus": _words("armor attack damage skill stat xp"),
    "budget": _words("calorie carbon error frame latency memory power token"),
    "charge": _words(
        "atomic battery electric electrical formal ion ionic partial particle soc space"
    ),
    "cost": _words("edge heuristic node path planner search"),
    "credit": _words("academic carbon course ect lecture module social student"),
    "debt": _words("oxygen sleep tech technical"),
    "deposit": _words("calcium fat mineral"),
    "earned": _words("badge skill xp"),
    "expenditure": _words("calorie energy"),
    "saving": _words("carbon co emission energy fuel memory water"),
    "spend": _words("calorie energy"),
    "spent": _words("calorie energy fuel"),
}
"""Company in which a word means something else (`battery_charge`, `leave_balance`)."""

TURNING = _words(
    """
    above after at before below between by during for from in last next of over per previous prior
    since this to under until within
    """
)
"""What follows them only describes what came before: `price_per_hour`, `days_since_payment`."""

RATIO_BASES = _words("asset book cost debt earning equity expense gdp income revenue sale value")
"""`price_to_earnings`, `debt_to_income`: a ratio of two sums."""

FILLERS = _words(
    """
    actual annual available average avg base basic buying client closing customer daily delivery
    ending estimated expected ccy currency
    family final first grand hourly household initial item max maximum
    min minimum monthly opening original pending personal planned product quarterly retail selling
    service starting taxable unit user weekly wholesale yearly
    """
)
"""Words without a say, known so that run-together names can be split."""

LOOKALIKES = _words(
    """
    accredit counterbalance decommission discharge discredit imbalance intuition learned learning
    lifesaving nonprofit overbalance paramount rebalance recharge recommission supercharge
    suspending suspension tantamount timesaving unbalance unlearned yearned yearning
    """
)
"""They only end like a money word."""
