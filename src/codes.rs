//! Reference data: banks, wallets, EMI plans, error codes and states.
