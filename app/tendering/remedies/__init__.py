"""Questions 质疑 and complaints 投诉 of suppliers, with their periods and the steps that they suspend."""
