"""SQL and nothing else: tables, transactions, and the questions asked of them."""
