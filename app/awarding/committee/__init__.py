"""The evaluation committee 评标委员会 of a tender, rejected if its composition is unlawful."""
