//! Net-banking banks, so that a bank is chosen by name and not by a number out of a PDF.

/// A bank that takes net-banking payments.
///
/// ```
/// use cashfree_pg::codes::Bank;
///
/// assert_eq!(Bank::AXIS_BANK.code, 3003);
/// assert_eq!(Bank::by_code(3003), Some(&Bank::AXIS_BANK));
/// assert_eq!(Bank::by_name("axis bank"), Some(&Bank::AXIS_BANK));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Bank {
    /// The bank's name. Retail and corporate net banking are different rows.
    pub name: &'static str,
    /// The `netbanking_bank_code` of a payment request.
    pub code: u16,
    /// Whether it supports third-party validation: a payment from a given account only.
    pub tpv: bool,
}

impl Bank {
    /// The bank of a `netbanking_bank_code`.
    pub fn by_code(code: impl Into<i64>) -> Option<&'static Bank> {
        let code = code.into();
        Self::ALL.iter().find(|bank| i64::from(bank.code) == code)
    }

    /// The bank of a name, in any letter case.
    pub fn by_name(name: &str) -> Option<&'static Bank> {
        Self::ALL.iter().find(|bank| bank.name.eq_ignore_ascii_case(name))
    }
}

macro_rules! banks {
    ($($constant:ident = $name:literal, $code:literal, tpv: $tpv:literal;)*) => {
        impl Bank {
            $(
                #[doc = $name]
                pub const $constant: Bank = Bank { name: $name, code: $code, tpv: $tpv };
            )*

            /// Every bank known in November 2026, by name.
            pub const ALL: &'static [Bank] = &[$(Self::$constant),*];
        }
    };
}

banks! {
    AIRTEL_PAYMENTS_BANK = "Airtel Payments Bank", 3123, tpv: false;
    ANDHRA_PRAGATHI_GRAMEENA_BANK = "Andhra Pragathi Grameena Bank", 3094, tpv: false;
    AU_SMALL_FINANCE_BANK = "AU Small Finance Bank", 3087, tpv: true;
    AXIS_BANK = "Axis Bank", 3003, tpv: true;
    AXIS_BANK_CORPORATE = "Axis Bank - Corporate", 3071, tpv: false;
    BANDHAN_BANK_RETAIL_BANKING = "Bandhan Bank - Retail Banking", 3088, tpv: true;
    BANK_OF_BAHRAIN_AND_KUWAIT = "Bank of Bahrain and Kuwait", 3095, tpv: false;
    BANK_OF_BARODA_CORPORATE = "Bank of Baroda - Corporate", 3060, tpv: true;
    BANK_OF_BARODA_RETAIL_BANKING = "Bank of Baroda - Retail Banking", 3005, tpv: true;
    BANK_OF_INDIA = "Bank of India", 3006, tpv: true;
    BANK_OF_INDIA_CORPORATE = "Bank of India - Corporate", 3061, tpv: false;
    BANK_OF_MAHARASHTRA = "Bank of Maharashtra", 3007, tpv: false;
    BARCLAYS_CORPORATE = "Barclays - Corporate", 3080, tpv: false;
    CANARA_BANK = "Canara Bank", 3009, tpv: true;
    CAPITAL_SMALL_FINANCE_BANK = "Capital Small Finance Bank", 3098, tpv: true;
    CENTRAL_BANK_OF_INDIA = "Central Bank of India", 3011, tpv: false;
    CITY_UNION_BANK = "City Union Bank", 3012, tpv: true;
    COSMOS_BANK = "Cosmos Bank", 3097, tpv: true;
    CSB_BANK_LIMITED = "CSB Bank Limited", 3010, tpv: true;
    DBS_BANK_LTD = "DBS Bank Ltd", 3017, tpv: false;
    DCB_BANK_PERSONAL = "DCB Bank - Personal", 3018, tpv: false;
    DEUTSCHE_BANK = "Deutsche Bank", 3016, tpv: true;
    DHANLAKSHMI_BANK = "Dhanlakshmi Bank", 3019, tpv: true;
    DHANLAXMI_BANK_CORPORATE = "Dhanlaxmi Bank - Corporate", 3072, tpv: false;
    EQUITAS_SMALL_FINANCE_BANK = "Equitas Small Finance Bank", 3076, tpv: false;
    ESAF_SMALL_FINANCE_BANK = "ESAF Small Finance Bank", 3100, tpv: false;
    FEDERAL_BANK = "Federal Bank", 3020, tpv: true;
    FINCARE_BANK = "Fincare Bank", 3101, tpv: false;
    GUJARAT_STATE_CO_OPERATIVE_BANK_LIMITED = "Gujarat State Co-operative Bank Limited", 3091, tpv: true;
    HDFC_BANK = "HDFC Bank", 3021, tpv: true;
    HDFC_CORPORATE = "HDFC Corporate", 3084, tpv: false;
    HSBC_RETAIL_NETBANKING = "HSBC Retail NetBanking", 3092, tpv: true;
    ICICI_BANK = "ICICI Bank", 3022, tpv: true;
    ICICI_BANK_CORPORATE = "ICICI Bank - Corporate", 3073, tpv: false;
    IDBI_BANK = "IDBI Bank", 3023, tpv: true;
    IDBI_BANK_CORPORATE = "IDBI Bank - Corporate", 3124, tpv: false;
    IDFC_FIRST_BANK = "IDFC FIRST Bank", 3024, tpv: true;
    INDIAN_BANK = "Indian Bank", 3026, tpv: true;
    INDIAN_OVERSEAS_BANK = "Indian Overseas Bank", 3027, tpv: true;
    INDIAN_OVERSEAS_BANK_CORPORATE = "Indian Overseas Bank - Corporate", 3081, tpv: false;
    INDUSIND_BANK = "IndusInd Bank", 3028, tpv: true;
    JAMMU_AND_KASHMIR_BANK = "Jammu and Kashmir Bank", 3029, tpv: true;
    JANA_SMALL_FINANCE_BANK = "Jana Small Finance Bank", 3102, tpv: true;
    JANATA_SAHAKARI_BANK_LTD_PUNE = "Janata Sahakari Bank Ltd Pune", 3104, tpv: false;
    KALYAN_JANATA_SAHAKARI_BANK = "Kalyan Janata Sahakari Bank", 3105, tpv: false;
    KARNATAKA_BANK_LTD = "Karnataka Bank Ltd", 3030, tpv: true;
    KARNATAKA_GRAMIN_BANK = "Karnataka Gramin Bank", 3113, tpv: false;
    KARNATAKA_VIKAS_GRAMEENA_BANK = "Karnataka Vikas Grameena Bank", 3107, tpv: false;
    KARUR_VYSYA_BANK = "Karur Vysya Bank", 3031, tpv: true;
    KOTAK_MAHINDRA_BANK = "Kotak Mahindra Bank", 3032, tpv: true;
    MAHARASHTRA_GRAMIN_BANK = "Maharashtra Gramin Bank", 3108, tpv: false;
    MEHSANA_URBAN_CO_OP_BANK = "Mehsana urban Co-op Bank", 3109, tpv: false;
    NKGSB_CO_OP_BANK = "NKGSB Co-op Bank", 3111, tpv: false;
    NUTAN_NAGARIK_SAHAKARI_BANK_LIMITED = "Nutan Nagarik Sahakari Bank Limited", 3112, tpv: false;
    PUNJAB_AND_SIND_BANK = "Punjab & Sind Bank", 3037, tpv: true;
    PUNJAB_NATIONAL_BANK_CORPORATE = "Punjab National Bank - Corporate", 3065, tpv: false;
    PUNJAB_NATIONAL_BANK_RETAIL_BANKING = "Punjab National Bank - Retail Banking", 3038, tpv: true;
    RBL_BANK = "RBL Bank", 3039, tpv: true;
    RBL_BANK_LIMITED_CORPORATE = "RBL Bank Limited - Corporate", 3114, tpv: false;
    SARASWAT_BANK = "Saraswat Bank", 3040, tpv: true;
    SBM_BANK_INDIA = "SBM Bank India", 3115, tpv: true;
    SHAMRAO_VITHAL_BANK_CORPORATE = "Shamrao Vithal Bank - Corporate", 3075, tpv: false;
    SHAMRAO_VITTHAL_CO_OPERATIVE_BANK = "Shamrao Vitthal Co-operative Bank", 3041, tpv: false;
    SHIVALIK_SMALL_FINANCE_BANK = "Shivalik Small Finance Bank", 3086, tpv: true;
    SOUTH_INDIAN_BANK = "South Indian Bank", 3042, tpv: true;
    STANDARD_CHARTERED_BANK = "Standard Chartered Bank", 3043, tpv: true;
    STATE_BANK_OF_INDIA = "State Bank Of India", 3044, tpv: true;
    STATE_BANK_OF_INDIA_CORPORATE = "State Bank of India - Corporate", 3066, tpv: false;
    SURYODAY_SMALL_FINANCE_BANK = "Suryoday Small Finance Bank", 3116, tpv: false;
    TAMIL_NADU_STATE_CO_OPERATIVE_BANK = "Tamil Nadu State Co-operative Bank", 3051, tpv: false;
    TAMILNAD_MERCANTILE_BANK_LTD = "Tamilnad Mercantile Bank Ltd", 3052, tpv: true;
    THANE_BHARAT_SAHAKARI_BANK_LTD = "Thane Bharat Sahakari Bank Ltd", 3118, tpv: false;
    THE_KALUPUR_COMMERCIAL_CO_OPERATIVE_BANK = "The Kalupur Commercial Co-Operative Bank", 3106, tpv: false;
    THE_SURAT_PEOPLES_CO_OPERATIVE_BANK_LIMITED = "The Surat Peoples Co-operative Bank Limited", 3090, tpv: true;
    THE_SUTEX_CO_OP_BANK_LTD = "The Sutex Co-op Bank Ltd", 3117, tpv: true;
    TJSB_BANK = "TJSB Bank", 3119, tpv: false;
    UCO_BANK = "UCO Bank", 3054, tpv: true;
    UCO_BANK_CORPORATE = "UCO Bank Corporate", 3122, tpv: false;
    UJJIVAN_SMALL_FINANCE_BANK = "Ujjivan Small Finance Bank", 3126, tpv: true;
    UNION_BANK_OF_INDIA = "Union Bank of India", 3055, tpv: true;
    UNION_BANK_OF_INDIA_CORPORATE = "Union Bank of India - Corporate", 3067, tpv: false;
    UTKARSH_SMALL_FINANCE_BANK = "Utkarsh Small Finance Bank", 3089, tpv: true;
    VARACHHA_CO_OPERATIVE_BANK_LIMITED = "Varachha Co-operative Bank Limited", 3120, tpv: false;
    YES_BANK_CORPORATE = "Yes Bank - Corporate", 3077, tpv: false;
    YES_BANK_LTD = "Yes Bank Ltd", 3058, tpv: true;
    ZOROASTRIAN_CO_OPERATIVE_BANK_LTD = "Zoroastrian Co-Operative Bank Ltd", 3121, tpv: false;
}
