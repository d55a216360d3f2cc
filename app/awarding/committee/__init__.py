"""The evaluation committee 评标委员会 of a tender, refused where the law does not allow its composition."""
