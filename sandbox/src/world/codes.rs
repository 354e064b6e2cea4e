//! Banks, EMI plans and currencies: what exists, so that what does not can be refused.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::money;
use super::values::TEST_BANK;

/// Codes and names of the banks that take net banking.
const BANKS: &[(u64, &str)] = &[
    (3003, "Axis Bank"),
    (3005, "Bank of Baroda - Retail Banking"),
    (3006, "Bank of India"),
    (3007, "Bank of Maharashtra"),
    (3009, "Canara Bank"),
    (3010, "CSB Bank Limited"),
    (3011, "Central Bank of India"),
    (3012, "City Union Bank"),
    (3016, "Deutsche Bank"),
    (3017, "DBS Bank Ltd"),
    (3018, "DCB Bank - Personal"),
    (3019, "Dhanlakshmi Bank"),
    (3020, "Federal Bank"),
    (3021, "HDFC Bank"),
    (3022, "ICICI Bank"),
    (3023, "IDBI Bank"),
    (3024, "IDFC FIRST Bank"),
    (3026, "Indian Bank"),
    (3027, "Indian Overseas Bank"),
    (3028, "IndusInd Bank"),
    (3029, "Jammu and Kashmir Bank"),
    (3030, "Karnataka Bank Ltd"),
    (3031, "Karur Vysya Bank"),
    (3032, "Kotak Mahindra Bank"),
    (3037, "Punjab & Sind Bank"),
    (3038, "Punjab National Bank - Retail Banking"),
    (3039, "RBL Bank"),
    (3040, "Saraswat Bank"),
    (3041, "Shamrao Vitthal Co-operative Bank"),
    (3042, "South Indian Bank"),
    (3043, "Standard Chartered Bank"),
    (3044, "State Bank Of India"),
    (3051, "Tamil Nadu State Co-operative Bank"),
    (3052, "Tamilnad Mercantile Bank Ltd"),
    (3054, "UCO Bank"),
    (3055, "Union Bank of India"),
    (3058, "Yes Bank Ltd"),
    (3060, "Bank of Baroda - Corporate"),
    (3061, "Bank of India - Corporate"),
    (3065, "Punjab National Bank - Corporate"),
    (3066, "State Bank of India - Corporate"),
    (3067, "Union Bank of India - Corporate"),
    (3071, "Axis Bank - Corporate"),
    (3072, "Dhanlaxmi Bank - Corporate"),
    (3073, "ICICI Bank - Corporate"),
    (3075, "Shamrao Vithal Bank - Corporate"),
    (3076, "Equitas Small Finance Bank"),
    (3077, "Yes Bank - Corporate"),
    (3080, "Barclays - Corporate"),
    (3081, "Indian Overseas Bank - Corporate"),
    (3084, "HDFC Corporate"),
    (3086, "Shivalik Small Finance Bank"),
    (3087, "AU Small Finance Bank"),
    (3088, "Bandhan Bank - Retail Banking"),
    (3089, "Utkarsh Small Finance Bank"),
    (3090, "The Surat Peoples Co-operative Bank Limited"),
    (3091, "Gujarat State Co-operative Bank Limited"),
    (3092, "HSBC Retail NetBanking"),
    (3094, "Andhra Pragathi Grameena Bank"),
    (3095, "Bank of Bahrain and Kuwait"),
    (3097, "Cosmos Bank"),
    (3098, "Capital Small Finance Bank"),
    (3100, "ESAF Small Finance Bank"),
    (3101, "Fincare Bank"),
    (3102, "Jana Small Finance Bank"),
    (3104, "Janata Sahakari Bank Ltd Pune"),
    (3105, "Kalyan Janata Sahakari Bank"),
    (3106, "The Kalupur Commercial Co-Operative Bank"),
    (3107, "Karnataka Vikas Grameena Bank"),
    (3108, "Maharashtra Gramin Bank"),
    (3109, "Mehsana urban Co-op Bank"),
    (3111, "NKGSB Co-op Bank"),
    (3112, "Nutan Nagarik Sahakari Bank Limited"),
    (3113, "Karnataka Gramin Bank"),
    (3114, "RBL Bank Limited - Corporate"),
    (3115, "SBM Bank India"),
    (3116, "Suryoday Small Finance Bank"),
    (3117, "The Sutex Co-op Bank Ltd"),
    (3118, "Thane Bharat Sahakari Bank Ltd"),
    (3119, "TJSB Bank"),
    (3120, "Varachha Co-operative Bank Limited"),
    (3121, "Zoroastrian Co-Operative Bank Ltd"),
    (3122, "UCO Bank Corporate"),
    (3123, "Airtel Payments Bank"),
    (3124, "IDBI Bank - Corporate"),
    (3126, "Ujjivan Small Finance Bank"),
];

/// `Credit`, `Debit` or `Cardless`, code, name, and plans: months, hundredths of a percent a year, least and
/// most rupees.
type Lender = (&'static str, &'static str, &'static str, &'static [(u64, i64, u32, u32)]);

#[rustfmt::skip]
const LENDERS: &[Lender] = &[
    ("Credit", "hdfc", "HDFC Bank", &[(3, 1600, 1000, 500000), (6, 1600, 3000, 500000), (9, 1600, 3000, 500000), (12, 1600, 3000, 500000)]),
    ("Credit", "axis", "Axis Bank", &[(3, 1600, 2500, 1000000), (6, 1600, 2500, 1000000), (9, 1600, 2500, 1000000), (12, 1600, 2500, 1000000), (18, 1600, 2500, 1000000), (24, 1600, 2500, 1000000)]),
    ("Credit", "icici", "ICICI Bank", &[(3, 1599, 1500, 500000), (6, 1599, 1500, 500000), (9, 1599, 1500, 500000), (12, 1599, 1500, 500000), (18, 1599, 1500, 500000), (24, 1599, 1500, 500000)]),
    ("Credit", "kotak", "Kotak Bank", &[(3, 1600, 1000, 1000000), (6, 1600, 2500, 1000000), (9, 1600, 2500, 1000000), (12, 1600, 2500, 1000000), (18, 1600, 2500, 1000000), (24, 1600, 2500, 1000000)]),
    ("Credit", "bob", "Bank of Baroda", &[(3, 1600, 2500, 1000000), (6, 1600, 2500, 1000000), (9, 1600, 2500, 1000000), (12, 1600, 2500, 1000000), (18, 1600, 2500, 1000000), (24, 1600, 2500, 1000000), (36, 1600, 2500, 1000000)]),
    ("Credit", "standard chartered", "Standard Chartered", &[(3, 1188, 2000, 500000), (6, 1400, 2000, 500000), (9, 1500, 2000, 500000), (12, 1500, 2000, 500000), (18, 1500, 2000, 500000), (24, 1500, 2000, 500000)]),
    ("Credit", "rbl", "RBL Bank", &[(3, 1300, 1500, 1000000), (6, 1400, 1500, 1000000), (9, 1500, 1500, 1000000), (12, 1500, 1500, 1000000), (18, 1500, 1500, 1000000), (24, 1500, 1500, 1000000)]),
    ("Credit", "au", "AU Small Bank", &[(3, 1600, 2000, 1000000), (6, 1600, 2000, 1000000), (9, 1600, 2000, 1000000), (12, 1600, 2000, 1000000), (18, 1600, 2000, 1000000), (24, 1600, 2000, 1000000)]),
    ("Credit", "yes", "Yes Bank", &[(3, 1600, 1500, 1000000), (6, 1600, 1500, 1000000), (9, 1600, 1500, 1000000), (12, 1600, 1500, 1000000), (18, 1600, 1500, 1000000), (24, 1600, 1500, 1000000)]),
    ("Credit", "hsbc", "HSBC", &[(3, 1250, 2000, 1000000), (6, 1250, 2000, 1000000), (9, 1350, 2000, 1000000), (12, 1350, 2000, 1000000)]),
    ("Credit", "amex", "American Express", &[(3, 1400, 5000, 1000000), (6, 1400, 5000, 1000000), (9, 1400, 5000, 1000000), (12, 1400, 5000, 1000000), (18, 1500, 5000, 1000000), (24, 1500, 5000, 1000000)]),
    ("Debit", "hdfc", "HDFC Bank", &[(3, 1600, 3000, 500000), (6, 1600, 5000, 500000), (9, 1600, 5000, 500000), (12, 1600, 5000, 500000), (18, 1600, 5000, 500000), (24, 1600, 5000, 500000)]),
    ("Cardless", "hdfc", "HDFC Bank", &[(3, 1600, 3000, 500000), (6, 1600, 5000, 500000), (9, 1600, 5000, 500000), (12, 1600, 5000, 500000), (18, 1600, 5000, 500000), (24, 1600, 5000, 500000)]),
    ("Cardless", "kotak", "Kotak Bank", &[(3, 1900, 3000, 200000), (6, 1900, 5000, 200000), (9, 1900, 5000, 200000), (12, 1900, 5000, 200000)]),
    ("Cardless", "icici", "ICICI Bank", &[(3, 1700, 7000, 500000), (6, 1700, 7000, 500000), (9, 1700, 7000, 500000), (12, 1700, 7000, 500000)]),
    ("Cardless", "idfc", "IDFC Bank", &[(3, 2400, 5000, 100000), (6, 2400, 5000, 100000), (9, 2400, 5000, 100000), (12, 2400, 5000, 100000)]),
    ("Cardless", "cashe", "CASHe", &[(3, 2378, 1000, 100000), (6, 2528, 6000, 100000), (9, 2563, 9000, 100000), (12, 2580, 12000, 100000)]),
    ("Cardless", "zestmoney", "ZestMoney", &[(3, 0, 5000, 150000), (6, 3600, 5000, 150000), (9, 3600, 5000, 150000), (12, 3600, 5000, 150000)]),
];
/// The currencies that an order may have.
const CURRENCIES: &[&str] = &[
    "AED", "AUD", "BDT", "BHD", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "IDR", "INR", "JPY", "KES",
    "KRW", "KWD", "LKR", "MUR", "MYR", "NOK", "NPR", "NZD", "OMR", "PHP", "QAR", "RUB", "SAR", "SEK", "SGD",
    "THB", "TRY", "TWD", "USD", "VND", "ZAR",
];

pub(crate) fn is_currency(code: &str) -> bool {
    CURRENCIES.contains(&code)
}

/// All banks that take net banking, the test bank last.
pub(crate) fn banks() -> impl Iterator<Item = (u64, &'static str)> {
    BANKS.iter().copied().chain([(TEST_BANK.0, TEST_BANK.2)])
}

pub(crate) fn bank(code: u64) -> Option<&'static str> {
    banks().find(|(known, _)| *known == code).map(|(_, name)| name)
}

/// A way to pay in parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) lender: &'static str,
    pub(crate) months: u64,
    /// Percent a year.
    pub(crate) interest: Decimal,
    least: u32,
    most: u32,
}

impl Plan {
    pub(crate) fn takes(&self, amount: Decimal) -> bool {
        amount >= Decimal::from(self.least) && amount <= Decimal::from(self.most)
    }

    /// What is paid each month: a month's interest on half the sum on average, as lenders put it in a leaflet.
    pub(crate) fn parts(&self, amount: Decimal) -> (Decimal, Decimal) {
        let months = Decimal::from(self.months);
        let interest = amount * self.interest / Decimal::from(2400) * (months + Decimal::ONE);
        (((amount + interest) / months).round_dp(2), interest.round_dp(2))
    }

    pub(crate) fn details(&self, amount: Decimal) -> Value {
        json!({
            "emi_amount": money::number(self.parts(amount).0), "emi_tenure": self.months,
            "emi_interest": money::number(self.interest),
        })
    }
}

/// The plans of a lender of this kind, or of all.
pub(crate) fn plans(kind: &str, lender: Option<&str>) -> impl Iterator<Item = Plan> {
    let wanted = LENDERS.iter().filter(move |(of, code, ..)| {
        *of == kind && lender.is_none_or(|lender| lender.eq_ignore_ascii_case(code))
    });
    wanted.flat_map(|(_, code, _, plans)| {
        plans.iter().map(|(months, interest, least, most)| Plan {
            lender: code,
            months: *months,
            interest: Decimal::new(*interest, 2),
            least: *least,
            most: *most,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banks_and_plans_are_found() {
        assert_eq!(bank(3021), Some("HDFC Bank"));
        assert_eq!(bank(3333), Some("TEST Bank"));
        assert_eq!(bank(9999), None);
        let plan = plans("Credit", Some("HDFC")).find(|plan| plan.months == 6).expect("a plan");
        assert!(plan.takes(Decimal::from(3000)) && !plan.takes(Decimal::from(2999)));
        assert_eq!(plan.parts(Decimal::from(6000)).1, Decimal::from(280));
        assert!(plans("Credit", Some("hdfc")).all(|plan| plan.months != 7));
    }
}
