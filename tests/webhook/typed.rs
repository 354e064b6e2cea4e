//! Every event type of every enabled version: verified, typed, lossless, and what it is about.

use crate::samples::{self, Sample, samples};
use cashfree_pg::types::Amount;
use cashfree_pg::webhook::{AnyPayload, Delivery, Event, Verifier};
use serde_json::json;

const SECRET: &str = "a_dummy_secret";
#[cfg(feature = "registry")]
/// As many as the union with the most arms has: the payment methods of an event.
const ARMS: usize = 11;

fn verify(version: &str, body: &str) -> Event {
    let delivery = Delivery::body_as_is(body).version(version).sign(SECRET);
    Verifier::new(SECRET).verify(delivery.headers(), delivery.body()).expect("it is signed")
}

fn event(sample: &Sample) -> Event {
    verify(&sample.version, &sample.text())
}

/// Where the bodies of one schema have what the accessors of an event give, and which statuses are final.
struct About {
    schema: &'static str,
    order: &'static str,
    payment: &'static str,
    entity: &'static str,
    status: &'static str,
    amount: &'static str,
    finals: &'static [&'static str],
    open: &'static [&'static str],
}

const NOTHING: About =
    About { schema: "", order: "", payment: "", entity: "", status: "", amount: "", finals: &[], open: &[] };
const REFUND_ENDS: &[&str] = &["SUCCESS", "FAILED", "CANCELLED"];
const REFUND_OPEN: &[&str] = &["PENDING", "ONHOLD", "new"];
const SETTLEMENT_ENDS: &[&str] = &["SUCCESS", "FAILED", "REVERSED"];
const RUN_ENDS: &[&str] = &["SUCCESS", "FAILED", "CANCELLED"];
const SUBSCRIPTION_ENDS: &[&str] =
    &["CANCELLED", "CUSTOMER_CANCELLED", "COMPLETED", "EXPIRED", "LINK_EXPIRED", "CARD_EXPIRED"];
const SUBSCRIPTION_OPEN: &[&str] = &["INITIALIZED", "BANK_APPROVAL_PENDING", "ACTIVE", "ON_HOLD", "new"];

const TABLE: &[About] = &[
    About {
        schema: "PaymentEvent",
        order: "/data/order/order_id",
        payment: "/data/payment/cf_payment_id",
        entity: "/data/payment/cf_payment_id",
        status: "/data/payment/payment_status",
        amount: "/data/payment/payment_amount",
        finals: &["SUCCESS", "FAILED", "USER_DROPPED", "CANCELLED", "VOID"],
        open: &["PENDING", "NOT_ATTEMPTED", "FLAGGED", "new"],
    },
    // No body of it was ever published: only its order is known.
    About { schema: "PaymentChargesEvent", order: "/data/order/order_id", ..NOTHING },
    About { schema: "TestEvent", ..NOTHING },
    About {
        schema: "RefundEvent",
        order: "/data/refund/order_id",
        payment: "/data/refund/cf_payment_id",
        entity: "/data/refund/cf_refund_id",
        status: "/data/refund/refund_status",
        amount: "/data/refund/refund_amount",
        finals: REFUND_ENDS,
        open: REFUND_OPEN,
    },
    About {
        schema: "AutoRefundEvent",
        order: "/data/auto_refund/order_id",
        payment: "/data/auto_refund/cf_payment_id",
        entity: "/data/auto_refund/cf_refund_id",
        status: "/data/auto_refund/refund_status",
        amount: "/data/auto_refund/refund_amount",
        finals: REFUND_ENDS,
        open: REFUND_OPEN,
    },
    About {
        schema: "SettlementEvent",
        entity: "/data/settlement/settlement_id",
        status: "/data/settlement/status",
        amount: "/data/settlement/amount_settled",
        finals: SETTLEMENT_ENDS,
        open: &["INITIATED", "new"],
        ..NOTHING
    },
    About {
        schema: "VendorSettlementEvent",
        entity: "/data/settlement/settlement_id",
        status: "/data/settlement/status",
        amount: "/data/settlement/amount_settled",
        finals: SETTLEMENT_ENDS,
        open: &["CREATED", "INITIATED", "new"],
        ..NOTHING
    },
    About {
        schema: "IcaSettlementEvent",
        entity: "/data/cf_ica_settlement_id",
        status: "/data/status",
        amount: "/data/settlement_amount_inr",
        finals: SETTLEMENT_ENDS,
        open: &["INITIATED", "new"],
        ..NOTHING
    },
    About {
        schema: "DisputeEvent",
        order: "/data/order_details/order_id",
        payment: "/data/order_details/cf_payment_id",
        entity: "/data/dispute/dispute_id",
        status: "/data/dispute/dispute_status",
        amount: "/data/dispute/dispute_amount",
        finals: &["CHARGEBACK_MERCHANT_WON", "DISPUTE_MERCHANT_LOST", "ARBITRATION_MERCHANT_ACCEPTED"],
        open: &["DISPUTE_CREATED", "CHARGEBACK_UNDER_REVIEW", "RETRIEVAL_INSUFFICIENT_EVIDENCE", "new"],
    },
    About {
        schema: "PaymentLinkEvent",
        order: "/data/order/order_id",
        payment: "/data/order/transaction_id",
        entity: "/data/link_id",
        status: "/data/link_status",
        amount: "/data/link_amount_paid",
        finals: &["PAID", "EXPIRED", "CANCELLED"],
        open: &["PARTIALLY_PAID", "ACTIVE", "new"],
    },
    About {
        schema: "PaymentFormEvent",
        order: "/data/order/order_id",
        payment: "/data/order/transaction_id",
        entity: "/data/order/order_id",
        status: "/data/order/order_status",
        amount: "/data/order/order_amount",
        finals: &["PAID", "TERMINATED"],
        open: &["ACTIVE", "new"],
    },
    About {
        schema: "InstrumentEvent",
        entity: "/data/instrument/instrument_id",
        status: "/data/instrument/instrument_status",
        finals: &["FAILED"],
        open: &["ACTIVE", "INACTIVE", "new"],
        ..NOTHING
    },
    About {
        schema: "TerminalEvent",
        entity: "/data/cf_terminal_id",
        status: "/data/terminal_status",
        open: &["ACTIVE", "INACTIVE", "new"],
        ..NOTHING
    },
    About {
        schema: "HealthEvent",
        entity: "/data/incident/id",
        status: "/data/incident/status",
        open: &["CREATED", "RESOLVED", "new"],
        ..NOTHING
    },
    About {
        schema: "PaymentVerificationEvent",
        order: "/data/order_id",
        payment: "/data/cf_payment_id",
        entity: "/data/cf_payment_id",
        status: "/data/payment_verification_status",
        open: &["ACTION_REQUIRED", "IN_PROGRESS", "VALID", "new"],
        ..NOTHING
    },
    About {
        schema: "AmountCollectedEvent",
        payment: "/referenceId",
        entity: "/referenceId",
        amount: "/amount",
        ..NOTHING
    },
    About {
        schema: "GlobalPaymentEvent",
        payment: "/referenceId",
        entity: "/referenceId",
        status: "/reversal/status",
        amount: "/amount",
        open: &["SUCCESS", "new"],
        ..NOTHING
    },
    About {
        schema: "GlobalSettlementEvent",
        payment: "/referenceId",
        entity: "/settlement/id",
        status: "/settlement/status",
        amount: "/settlement/inrAmount",
        open: &["SUCCESS", "new"],
        ..NOTHING
    },
    About { schema: "GlobalAccountsEvent", ..NOTHING },
    About {
        schema: "SubscriptionStatusEvent",
        entity: "/data/subscription_details/cf_subscription_id",
        status: "/data/subscription_details/subscription_status",
        finals: SUBSCRIPTION_ENDS,
        open: SUBSCRIPTION_OPEN,
        ..NOTHING
    },
    About {
        schema: "SubscriptionPaymentEvent",
        payment: "/data/cf_payment_id",
        entity: "/data/cf_payment_id",
        status: "/data/payment_status",
        amount: "/data/payment_amount",
        finals: &["SUCCESS", "FAILED", "CANCELLED"],
        open: &["INITIALIZED", "PENDING", "new"],
        ..NOTHING
    },
    About {
        schema: "SubscriptionRefundEvent",
        payment: "/data/cf_payment_id",
        entity: "/data/cf_refund_id",
        status: "/data/refund_status",
        amount: "/data/refund_amount",
        finals: REFUND_ENDS,
        open: REFUND_OPEN,
        ..NOTHING
    },
    About {
        schema: "SubscriptionCardExpiryEvent",
        entity: "/data/subscription_status_webhook/subscription_details/cf_subscription_id",
        status: "/data/subscription_status_webhook/subscription_details/subscription_status",
        finals: SUBSCRIPTION_ENDS,
        open: SUBSCRIPTION_OPEN,
        ..NOTHING
    },
    About {
        schema: "SubscriptionNotificationEvent",
        payment: "/data/cf_payment_id",
        entity: "/data/cf_notification_id",
        status: "/data/notification_status",
        amount: "/data/payment_amount",
        finals: RUN_ENDS,
        open: &["INITIALIZED", "new"],
        ..NOTHING
    },
    About {
        schema: "SubscriptionExecutionEvent",
        payment: "/data/cf_payment_id",
        entity: "/data/cf_execution_id",
        status: "/data/execution_status",
        amount: "/data/payment_amount",
        finals: RUN_ENDS,
        open: &["INITIALIZED", "new"],
        ..NOTHING
    },
];

fn about(sample: &Sample) -> &'static About {
    let about = TABLE.iter().find(|about| about.schema == sample.schema);
    about.unwrap_or_else(|| panic!("nothing is said of {} here", sample.schema))
}

#[test]
fn the_enabled_versions_are_typed_and_no_other() {
    assert!(AnyPayload::VERSIONS.iter().all(|version| samples::versions().any(|known| known == *version)));
    let on = [
        ("2022-09-01", cfg!(feature = "v2022-09-01")),
        ("2023-08-01", cfg!(feature = "v2023-08-01")),
        ("2025-01-01", cfg!(feature = "v2025-01-01")),
        ("2026-01-01", cfg!(feature = "v2026-01-01")),
    ];
    let body = r#"{"type":"PAYMENT_SUCCESS_WEBHOOK","data":{"payment":{"cf_payment_id":"7"}}}"#;
    for (version, on) in on {
        assert_eq!(AnyPayload::VERSIONS.contains(&version), on);
        assert_eq!(verify(version, body).typed().unwrap() != AnyPayload::Unknown, on);
    }
    // Not the nearest one either.
    for version in ["2021-09-21", "2027-01-01", "2025-01-1", "v2025-01-01", ""] {
        let event = verify(version, body);
        assert_eq!(event.typed(), Ok(AnyPayload::Unknown), "{version:?}");
        assert_eq!((event.payment_id(), event.raw_body()), (Some("7"), body.as_bytes()));
    }
}

#[test]
fn what_a_version_does_not_list_stays_raw() {
    for version in AnyPayload::VERSIONS {
        let body = r#"{"type":"SOMETHING_NEW","data":{"payment":{"cf_payment_id":"7"}}}"#;
        let event = verify(version, body);
        assert_eq!(event.typed(), Ok(AnyPayload::Unknown));
        assert_eq!((event.event_type(), event.payment_id()), ("SOMETHING_NEW", Some("7")));
        assert_eq!(event.json()["data"]["payment"]["cf_payment_id"], "7");
    }
}

#[test]
fn the_verifier_says_the_version_where_the_delivery_does_not() {
    let delivery = Delivery::event("PAYMENT_SUCCESS_WEBHOOK").sign(SECRET);
    let read = |verifier: Verifier| {
        let event = verifier.verify(delivery.headers(), delivery.body()).expect("it is signed");
        (event.version().map(str::to_owned), event.typed().expect("it fits") == AnyPayload::Unknown)
    };
    assert_eq!(read(Verifier::new(SECRET)), (None, true));
    for version in AnyPayload::VERSIONS {
        let verifier = Verifier::builder().secret(SECRET).default_version(*version).build();
        assert_eq!(read(verifier), (Some((*version).to_owned()), false));
    }
}

#[test]
fn every_event_type_is_typed_and_says_what_it_is_about() {
    for sample in samples::versions().flat_map(|version| samples(version, 0)) {
        // Money that is only held has ends of its own.
        let captured = "/data/payment/is_captured";
        let has = sample.body.pointer(captured).is_some();
        let sample = if has { sample.with(captured, true) } else { sample };
        let (event, about) = (event(&sample), about(&sample));
        let what = format!("{} {}: {}", sample.version, sample.event_type, sample.body);
        let at = |pointer: &str| if pointer.is_empty() { None } else { sample.at(pointer) };
        let owned = |text: Option<&str>| text.map(str::to_owned);

        assert_eq!(event.event_type(), sample.event_type, "{what}");
        assert_eq!(event.version(), Some(sample.version.as_str()), "{what}");
        assert_eq!(event.raw_body(), sample.text().as_bytes(), "{what}");
        assert_eq!(event.is_test(), sample.event_type == "WEBHOOK", "{what}");
        let typed = event.typed().unwrap_or_else(|error| panic!("{error}: {what}"));
        let on = AnyPayload::VERSIONS.contains(&sample.version.as_str());
        assert_eq!(typed != AnyPayload::Unknown, on, "{what}");
        // What is only in a later version is not there to point to.
        for pointer in [about.order, about.payment, about.entity, about.status, about.amount] {
            assert!(
                pointer.is_empty() || sample.at(pointer).is_some() || is_older(&sample),
                "{pointer} {what}"
            );
        }
        assert_eq!(owned(event.order_id()), at(about.order), "{what}");
        assert_eq!(owned(event.payment_id()), at(about.payment), "{what}");
        assert_eq!(owned(event.entity_id()), at(about.entity), "{what}");
        assert_eq!(owned(event.status()), at(about.status), "{what}");
        let amount = at(about.amount).map(|text| text.parse::<Amount>().expect("an amount"));
        assert_eq!(event.amount(), amount, "{what}");
        let cases = about.finals.iter().map(|status| (status, true));
        for (status, is_final) in cases.chain(about.open.iter().map(|status| (status, false))) {
            let other = self::event(&sample.clone().with(about.status, *status));
            assert_eq!((other.status(), other.is_final()), (Some(*status), is_final), "{what}");
        }
    }
}

/// Payments from abroad name their order since 2023-08-01.
fn is_older(sample: &Sample) -> bool {
    sample.version == "2022-09-01" && sample.schema == "PaymentVerificationEvent"
}

#[test]
fn no_two_events_have_the_same_key() {
    let mut keys = std::collections::HashSet::new();
    for sample in samples::versions().flat_map(|version| samples(version, 0)) {
        assert!(keys.insert(event(&sample).content_key()), "{} {}", sample.version, sample.event_type);
        // Another attempt at the same one does.
        assert!(!keys.insert(event(&sample).content_key()));
    }
}

#[cfg(feature = "registry")]
#[test]
fn every_event_type_is_lossless() {
    let mut checked = 0;
    for (version, entries) in cashfree_pg::registry::VERSIONS {
        for sample in (0..ARMS).flat_map(|arm| samples(version, arm)) {
            let what = format!("{version} {}: {}", sample.event_type, sample.body);
            let entry = entries.iter().find(|one| one.kind == "webhook" && one.name == sample.event_type);
            let entry = entry.unwrap_or_else(|| panic!("no type for {what}"));
            let text = sample.text();
            let written =
                (entry.round_trip)(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {what}"));
            assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), sample.body, "{what}");
            // Every member found its place: none was only kept.
            assert_eq!((entry.misfits)(text.as_bytes()).unwrap(), [""; 0], "{what}");
            checked += 1;
        }
    }
    assert!(checked >= ARMS * 38 * AnyPayload::VERSIONS.len());
}

#[test]
fn members_nobody_knows_come_back() {
    for sample in AnyPayload::VERSIONS.iter().flat_map(|version| samples(version, 0)) {
        let mut sample = sample;
        sample.body["brand_new"] = json!({ "kept": [1, "two"] });
        assert_ne!(event(&sample).typed(), Ok(AnyPayload::Unknown));
        assert_eq!(event(&sample).json()["brand_new"], sample.body["brand_new"]);
    }
}

/// The events a shop lives on, member by member. One module per version, as the types of one are nothing to
/// another.
macro_rules! typed_members {
    ($feature:literal, $version:literal, $module:ident, $variant:ident) => {
        #[cfg(feature = $feature)]
        mod $module {
            use cashfree_pg::webhook::AnyPayload;
            use cashfree_pg::$module::webhook::Payload;

            use super::{Amount, Sample, event, samples};

            fn sample(event_type: &str) -> Sample {
                samples($version, 2).into_iter().find(|one| one.event_type == event_type).expect("listed")
            }

            fn payload(sample: &Sample) -> Payload {
                match event(sample).typed().expect("it fits") {
                    AnyPayload::$variant(payload) => payload,
                    other => panic!("{other:?}"),
                }
            }

            fn amount(sample: &Sample, pointer: &str) -> Option<Amount> {
                Some(sample.at(pointer)?.parse().expect("an amount"))
            }

            #[test]
            fn a_payment() {
                let sample =
                    sample("PAYMENT_SUCCESS_WEBHOOK").with("/data/payment/payment_status", "PENDING");
                let Payload::PaymentEvent(payload) = payload(&sample) else { panic!("no payment") };
                let data = payload.data.expect("data");
                let (order, payment) = (data.order.expect("an order"), data.payment.expect("a payment"));
                assert_eq!(order.order_id, sample.at("/data/order/order_id"));
                assert_eq!(
                    payment.cf_payment_id.as_deref().map(str::to_owned),
                    sample.at("/data/payment/cf_payment_id")
                );
                assert_eq!(payment.payment_amount, amount(&sample, "/data/payment/payment_amount"));
                assert_eq!(payment.payment_status.expect("a status").as_str(), "PENDING");
                assert_eq!(payment.payment_method.expect("a method").key(), Some("upi"));
            }

            #[test]
            fn a_refund() {
                let sample = sample("REFUND_STATUS_WEBHOOK");
                let Payload::RefundEvent(payload) = payload(&sample) else { panic!("no refund") };
                let refund = payload.data.and_then(|data| data.refund).expect("a refund");
                assert_eq!(refund.refund_amount, amount(&sample, "/data/refund/refund_amount"));
                assert_eq!(refund.refund_id, sample.at("/data/refund/refund_id"));
            }

            #[test]
            fn a_settlement() {
                let sample = sample("SETTLEMENT_SUCCESS");
                let Payload::SettlementEvent(payload) = payload(&sample) else { panic!("no settlement") };
                let settlement = payload.data.and_then(|data| data.settlement).expect("a settlement");
                assert_eq!(settlement.amount_settled, amount(&sample, "/data/settlement/amount_settled"));
            }

            #[test]
            fn a_dispute() {
                let sample = sample("DISPUTE_CREATED");
                let Payload::DisputeEvent(payload) = payload(&sample) else { panic!("no dispute") };
                let dispute = payload.data.and_then(|data| data.dispute).expect("a dispute");
                assert_eq!(dispute.dispute_amount, amount(&sample, "/data/dispute/dispute_amount"));
            }

            #[test]
            fn money_that_is_no_money_is_an_error_and_the_event_stays() {
                let sample = sample("PAYMENT_SUCCESS_WEBHOOK").with("/data/payment/payment_amount", "a lot");
                let event = event(&sample);
                let error = event.typed().expect_err("not read as something else");
                assert_eq!(error.path(), "$.data.payment.payment_amount");
                assert!(!error.to_string().contains("a lot"));
                assert_eq!((event.amount(), event.raw_body()), (None, sample.text().as_bytes()));
            }
        }
    };
}

typed_members!("v2022-09-01", "2022-09-01", v2022_09_01, V2022_09_01);
typed_members!("v2023-08-01", "2023-08-01", v2023_08_01, V2023_08_01);
typed_members!("v2025-01-01", "2025-01-01", v2025_01_01, V2025_01_01);
typed_members!("v2026-01-01", "2026-01-01", v2026_01_01, V2026_01_01);

/// Cashfree's published bodies are not part of this repository. Where they are at hand, a folder per version
/// with `webhook/*.json`, each must be typed by its version; the tests above show the same with bodies of our
/// own.
#[test]
fn published_bodies_are_typed() {
    let Some(folder) = std::env::var_os("CASHFREE_SAMPLES") else {
        eprintln!("skipped: CASHFREE_SAMPLES names no folder of published bodies");
        return;
    };
    let mut seen = 0;
    for folder in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(files) = std::fs::read_dir(folder.join("webhook")) else { continue };
        let name = folder.file_name().unwrap().to_str().unwrap();
        // A product with a version of its own is typed by whichever version its endpoint has.
        let own = samples::versions().any(|version| version == name);
        let versions = if own { std::slice::from_ref(&name) } else { AnyPayload::VERSIONS };
        for file in files.map(|entry| entry.unwrap().path()) {
            for version in versions.iter().filter(|version| AnyPayload::VERSIONS.contains(version)) {
                let event = verify(version, &std::fs::read_to_string(&file).unwrap());
                let typed = event.typed().unwrap_or_else(|error| panic!("{error}: {}", file.display()));
                assert_ne!(typed, AnyPayload::Unknown, "{version} {}", file.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 0 || AnyPayload::VERSIONS.is_empty(), "no bodies in CASHFREE_SAMPLES");
}
