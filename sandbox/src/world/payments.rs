//! Payments: started by a session, settled by a test id, an OTP, a simulation or the payment page.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Call, World, amount, text};
use crate::clock::{self, Time};
use crate::money;
use crate::problem::Problem;

/// The one-time password of every test card.
const TEST_OTP: &str = "111000";
/// A card payment fails at this wrong OTP.
const OTP_ATTEMPTS: u8 = 3;

/// What becomes of a pending payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    Failed(String),
    UserDropped,
    Pending,
}

impl Outcome {
    /// Reads `SUCCESS`, `FAILED`, `USER_DROPPED` or `PENDING`.
    pub(crate) fn parse(status: &str, error: Option<String>) -> Option<Self> {
        Some(match status {
            "SUCCESS" => Self::Success,
            "FAILED" => Self::Failed(error.unwrap_or_else(|| "TRANSACTION_DECLINED".to_owned())),
            "USER_DROPPED" => Self::UserDropped,
            "PENDING" => Self::Pending,
            _ => return None,
        })
    }
}

#[derive(Debug)]
pub(crate) struct Payment {
    pub(crate) id: u64,
    pub(crate) order: String,
    pub(crate) amount: Decimal,
    pub(crate) status: &'static str,
    /// `upi`, `card`, ...: the key of `method`.
    pub(crate) key: String,
    /// As the payment entity shows it, the card number masked.
    pub(crate) method: Value,
    pub(crate) message: Option<String>,
    pub(crate) started: Time,
    pub(crate) completed: Option<Time>,
    pub(crate) error: Value,
    pub(crate) bank_reference: Option<String>,
    pub(crate) surcharge: Value,
    /// The money is only blocked until it is captured or released.
    authorize_only: bool,
    authorization: Value,
    pub(crate) captured: Option<Decimal>,
    save_instrument: bool,
    wrong_otps: u8,
}

impl World {
    pub(super) fn pay_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let session = call.text("payment_session_id").unwrap_or_default();
        let found = self.orders.values().find(|order| order.session == session).map(|order| order.id.clone());
        let Some(id) = found else {
            return Err(Problem::invalid("payment_session_id_invalid", "payment_session_id is not valid"));
        };
        let Some((key, details)) = call.body["payment_method"].as_object().and_then(|one| one.iter().next())
        else {
            return Err(Problem::invalid(
                "payment_method_invalid",
                "payment_method : should name one method",
            ));
        };
        let number = self.start_payment(&id, key, details, &call.body)?;
        let Some(payment) = self.payments.get(&number) else { return Err(payment_not_found()) };
        let answer = json!({
            "payment_method": key,
            "channel": details["channel"],
            "action": action(key, details),
            "cf_payment_id": number.to_string(),
            "payment_amount": money::number(payment.amount),
            "data": payment.next_step(details, call.origin),
        });
        match details["upi_id"].as_str() {
            Some("testsuccess@gocash") => self.settle(number, Outcome::Success),
            Some("testfailure@gocash") => self.settle(number, Outcome::Failed("TRANSACTION_DECLINED".into())),
            _ => {}
        }
        Ok(answer)
    }

    /// A payment that waits, of an order that takes one; `request` is what came with the method.
    pub(super) fn start_payment(
        &mut self,
        order: &str,
        key: &str,
        details: &Value,
        request: &Value,
    ) -> Result<u64, Problem> {
        let order = self.order(order)?;
        match order.status {
            "ACTIVE" => {}
            "PAID" => return Err(Problem::invalid("order_already_paid", "order is already paid")),
            _ => return Err(Problem::invalid("order_inactive", "order is no longer active")),
        }
        let (order, price) = (order.id.clone(), order.amount);
        let surcharge = &request["payment_surcharge"];
        let extra = amount(&surcharge["payment_surcharge_service_charge"])
            + amount(&surcharge["payment_surcharge_service_tax"]);
        let method = self.method_entity(key, details)?;
        let id = self.next_id();
        let payment = Payment {
            id,
            order,
            amount: price + extra,
            status: "PENDING",
            key: key.to_owned(),
            method,
            message: None,
            started: self.now(),
            completed: None,
            error: Value::Null,
            bank_reference: None,
            surcharge: surcharge.clone(),
            authorize_only: details["authorize_only"] == true,
            authorization: details["authorization"].clone(),
            captured: None,
            save_instrument: request["save_instrument"] == true,
            wrong_otps: 0,
        };
        self.payments.insert(id, payment);
        Ok(id)
    }

    /// The method as the payment entity shows it.
    fn method_entity(&mut self, key: &str, details: &Value) -> Result<Value, Problem> {
        let channel = &details["channel"];
        let method = match key {
            "upi" => json!({
                "channel": channel, "upi_id": details["upi_id"],
                "upi_payer_ifsc": null, "upi_payer_account_number": null,
            }),
            "card" | "emi" => {
                let mut card = self.card_entity(details)?;
                if key == "emi" {
                    card["emi_tenure"] = details["emi_tenure"].clone();
                    card["emi_details"] = Value::Null;
                }
                card
            }
            "netbanking" => json!({
                "channel": channel,
                "netbanking_bank_code": match &details["netbanking_bank_code"] {
                    Value::Null => json!(3333),
                    code => code.clone(),
                },
                "netbanking_bank_name": text(&details["netbanking_bank_name"]).unwrap_or_else(|| "TESTR".into()),
                "netbanking_ifsc": null, "netbanking_account_number": null,
            }),
            "banktransfer" => json!({
                "channel": channel, "banktransfer_bank_name": "Test Bank",
                "banktransfer_ifsc": "CITI0000001", "banktransfer_account_number": null,
            }),
            _ => json!({
                "channel": channel, "provider": details["provider"],
                "phone": text(&details["phone"]),
            }),
        };
        Ok(json!({ key: method }))
    }

    fn card_entity(&mut self, details: &Value) -> Result<Value, Problem> {
        let number = text(&details["card_number"]);
        if details["instrument_id"].is_null() {
            let digits = number.as_deref().unwrap_or("");
            if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Problem::invalid("card_number_invalid", "card_number : is not a card number"));
            }
        }
        let digits = number.unwrap_or_else(|| "4111111111111111".to_owned());
        let hidden = digits.chars().count().saturating_sub(4);
        let last: String = digits.chars().skip(hidden).collect();
        Ok(json!({
            "channel": details["channel"],
            "card_number": format!("{}{last}", "X".repeat(hidden)),
            "card_network": match digits.bytes().next() {
                Some(b'5') => "mastercard",
                Some(b'3') => "amex",
                Some(b'6') => "rupay",
                _ => "visa",
            },
            "card_type": "credit_card",
            "card_country": "IN",
            "card_bank_name": text(&details["card_bank_name"]).unwrap_or_else(|| "TEST BANK".to_owned()),
            "card_network_reference_id": null,
            "instrument_id": details["instrument_id"],
        }))
    }

    pub(super) fn authenticate_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let number = self.payment_number(call.path("cf_payment_id"))?;
        let Some(payment) = self.payments.get_mut(&number) else { return Err(payment_not_found()) };
        if payment.status != "PENDING" {
            return Err(Problem::invalid("orderpay_already_exists", "payment is already completed"));
        }
        if !matches!(payment.key.as_str(), "card" | "emi") {
            return Err(Problem::invalid("payment_method_unsupported", "payment takes no OTP"));
        }
        let action = call.text("action").unwrap_or_default();
        let correct = call.text("otp").as_deref() == Some(TEST_OTP);
        let answer = |status: &str, message: &str| {
            json!({
                "cf_payment_id": number.to_string(), "action": action,
                "authenticate_status": status, "payment_message": message,
            })
        };
        if action == "RESEND_OTP" {
            return Ok(answer("SUCCESS", "OTP sent again"));
        }
        if correct {
            self.settle(number, Outcome::Success);
            return Ok(answer("SUCCESS", "payment successful"));
        }
        payment.wrong_otps += 1;
        if payment.wrong_otps >= OTP_ATTEMPTS {
            self.settle(number, Outcome::Failed("INVALID_OTP".to_owned()));
        }
        Ok(answer("FAILED", "OTP is not valid"))
    }

    /// Decides a pending payment, and lets the order and the merchant know.
    pub(crate) fn settle(&mut self, number: u64, outcome: Outcome) {
        let now = self.now();
        let reference = format!("{}", 230_000_000_000 + number % 1_000_000_000);
        let Some(payment) = self.payments.get_mut(&number).filter(|one| one.status == "PENDING") else {
            return;
        };
        let kind = match &outcome {
            Outcome::Pending => return,
            Outcome::Success => {
                payment.status = "SUCCESS";
                payment.message = Some("00::Transaction success".to_owned());
                if payment.authorize_only {
                    payment.authorization = authorization(&payment.authorization, Value::Null, "PENDING");
                } else {
                    payment.captured = Some(payment.amount);
                }
                "PAYMENT_SUCCESS_WEBHOOK"
            }
            Outcome::Failed(code) => {
                payment.status = "FAILED";
                payment.message = Some("ZM::Transaction declined".to_owned());
                payment.error = error_details(code);
                "PAYMENT_FAILED_WEBHOOK"
            }
            Outcome::UserDropped => {
                payment.status = "USER_DROPPED";
                payment.message =
                    Some("User dropped and did not complete the two factor authentication".to_owned());
                "PAYMENT_USER_DROPPED_WEBHOOK"
            }
        };
        payment.completed = Some(now);
        payment.bank_reference = Some(reference);
        let order = payment.order.clone();
        let instrument = payment.save_instrument && outcome == Outcome::Success;
        let others_pending = self.payments.values().any(|one| one.order == order && one.status == "PENDING");
        let paid_too_late = match self.order(&order) {
            Ok(order) => match (order.status, &outcome) {
                ("ACTIVE" | "TERMINATION_REQUESTED", Outcome::Success) => {
                    order.status = "PAID";
                    false
                }
                ("TERMINATION_REQUESTED", _) if !others_pending => {
                    order.status = "TERMINATED";
                    false
                }
                _ => outcome == Outcome::Success,
            },
            Err(_) => false,
        };
        self.emit_payment(kind, number);
        if paid_too_late {
            self.auto_refund(number);
        } else if outcome == Outcome::Success {
            self.link_paid(&order);
            if instrument {
                self.save_instrument(number);
            }
        }
    }

    /// The payment number in a path or a body; the API takes it as text or number.
    pub(super) fn payment_number(&self, id: &str) -> Result<u64, Problem> {
        let number = id.parse().ok().filter(|number| self.payments.contains_key(number));
        number.ok_or_else(payment_not_found)
    }

    pub(super) fn fetch_payments(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = self.order(call.path("order_id"))?.id.clone();
        let of_order = self.payments.values().rev().filter(|payment| payment.order == id);
        Ok(of_order.map(|payment| self.payment_entity(payment)).collect())
    }

    pub(super) fn fetch_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = self.order(call.path("order_id"))?.id.clone();
        let number = self.payment_number(call.path("cf_payment_id"))?;
        let payment = self.payments.get(&number).filter(|payment| payment.order == id);
        payment.map(|payment| self.payment_entity(payment)).ok_or_else(payment_not_found)
    }

    pub(super) fn payment_entity(&self, payment: &Payment) -> Value {
        let order = self.orders.get(&payment.order);
        let currency = order.map_or("INR", |order| order.currency.as_str());
        json!({
            "cf_payment_id": payment.id.to_string(),
            "order_id": payment.order,
            "entity": "payment",
            "error_details": payment.error,
            "is_captured": payment.captured.is_some(),
            "order_amount": order.map(|order| money::number(order.amount)),
            "order_currency": currency,
            "payment_group": payment.group(),
            "payment_currency": currency,
            "payment_amount": money::number(payment.amount),
            "payment_time": clock::write(payment.started),
            "payment_completion_time": payment.completed.map(clock::write),
            "payment_status": payment.status,
            "payment_message": payment.message,
            "bank_reference": payment.bank_reference,
            "auth_id": null,
            "authorization": payment.authorization,
            "payment_method": payment.method,
            "international_payment": { "international": false },
            "payment_gateway_details": payment.gateway(),
            "payment_surcharge": payment.surcharge,
            "payment_offers": null,
        })
    }

    /// Captures or releases the blocked money of an authorised payment.
    pub(super) fn authorize_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = self.order(call.path("order_id"))?.id.clone();
        let now = clock::write(self.now());
        let reference = self.next_id().to_string();
        let blocked = |one: &&mut Payment| one.order == id && one.authorize_only && one.status == "SUCCESS";
        let Some(payment) = self.payments.values_mut().find(blocked) else {
            return Err(Problem::invalid(
                "authorize_only_invalid",
                "order has no payment to capture or void",
            ));
        };
        if payment.captured.is_some() {
            return Err(Problem::invalid("authorize_only_invalid", "payment is already captured"));
        }
        let action = call.text("action").unwrap_or_default().to_ascii_uppercase();
        let mut authorization = authorization(&payment.authorization, json!(action), "SUCCESS");
        match action.as_str() {
            "CAPTURE" => {
                let wanted = money::decimal(&call.body["amount"]).unwrap_or(payment.amount);
                if wanted <= Decimal::ZERO || wanted > payment.amount {
                    let message =
                        format!("amount : should be within the authorised amount. Value received: {wanted}");
                    return Err(Problem::invalid("payment_amount_invalid", message));
                }
                payment.captured = Some(wanted);
                authorization["captured_amount"] = money::number(wanted);
            }
            "VOID" => payment.status = "VOID",
            _ => return Err(Problem::invalid("action_missing", "action : is missing in the request")),
        }
        authorization["action_reference"] = json!(reference);
        authorization["action_time"] = json!(now);
        payment.authorization = authorization;
        let number = payment.id;
        if action == "VOID" {
            self.order(&id)?.status = "ACTIVE";
        }
        Ok(self.payments.get(&number).map_or(Value::Null, |payment| self.payment_entity(payment)))
    }

    fn emit_payment(&mut self, kind: &str, number: u64) {
        let Some(payment) = self.payments.get(&number) else { return };
        let Some(order) = self.orders.get(&payment.order) else { return };
        let entity = self.payment_entity(payment);
        let mut shown = super::pick(
            &entity,
            &[
                "cf_payment_id",
                "payment_status",
                "payment_amount",
                "payment_currency",
                "payment_message",
                "payment_time",
                "bank_reference",
                "auth_id",
                "payment_method",
                "payment_group",
                "international_payment",
                "payment_surcharge",
            ],
        );
        if let Some(code) = shown.pointer_mut("/payment_method/netbanking/netbanking_bank_code") {
            *code = json!(text(code));
        }
        let customer = super::pick(
            &order.request["customer_details"],
            &["customer_name", "customer_id", "customer_email", "customer_phone"],
        );
        let mut data = json!({
            "order": {
                "order_id": order.id,
                "order_amount": money::number(order.amount),
                "order_currency": order.currency,
                "order_tags": order.request["order_tags"],
            },
            "payment": shown,
            "customer_details": customer,
            "payment_gateway_details": payment.gateway(),
            "payment_offers": null,
            "terminal_details": null,
        });
        if !payment.error.is_null() {
            data["error_details"] = payment.error.clone();
        }
        let order = payment.order.clone();
        self.emit(kind, &order, data);
    }
}

impl Payment {
    pub(super) fn group(&self) -> &'static str {
        match self.key.as_str() {
            "upi" => "upi",
            "card" => "credit_card",
            "emi" => "credit_card_emi",
            "netbanking" => "net_banking",
            "app" => "wallet",
            "cardless_emi" => "cardless_emi",
            "paylater" => "pay_later",
            _ => "bank_transfer",
        }
    }

    fn gateway(&self) -> Value {
        json!({
            "gateway_name": "CASHFREE",
            "gateway_order_id": self.id.to_string(),
            "gateway_payment_id": self.id.to_string(),
            "gateway_order_reference_id": "null",
            "gateway_status_code": null,
            "gateway_settlement": "CASHFREE",
            "gateway_reference_name": null,
        })
    }

    /// What the payer is to do now: `data` of the answer to a payment.
    fn next_step(&self, details: &Value, origin: &str) -> Value {
        let page = format!("{origin}/_sandbox/pay/{}", self.id);
        let (url, payload, content_type, method) = match (self.key.as_str(), details["channel"].as_str()) {
            ("upi", Some("collect")) => (Value::Null, Value::Null, Value::Null, Value::Null),
            ("upi", Some("qrcode")) => (
                Value::Null,
                json!({ "qrcode": "data:image/png;base64,iVBORw0KGgo=" }),
                Value::Null,
                Value::Null,
            ),
            ("upi", _) => {
                let intent = format!("upi://pay?pa=sandbox@cashfree&am={}&tr={}", self.amount, self.id);
                let apps = ["bhim", "default", "gpay", "paytm", "phonepe", "web"];
                let payload = apps.iter().map(|app| ((*app).to_owned(), json!(intent))).collect();
                (Value::Null, payload, Value::Null, Value::Null)
            }
            (_, Some("post")) => (
                json!(format!("{origin}/pg/orders/pay/authenticate/{}", self.id)),
                Value::Null,
                json!("application/json"),
                json!("post"),
            ),
            _ => (json!(page), Value::Null, Value::Null, Value::Null),
        };
        json!({
            "url": url, "payload": payload, "content_type": content_type, "method": method,
            "redirect_to_bank": null,
        })
    }
}

fn action(key: &str, details: &Value) -> &'static str {
    match (key, details["channel"].as_str()) {
        ("upi", _) => "custom",
        (_, Some("post")) => "post",
        _ => "link",
    }
}

fn authorization(asked: &Value, action: Value, status: &str) -> Value {
    json!({
        "action": action, "status": status, "captured_amount": null,
        "start_time": asked["start_time"], "end_time": asked["end_time"], "approve_by": asked["approve_by"],
        "action_reference": null, "action_time": null,
    })
}

fn error_details(code: &str) -> Value {
    json!({
        "error_code": code,
        "error_description": "The payment was declined.",
        "error_reason": "payment_declined",
        "error_source": "customer",
        "error_code_raw": "ZM",
        "error_description_raw": "declined",
        "error_subcode_raw": "ZM",
    })
}

pub(super) fn payment_not_found() -> Problem {
    Problem::not_found("payment_not_found", "payment does not exist")
}
