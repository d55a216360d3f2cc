"""The sample's documents: certificates, proofs and letters, printed and scanned."""
