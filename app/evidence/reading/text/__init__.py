"""Text: characters, dates, amounts and values as documents print them."""
