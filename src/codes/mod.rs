//! Reference data that the API documents but does not serve: banks, wallets, EMI plans, error codes and
//! states.
//!
//! It is here so that programs neither spell codes out nor copy tables. All of it is as of November
//! 2026, and every set is open: Cashfree adds rows without notice, so a look-up that finds nothing means
//! "not known here", never "wrong", and nothing in this crate refuses a value for not being listed.

mod banks;
mod emi;
mod errors;
mod states;
mod wallets;

pub use banks::Bank;
pub use emi::{EmiKind, EmiPlan, EmiType};
pub use errors::{ErrorCode, ErrorType};
pub use states::{DisputeState, OrderState, PaymentState};
pub use wallets::Wallet;

/// An enum of the documented values of an open set of strings, each with what it means.
macro_rules! known {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`:")]
                $(#[doc = $doc])+
                $variant,
            )*
        }

        impl $name {
            /// Every value documented in November 2026.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The value as the API writes it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The value that the API writes so; `None` if it is not known here.
            pub fn by_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == code)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, code: &str) -> bool {
                self.as_str() == code
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, code: &&str) -> bool {
                self.as_str() == *code
            }
        }

        impl PartialEq<$name> for str {
            fn eq(&self, known: &$name) -> bool {
                known == self
            }
        }

        impl PartialEq<$name> for &str {
            fn eq(&self, known: &$name) -> bool {
                known == self
            }
        }
    };
}
use known;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::types::Amount;

    #[test]
    fn every_bank_and_wallet_is_found_by_code_and_by_name() {
        for bank in Bank::ALL {
            assert_eq!(Bank::by_code(bank.code), Some(bank));
            assert_eq!(Bank::by_name(&bank.name.to_uppercase()), Some(bank));
        }
        for wallet in Wallet::ALL {
            assert_eq!(Wallet::by_code(wallet.code), Some(wallet));
            assert_eq!(Wallet::by_name(&wallet.name.to_lowercase()), Some(wallet));
        }
        assert_eq!((Bank::by_code(1), Bank::by_code(-3003), Bank::by_code(i64::MAX)), (None, None, None));
        assert_eq!((Bank::by_name("Axis"), Wallet::by_name("")), (None, None));
        assert_eq!(
            [3003, 3071].map(|code| Bank::by_code(code).map(|bank| bank.tpv)),
            [Some(true), Some(false)]
        );
    }

    #[test]
    fn every_table_has_all_its_rows() {
        assert_eq!((Bank::ALL.len(), Wallet::ALL.len(), EmiPlan::ALL.len()), (86, 8, 95));
        assert_eq!((ErrorType::ALL.len(), ErrorCode::ALL.len()), (9, 121));
        assert_eq!((OrderState::ALL.len(), PaymentState::ALL.len(), DisputeState::ALL.len()), (5, 8, 35));
    }

    #[test]
    fn every_known_value_is_found_and_listed_once() {
        fn check<T: Copy + PartialEq + std::fmt::Debug>(
            all: &[T],
            as_str: fn(T) -> &'static str,
            by_code: fn(&str) -> Option<T>,
        ) {
            assert_eq!(all.iter().map(|known| as_str(*known)).collect::<HashSet<_>>().len(), all.len());
            for known in all {
                assert_eq!(by_code(as_str(*known)), Some(*known));
            }
            assert_eq!(by_code("something new"), None);
        }
        check(ErrorType::ALL, ErrorType::as_str, ErrorType::by_code);
        check(ErrorCode::ALL, ErrorCode::as_str, ErrorCode::by_code);
        check(OrderState::ALL, OrderState::as_str, OrderState::by_code);
        check(PaymentState::ALL, PaymentState::as_str, PaymentState::by_code);
        check(DisputeState::ALL, DisputeState::as_str, DisputeState::by_code);
    }

    #[test]
    fn plans_fit_between_their_limits_and_at_them() {
        let plan = EmiPlan::ALL.iter().find(|p| p.code == "cashe" && p.months == 6).unwrap();
        assert!(plan.fits(Amount::from_rupees(6_000)) && plan.fits(Amount::from_rupees(100_000)));
        assert!(!plan.fits(Amount::from_paise(599_999)) && !plan.fits(Amount::from_paise(10_000_001)));
        assert_eq!(plan.annual_percent().to_string(), "25.28");
        assert_eq!(EmiPlan::fitting(Amount::from_rupees(999)).count(), 0);
        assert!(EmiPlan::fitting(Amount::from_rupees(1_000)).all(|plan| plan.months == 3));
    }

    #[test]
    fn plans_make_sense() {
        for plan in EmiPlan::ALL {
            assert!(plan.minimum < plan.maximum && plan.months > 0, "{plan:?}");
            assert_eq!(plan.annual_percent().is_zero(), plan.emi_type == EmiType::NoCost, "{plan:?}");
        }
    }
}
