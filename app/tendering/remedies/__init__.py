"""Questions 质疑 and complaints 投诉 of suppliers, with their clocks and what they hold back."""
