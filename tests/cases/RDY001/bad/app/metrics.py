from prometheus_client import Counter, Histogram

PAYMENTS = Counter("ledger_payments_failed", "Payments that were refused.", ["currency"])
POSTING = Histogram("posting_seconds", "How long a posting takes.", namespace="ledger")
