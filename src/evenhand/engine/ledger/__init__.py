"""The ledger's mathematics: Merkle tree, signed checkpoints, proofs, and the check of a whole ledger. No storage."""
