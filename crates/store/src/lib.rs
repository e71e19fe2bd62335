//! Ledger, history blocks and their projections on disk.
