//! The state behind the API, and what each operation does to it.
//!
//! One handler serves all versions: it builds an entity with everything any version has, and
//! [`shape`](crate::shape) cuts it to the version of the call. Operations with no handler here answer
//! an example made from their schema.

mod customers;
mod disputes;
mod links;
mod orders;
mod payments;
mod records;
mod refunds;
mod settlements;
mod simulate;
mod subscriptions;
mod terminals;
mod vendors;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::clock::{self, Clock, Time};
use crate::money;
use crate::problem::Problem;
use crate::spec::Spec;

pub(crate) use orders::Order;
pub(crate) use payments::{Outcome, Payment};

/// What a handler may know of the request it serves.
pub(crate) struct Call<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) operation: &'a crate::spec::Operation,
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    /// `http://127.0.0.1:8700`, without `/pg`.
    pub(crate) origin: &'a str,
}

impl Call<'_> {
    /// A value of the path.
    pub(crate) fn path(&self, name: &str) -> &str {
        find(&self.path, name).unwrap_or("")
    }

    /// A value of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// A text of the body; a number reads as text, as the API does it.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        text(&self.body[name])
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
}

pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Something the merchant is to hear of.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: String,
    pub(crate) content: Content,
    pub(crate) time: String,
    /// The version its body has: that of the call which created the order.
    pub(crate) version: String,
    /// The order's own `notify_url`.
    pub(crate) notify_url: Option<String>,
}

/// What an event's body is made of.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// What stands under `data`, with the members of all versions: cut to the one that is sent.
    Data(Value),
    /// What stands under `data`, sent as it is.
    Verbatim(Value),
    /// The whole body, of the event's version whatever the sandbox is set to.
    Body(String),
}

/// Everything that `DELETE /_sandbox/state` forgets.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    random: fastrand::Rng,
    serial: u64,
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) payments: BTreeMap<u64, Payment>,
    pub(crate) refunds: Vec<refunds::Refund>,
    simulations: BTreeMap<String, Value>,
    records: records::Records,
    /// Events of the current call, taken by the server once the answer is made.
    pub(crate) outbox: Vec<Event>,
}

impl World {
    pub(crate) fn new(clock: Clock, seed: u64) -> Self {
        Self {
            clock,
            random: fastrand::Rng::with_seed(seed),
            serial: 0,
            orders: BTreeMap::new(),
            payments: BTreeMap::new(),
            refunds: Vec::new(),
            simulations: BTreeMap::new(),
            records: records::Records::default(),
            outbox: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// The current time as the API writes it.
    pub(crate) fn stamp(&self) -> String {
        clock::write(self.now())
    }

    /// The next numeric id; they start at a length Cashfree's have.
    fn next_id(&mut self) -> u64 {
        self.serial += 1;
        5_114_910_000 + self.serial
    }

    /// A token of `length` letters and digits.
    pub(crate) fn token(&mut self, length: usize) -> String {
        (0..length).map(|_| self.random.alphanumeric()).collect()
    }

    /// A random UUID, version 4.
    fn uuid(&mut self) -> String {
        let high = self.random.u64(..) & 0xffff_ffff_ffff_0fff | 0x4000;
        let low = self.random.u64(..) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
        let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
        format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xffff_ffff_ffff)
    }

    /// A number below 100, for faults that happen now and then.
    pub(crate) fn percentile(&mut self) -> u8 {
        self.random.u8(..100)
    }

    fn emit(&mut self, kind: &str, order: &str, data: Value) {
        let order = self.orders.get(order);
        let version =
            order.map_or_else(|| crate::spec::newest().to_owned(), |order| order.version.to_owned());
        let notify_url = order.and_then(|order| text(&order.request["order_meta"]["notify_url"]));
        let (kind, time) = (kind.to_owned(), self.stamp());
        let content = Content::Data(data);
        self.outbox.push(Event { kind, content, time, version, notify_url });
    }

    /// Serves one call. `None` as the value stands for "nothing of its own": an example is made.
    pub(crate) fn serve(&mut self, call: &Call<'_>) -> Result<Option<Value>, Problem> {
        let handler = match call.operation.id.as_str() {
            "PGCreateOrder" => Self::create_order,
            "PGFetchOrder" => Self::fetch_order,
            "PGTerminateOrder" => Self::terminate_order,
            "PGFetchOrderExtendedData" => Self::fetch_extended,
            "PGUpdateOrderExtendedData" => Self::update_extended,
            "PGPayOrder" => Self::pay_order,
            "PGOrderAuthenticatePayment" => Self::authenticate_payment,
            "PGOrderFetchPayments" => Self::fetch_payments,
            "PGOrderFetchPayment" => Self::fetch_payment,
            "PGAuthorizeOrder" => Self::authorize_order,
            "PGOrderCreateRefund" => Self::create_refund,
            "PGOrderFetchRefunds" => Self::fetch_refunds,
            "PGOrderFetchRefund" => Self::fetch_refund,
            "PGSimulatePayment" => Self::simulate,
            "PGFetchSimulation" => Self::fetch_simulation,
            "PGCreateCustomer" => Self::create_customer,
            "PGCustomerFetchInstruments" => Self::fetch_instruments,
            "PGCustomerFetchInstrument" => Self::fetch_instrument,
            "PGCustomerDeleteInstrument" => Self::delete_instrument,
            "PGCustomerInstrumentsFetchCryptogram" => Self::fetch_cryptogram,
            "PGCreateLink" => Self::create_link,
            "PGFetchLink" => Self::fetch_link,
            "PGCancelLink" => Self::cancel_link,
            "PGLinkFetchOrders" => Self::fetch_link_orders,
            "PGCreateOffer" => Self::create_offer,
            "PGFetchOffer" => Self::fetch_offer,
            "PGEligibilityFetchOffers" => Self::eligible_offers,
            "PGOrderFetchSettlement" => Self::fetch_order_settlement,
            "MarkForSettlement" => Self::mark_for_settlement,
            "PGFetchSettlements"
            | "PGFetchRecon"
            | "PGSettlementFetchRecon"
            | "PGESReconVendor"
            | "PGESOrderRecon" => Self::recon,
            "PGFetchDisputeByID" => Self::fetch_dispute,
            "PGFetchOrderDisputes" | "PGFetchPaymentDisputes" => Self::fetch_disputes,
            "PGAcceptDisputeByID" => Self::accept_dispute,
            "PGUploadDisputesDocuments" => Self::upload_dispute_document,
            "SubsCreatePlan" => Self::create_plan,
            "SubsFetchPlan" => Self::fetch_plan,
            "SubsCreateSubscription" => Self::create_subscription,
            "SubsFetchSubscription" => Self::fetch_subscription,
            "SubsManageSubscription" => Self::manage_subscription,
            "SubsCreatePayment" => Self::create_subscription_payment,
            "SubsFetchSubscriptionPayment" => Self::fetch_subscription_payment,
            "SubsFetchSubscriptionPayments" => Self::fetch_subscription_payments,
            "SubsManageSubscriptionPayment" => Self::manage_subscription_payment,
            "SubsCreateRefund" => Self::create_subscription_refund,
            "SubsFetchSubscriptionRefund" => Self::fetch_subscription_refund,
            "SubscriptionDocumentUpload" => Self::upload_subscription_document,
            "PGESCreateVendors" => Self::create_vendor,
            "PGESFetchVendors" => Self::fetch_vendor,
            "PGESUpdateVendors" => Self::update_vendor,
            "PGESUploadVendorsDocs" => Self::upload_vendor_document,
            "PGESGetVendorsDocs" => Self::fetch_vendor_documents,
            "PGESDownloadVendorsDocs" => Self::download_vendor_document,
            "PGESGetVendorBalance" => Self::fetch_vendor_balance,
            "PGESCreateAdjustment" => Self::adjust_vendor,
            "PGESCreateOnDemandTransfer" => Self::transfer_vendor_balance,
            "PGESGetVendorBalanceTransferCharges" => Self::transfer_charges,
            "PGOrderSplitAfterPayment" => Self::split_order,
            "SposCreateTerminal" => Self::create_terminal,
            "SposFetchTerminal" => Self::fetch_terminal,
            "SposUpdateTerminal" | "SposUpdateTerminalStatus" => Self::update_terminal,
            "SposUploadTerminalDocs" => Self::upload_terminal_document,
            "SposCreateTerminalTransaction" => Self::create_terminal_transaction,
            "SposFetchTerminalTransaction" => Self::fetch_terminal_transaction,
            "SposOnboardSoundboxVpa" => Self::onboard_soundbox,
            "SposUpdateSoundboxVpa" => Self::update_soundbox,
            "SposFetchTerminalSoundboxVpa" => Self::fetch_soundbox,
            "SposDemapSoundboxVpa" => Self::remove_soundbox,
            _ => {
                if !call.body["queries"].is_null() && !call.body["queries"]["order_id"].is_null() {
                    self.queried_amount(call)?;
                }
                return Ok(None);
            }
        };
        handler(self, call).map(Some)
    }
}

/// The members of `source` that `names` lists; null for those it lacks.
fn pick(source: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), source[*name].clone())).collect()
}

/// An amount of a body that has been validated. Members that are amounts without being called so are kept
/// within reason here, so that sums cannot overflow.
fn amount(value: &Value) -> Decimal {
    money::decimal(value).unwrap_or_default().clamp(-money::MAXIMUM, money::MAXIMUM)
}

/// What an order of 2022-09-01 has instead of its payments, refunds and settlements.
fn link(url: String) -> Value {
    json!({ "url": url })
}
