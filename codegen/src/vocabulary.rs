//! What Cashfree's member names mean: which are money, ids or moments.
//!
//! The specifications say `number` for rupees, terminal ids and phone numbers alike, and the same id is
//! a number in one version and a string in the next. The name is what stays, so the lists below decide.
//! They were reviewed by hand, name by name; a new name that looks like money is caught by a test.

use crate::model::Ty;

/// What a member holds, where its name tells more than its declared type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rupees (or the currency beside it), exact.
    Amount,
    /// An identifier that Cashfree writes as a number here and as a string there.
    Id,
    /// A moment or a day, as text.
    Timestamp,
    /// Text that some versions declare as a number: a phone number, a code, a reference.
    Text,
}

/// Members that are money. Everything else that is a number is a plain decimal or an integer.
pub const AMOUNTS: &[&str] = &[
    "adjustment",
    "adjustment_amount_inr",
    "amount",
    "amount_settled",
    "authorizationAmount",
    "authorization_amount",
    "availableBalance",
    "balance",
    "captured_amount",
    "cashback_amount",
    "closingBalance",
    "cod_handling_charges",
    "collection_amount_inr",
    "credit",
    "debit",
    "discount_amount",
    "dispute_amount",
    "eligible_split_balance",
    "emi_amount",
    "event_amount",
    "event_service_charge",
    "event_service_tax",
    "event_settlement_amount",
    "fee",
    "forex_conversion_handling_charge",
    "forex_conversion_handling_tax",
    "fundsOnHold",
    "inrAmount",
    "invoiceAmount",
    "item_discounted_unit_price",
    "item_original_unit_price",
    "link_amount",
    "link_amount_paid",
    "link_minimum_partial_amount",
    "max_amount",
    "max_cashback_amount",
    "max_discount_amount",
    "merchant_unsettled",
    "merchant_vendor_commission",
    "min_amount",
    "netPartnerCommission",
    "order_amount",
    "overdraft",
    "payable_amount",
    "payment_amount",
    "payment_service_charge",
    "payment_service_tax",
    "payment_surcharge_service_charge",
    "payment_surcharge_service_tax",
    "pg_service_charge",
    "pg_service_tax",
    "plan_amount",
    "plan_max_amount",
    "plan_recurring_amount",
    "redemption_amount",
    "refund_amount",
    "refund_charge",
    "serviceCharge",
    "serviceTax",
    "service_charge",
    "service_charge_inr",
    "service_charges",
    "service_tax",
    "service_tax_inr",
    "settlementCharge",
    "settlementChargeTax",
    "settlement_amount",
    "settlement_amount_fcy",
    "settlement_amount_inr",
    "settlement_charge",
    "settlement_charges_inr",
    "settlement_tax",
    "settlement_tax_inr",
    "shipping_charge",
    "shipping_charges",
    "split_service_charge",
    "split_service_tax",
    "tax",
    "total_amount",
    "total_interest",
    "transactionAmount",
    "transfer_amount",
    "vendor_commission",
    "vendor_transaction_amount",
    "vendor_unsettled",
];

/// Numbers that are not money although they sound like it.
///
/// `discount_value` and `cashback_value` are rupees or percent by their `*_type`; nobody says whether the cap
/// `max_allowed` is a number of uses or a sum, so it is a plain decimal; rates and percentages are rates.
pub const NOT_AMOUNTS: &[&str] = &[
    "cashback_value",
    "discount_value",
    "emi_interest",
    "forex_conversion_rate",
    "fxRate",
    "interest_rate",
    "max_allowed",
    "percentage",
    "settlement_forex_rate",
];

/// Numbers that nobody would take for money: counts, sizes, minutes and months.
pub const PLAIN_NUMBERS: &[&str] = &[
    "card_bins",
    "card_emi_bins",
    "card_emi_suffix",
    "card_emi_tenure",
    "card_suffix",
    "count",
    "emi_tenure",
    "expiry",
    "id",
    "item_quantity",
    "limit",
    "page_number",
    "page_size",
    "plan_intervals",
    "plan_max_cycles",
    "retry_attempts",
    "schedule_option",
    "settled_orders_count",
    "size",
    "status",
    "tenure",
    "tenures",
    "totalElements",
    "totalPages",
    "upi_expiry_minutes",
    "version",
    "vpa_count",
];

/// Identifiers of Cashfree's own that do not begin with `cf_`.
const IDS: &[&str] = &[
    "adjustment_id",
    "cmsProfileId",
    "dispute_id",
    "documentId",
    "document_id",
    "merchant_id",
    "referenceId",
    "settlement_id",
    "settlement_ids",
    "split_ids",
    "transaction_id",
    "transfer_id",
];

/// Text that is declared as a number somewhere. Leading zeros count in all of these.
const TEXTS: &[&str] = &["code", "event_remarks", "phone", "uidai", "utr"];

/// Moments whose names do not end like one.
const TIMESTAMPS: &[&str] = &[
    "approve_by",
    "end_range",
    "expectedSettlementDate",
    "payment_from",
    "payment_till",
    "payment_verification_expiry",
    "respond_by",
    "start_range",
    "txtime",
];

/// Names that end like a moment and are none: `dispute_action_on` is whoever has to act, and
/// `card_expiry_date` stays the text it came as, like everything else that is printed on a card.
const NOT_TIMESTAMPS: &[&str] = &["card_expiry_date", "dispute_action_on"];

/// What a member holds, or nothing where its declared type says it all.
///
/// `declared` is the JSON type of the member, or of its items where it is a list.
pub fn kind(name: &str, declared: &str) -> Option<Kind> {
    let number = matches!(declared, "number" | "integer");
    if !number && declared != "string" {
        return None;
    }
    if AMOUNTS.contains(&name) || (name == "emi" && number) {
        return Some(Kind::Amount);
    }
    let cashfree_id = name.starts_with("cf_") && (name.ends_with("_id") || name.ends_with("_ids"));
    if cashfree_id || IDS.contains(&name) || (number && (name.ends_with("_id") || name.ends_with("Id"))) {
        return Some(Kind::Id);
    }
    if TEXTS.contains(&name) || (number && name.ends_with("_code")) {
        return Some(Kind::Text);
    }
    (!number && is_moment(name)).then_some(Kind::Timestamp)
}

/// Whether a member is money, whatever its declared type.
pub fn is_amount(name: &str) -> bool {
    AMOUNTS.contains(&name)
}

/// What a path, a query or a form takes under a name: whatever ends in `_id` is an id there, since ids are
/// what arguments are most easily mixed up with.
pub(crate) fn argument(name: &str, ty: Ty) -> Ty {
    match ty {
        Ty::Text if name.ends_with("_id") || name.ends_with("Id") => Ty::Id,
        Ty::List(item) => Ty::List(Box::new(argument(name, *item))),
        ty => ty,
    }
}

/// How many of the lists say what the number `name` is: one, if somebody has looked at it.
pub fn classes_of_number(name: &str, declared: &str) -> usize {
    let kind = kind(name, declared);
    let classes = [kind.is_some(), NOT_AMOUNTS.contains(&name), PLAIN_NUMBERS.contains(&name)];
    classes.into_iter().filter(|is| *is).count()
}

fn is_moment(name: &str) -> bool {
    let ending = ["_time", "_at", "_on", "_date", "Time", "On", "ByTime"];
    TIMESTAMPS.contains(&name)
        || (ending.iter().any(|end| name.ends_with(end)) && !NOT_TIMESTAMPS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides_what_the_type_leaves_open() {
        assert_eq!(kind("order_amount", "number"), Some(Kind::Amount));
        assert_eq!(kind("link_amount", "string"), Some(Kind::Amount));
        assert_eq!(kind("cf_payment_id", "string"), Some(Kind::Id));
        assert_eq!(kind("cf_settlement_ids", "integer"), Some(Kind::Id));
        assert_eq!(kind("order_id", "string"), None);
        assert_eq!(kind("phone", "number"), Some(Kind::Text));
        assert_eq!(kind("netbanking_bank_code", "integer"), Some(Kind::Text));
        assert_eq!(kind("payment_time", "string"), Some(Kind::Timestamp));
        assert_eq!(kind("emi_tenure", "integer"), None);
        assert_eq!(kind("fxRate", "number"), None);
        assert_eq!(kind("charges", "object"), None);
    }
}
