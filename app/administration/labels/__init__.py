"""Labels: every code of the API in Chinese and English."""
