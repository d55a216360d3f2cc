"""The invented papers: certificates, proofs and letters, printed and scanned."""
