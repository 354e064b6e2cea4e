//! Wallets and their codes.

/// A wallet that takes payments.
///
/// ```
/// use cashfree_pg::codes::Wallet;
///
/// assert_eq!(Wallet::PHONEPE.code, 4009);
/// assert_eq!(Wallet::by_code(4008), Wallet::by_name("amazon pay"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Wallet {
    /// The wallet's name.
    pub name: &'static str,
    /// Its code.
    pub code: u16,
}

impl Wallet {
    /// The wallet of a code.
    pub fn by_code(code: impl Into<i64>) -> Option<&'static Wallet> {
        let code = code.into();
        Self::ALL.iter().find(|wallet| i64::from(wallet.code) == code)
    }

    /// The wallet of a name, in any letter case.
    pub fn by_name(name: &str) -> Option<&'static Wallet> {
        Self::ALL.iter().find(|wallet| wallet.name.eq_ignore_ascii_case(name))
    }
}

macro_rules! wallets {
    ($($constant:ident = $name:literal, $code:literal;)*) => {
        impl Wallet {
            $(
                #[doc = $name]
                pub const $constant: Wallet = Wallet { name: $name, code: $code };
            )*

            /// Every wallet known in November 2026.
            pub const ALL: &'static [Wallet] = &[$(Self::$constant),*];
        }
    };
}

wallets! {
    FREECHARGE = "FreeCharge", 4001;
    MOBIKWIK = "MobiKwik", 4002;
    OLA_MONEY = "Ola Money", 4003;
    AIRTEL_MONEY = "Airtel Money", 4006;
    AMAZON_PAY = "Amazon Pay", 4008;
    PAYTM = "PayTM", 4007;
    PHONEPE = "PhonePe", 4009;
    TEST_WALLET_SANDBOX = "Test Wallet (Sandbox)", 4010;
}
