//! Reading, by hand: what the live API is known to send, and what must come of it.

use std::fmt::Debug;

use crate::reference::Json;
use cashfree_pg::types::{Body, DecodeError, Payload};
use cashfree_pg::{v2022_09_01, v2023_08_01, v2025_01_01};

/// What a value is encoded as.
fn written<T: Payload>(value: &T) -> String {
    String::from_utf8(value.to_body().unwrap()).unwrap()
}

fn read<T: Body>(body: &str) -> T {
    T::decode(body.as_bytes()).unwrap_or_else(|e| panic!("{body}: {e}"))
}

fn refused<T: Body + Debug>(body: &str) -> DecodeError {
    T::decode(body.as_bytes()).unwrap_err()
}

#[test]
fn money_that_cannot_be_exact_is_refused_by_its_path() {
    use v2025_01_01::types::Order;
    let long = "1234567890123456789012345678901.5";
    for value in [long, "\"12 rupees\"", "[]", "{}", "true", "1e400", "\"1,000.00\""] {
        let error = refused::<Order>(&format!(r#"{{"order_amount":{value}}}"#));
        assert_eq!(error.path(), "$.order_amount", "{value}");
        assert!(!error.to_string().contains("rupees"), "the value is not in the error");
    }
    // Deep inside too, with the whole path.
    let error = refused::<Vec<v2025_01_01::types::Payment>>(
        r#"[{}, {"payment_surcharge": {"payment_surcharge_service_charge": []}}]"#,
    );
    assert_eq!(error.path(), "$[1].payment_surcharge.payment_surcharge_service_charge");
    // Through serde, whose numbers are floats, more digits than a float is sure of are refused.
    let body = r#"{"order_amount":12345678901234567.89}"#;
    assert!(serde_json::from_str::<Order>(body).is_err());
    assert_eq!(
        read::<Order>(body).order_amount.map(|a| a.to_string()).as_deref(),
        Some("12345678901234567.89")
    );
}

#[test]
fn reports_that_write_no_amount_read_as_none_and_come_back() {
    use v2025_01_01::types::Refund;
    for text in [r#""""#, r#""NA""#, r#""null""#] {
        let body = format!(r#"{{"refund_charge":{text}}}"#);
        let refund: Refund = read(&body);
        assert_eq!(refund.refund_charge, None);
        assert_eq!(refund.unlisted().misfits().collect::<Vec<_>>(), ["refund_charge"]);
        assert_eq!(written(&refund), body);
    }
}

#[test]
fn ids_are_text_whatever_they_came_as_and_go_back_in_their_versions_form() {
    for (body, id) in [
        (r#"{"cf_payment_id":12376123}"#, "12376123"),
        (r#"{"cf_payment_id":"12376123"}"#, "12376123"),
        (r#"{"cf_payment_id":"0012"}"#, "0012"),
        (r#"{"cf_payment_id":12345678901234567890123}"#, "12345678901234567890123"),
    ] {
        let old: v2022_09_01::types::Payment = read(body);
        let new: v2025_01_01::types::Payment = read(body);
        assert_eq!(old.cf_payment_id.as_ref().map(|id| id.as_str()), Some(id));
        assert_eq!(old.cf_payment_id, new.cf_payment_id);
        assert_eq!((written(&old).as_str(), written(&new).as_str()), (body, body));
    }
    let mut old = v2022_09_01::types::Payment::new();
    let mut new = v2025_01_01::types::Payment::new();
    (old.cf_payment_id, new.cf_payment_id) = (Some("77".into()), Some("77".into()));
    assert_eq!(written(&old), r#"{"cf_payment_id":77}"#);
    assert_eq!(written(&new), r#"{"cf_payment_id":"77"}"#);
    // No number can stand for these.
    for id in ["0077", "refund_7", ""] {
        old.cf_payment_id = Some(id.into());
        assert_eq!(written(&old), format!(r#"{{"cf_payment_id":"{id}"}}"#));
    }
}

#[test]
fn numbers_for_text_keep_their_digits_and_text_its_zeros() {
    use v2025_01_01::types::Vendor;
    for (phone, digits) in
        [("9999999999", "9999999999"), (r#""0919999999999""#, "0919999999999"), ("12.50", "12.50")]
    {
        let body = format!(r#"{{"phone":{phone}}}"#);
        let vendor: Vendor = read(&body);
        assert_eq!(vendor.phone.as_deref(), Some(digits));
        assert_eq!(written(&vendor), body);
    }
}

#[test]
fn one_reads_as_a_list_of_one_and_goes_back_as_it_came() {
    use v2025_01_01::types::Vendor;
    let one = r#"{"bank":{"account_number":"026291800001191","ifsc":"X"}}"#;
    let many = r#"{"bank":[{"account_number":"026291800001191","ifsc":"X"}]}"#;
    for body in [one, many] {
        let mut vendor: Vendor = read(body);
        assert_eq!(vendor.bank.as_ref().unwrap()[0].account_number.as_deref(), Some("026291800001191"));
        assert_eq!(written(&vendor), body);
        vendor.bank.as_mut().unwrap()[0].ifsc = Some("Y".into());
        assert_eq!(written(&vendor), many.replace('X', "Y"), "a change is written, not what came");
    }
}

#[test]
fn a_whole_body_may_be_a_list_of_the_one_object() {
    let body = r#"[{"refund_id":"r_1"}]"#;
    let refund: v2025_01_01::types::Refund = read(body);
    assert_eq!(refund.refund_id.as_deref(), Some("r_1"));
    assert_eq!(written(&refund), body);
    for body in ["[]", "[{},{}]", "[1]", "1", "\"x\"", "null", "[[{}]]"] {
        let error = refused::<v2025_01_01::types::Refund>(body);
        assert_eq!(error.path(), "$");
        assert_eq!(error.expected(), "an object");
    }
    for body in ["", "{", "{}x", "nul", "<html>", "{\"a\":}"] {
        assert_eq!(refused::<v2025_01_01::types::Refund>(body).expected(), "JSON", "{body}");
    }
}

/// A payment with this method.
fn payment(method: &str) -> (String, v2025_01_01::types::Payment) {
    let body = format!(r#"{{"payment_method":{method}}}"#);
    let payment = read(&body);
    (body, payment)
}

#[test]
fn the_key_decides_what_a_payment_method_is() {
    use v2025_01_01::types::PaymentMethod as Method;
    for key in ["card", "netbanking", "upi", "app", "cardless_emi"] {
        // The same members in all: a union that tried shapes would take the first.
        let (body, payment) = payment(&format!(r#"{{"{key}":{{"channel":"link","new":1}}}}"#));
        assert_eq!(payment.payment_method.as_ref().unwrap().key(), Some(key));
        assert_eq!(written(&payment), body);
    }
    for unknown in [
        r#"{"crypto":{"channel":"link"}}"#,
        "{}",
        r#""upi""#,
        "[]",
        "7.10",
        r#"{"upi":{},"card":{}}"#,
        r#"{"upi":null}"#,
        r#"{"upi":7}"#,
        r#"{"upi":{},"upi":{}}"#,
    ] {
        let (body, payment) = payment(unknown);
        let method = payment.payment_method.as_ref().unwrap();
        assert!(matches!(method, Method::Unknown(_)), "{unknown}: {method:?}");
        assert_eq!(written(&payment), body);
    }
    // What stands beside the key is kept, and a null is nothing.
    for known in [r#"{"upi":{"channel":"link"},"note":{"a":1}}"#, r#"{"card":null,"upi":{"channel":"link"}}"#]
    {
        let (body, payment) = payment(known);
        assert!(matches!(payment.payment_method, Some(Method::Upi(_))), "{known}");
        assert_eq!(written(&payment), body);
    }
}

#[test]
fn a_method_that_was_changed_is_written_as_changed() {
    use v2025_01_01::types::PaymentMethod as Method;
    let (_, mut payment) = payment(r#"{"upi":{"channel":"link","new":1},"note":2}"#);
    let Some(Method::Upi(upi)) = &mut payment.payment_method else { panic!() };
    upi.channel = Some("collect".into());
    assert_eq!(written(&payment), r#"{"payment_method":{"upi":{"channel":"collect","new":1}}}"#);
}

#[test]
fn the_doubly_wrapped_method_of_2022_reads_too() {
    use v2022_09_01::types::Payment;
    for body in [
        r#"{"payment_method":{"payment_method":{"upi":{"channel":"collect","upi_id":"a@b"}}}}"#,
        r#"{"payment_method":{"upi":{"channel":"collect","upi_id":"a@b"}}}"#,
    ] {
        let payment: Payment = read(body);
        assert_eq!(payment.payment_method.as_ref().unwrap().key(), Some("upi"));
        assert_eq!(written(&payment), body);
    }
}

#[test]
fn a_change_after_reading_is_written_whatever_form_the_original_had() {
    let mut order: v2023_08_01::types::Order = read(
        r#"{"order_amount":"10.50","cf_order_id":7,"order_note":5,"order_status":["odd"],"order_tags":{"a":null,"b":"c"}}"#,
    );
    assert_eq!(order.order_status, None);
    order.order_amount = Some("11.5".parse().unwrap());
    order.cf_order_id = Some("8".into());
    order.order_note = None;
    order.order_status = Some("PAID".into());
    order.order_tags.as_mut().unwrap().insert("a".into(), "d".into());
    let expected =
        r#"{"order_amount":11.5,"cf_order_id":"8","order_status":"PAID","order_tags":{"a":"d","b":"c"}}"#;
    assert_eq!(Json::parse(&written(&order)), Json::parse(expected));
}

#[test]
fn times_keep_their_text() {
    use v2025_01_01::types::Order;
    for text in ["2025-02-14 12:00:00", "2025-01-15T12:20:29.123456789+05:30", "20 - 05", "null", ""] {
        let body = format!(r#"{{"created_at":"{text}"}}"#);
        let order: Order = read(&body);
        assert_eq!(order.created_at.as_ref().map(|time| time.as_str()), Some(text));
        assert_eq!(written(&order), body);
    }
    let noon = |text: &str| {
        let order: Order = read(&format!(r#"{{"created_at":"{text}"}}"#));
        order.created_at.unwrap().to_datetime().unwrap().to_utc().to_rfc3339()
    };
    assert_eq!(noon("2025-02-14 12:00:00"), noon("2025-02-14T06:30:00Z"), "Indian time where none is given");
}

#[test]
fn free_json_keeps_every_digit() {
    let body = r#"{"metadata":{"big":12345678901234567890123,"exact":0.1234567890123456789,"e":1e2,"twice":1,"twice":2}}"#;
    let refund: v2025_01_01::types::Refund = read(body);
    assert_eq!(written(&refund), body);
}

#[test]
fn numbers_that_are_no_money_are_exact_or_set_aside() {
    use v2025_01_01::types::Refund;
    let rate = |text: &str| {
        let body = format!(r#"{{"forex_conversion_rate":{text}}}"#);
        let refund: Refund = read(&body);
        assert_eq!(Json::parse(&written(&refund)), Json::parse(&body));
        refund.forex_conversion_rate.map(|rate| rate.normalize().to_string())
    };
    assert_eq!(rate("83.1200").as_deref(), Some("83.12"));
    assert_eq!(rate("8312e-2").as_deref(), Some("83.12"));
    assert_eq!(rate("\"83.12\"").as_deref(), Some("83.12"));
    for too_much in
        ["1.23456789012345678901234567890123", "1.23456789012345678901234567890123e1", "1e300", "1e-40"]
    {
        assert_eq!(rate(too_much), None, "{too_much}");
    }
}

#[test]
fn a_map_entry_given_twice_is_refused_as_a_member_is() {
    let error = refused::<v2025_01_01::types::Order>(r#"{"order_tags":{"a":"1","a":"2"}}"#);
    assert_eq!(error.path(), "$.order_tags.*");
}

#[test]
fn nesting_without_end_is_refused_before_it_can_overflow_the_stack() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let nested = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        for body in [nested.clone(), format!(r#"{{"zz_new":{nested}}}"#)] {
            let order = v2025_01_01::types::Order::decode(body.as_bytes());
            let error = order.map(|order| serde_json::to_string(&order)).unwrap_err();
            assert_eq!((error.path(), error.found()), ("$", "more"));
        }
    }
    // Brackets in text are text.
    let body = format!(r#"{{"order_note":"{}\\\"{{"}}"#, "[".repeat(1000));
    assert!(v2025_01_01::types::Order::decode(body.as_bytes()).is_ok());
}

#[test]
fn very_many_unlisted_members_are_read_in_no_time() {
    let members: Vec<String> = (0..200_000).map(|n| format!("\"m{n}\":{n}")).collect();
    let body = format!("{{{}}}", members.join(","));
    let started = std::time::Instant::now();
    let order: v2025_01_01::types::Order = read(&body);
    assert_eq!(order.unlisted().names().count(), 200_000);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn reading_and_writing_through_serde_is_the_same() {
    let body = r#"{"order_amount":"10.50","cf_order_id":7,"order_status":["odd"],"payment":1.25,"products":{"a":null}}"#;
    let order: v2025_01_01::types::Order = serde_json::from_str(body).unwrap();
    assert_eq!(order, read(body));
    assert_eq!(serde_json::to_string(&order).unwrap(), written(&order));
    assert_eq!(serde_json::to_value(&order).unwrap()["payment"], 1.25);
}

/// A listed name in `unlisted_mut` stands for the field: one value, and a way to repair a misfit.
#[test]
fn what_is_set_under_a_listed_name_is_sent_once() {
    use v2025_01_01::types::Order;
    let mut order: Order = read(r#"{"order_id":"o_1","order_meta":"text"}"#);
    assert_eq!(order.unlisted().misfits().collect::<Vec<_>>(), ["order_meta"]);
    order.unlisted_mut().set("order_meta", serde_json::json!({ "return_url": "u" }));
    order.unlisted_mut().set("order_id", "o_2");
    assert_eq!(written(&order), r#"{"order_meta":{"return_url":"u"},"order_id":"o_2"}"#);

    assert_eq!(order.unlisted_mut().remove("order_id"), Some("o_2".into()));
    order.unlisted_mut().remove("order_meta");
    assert_eq!(written(&order), r#"{"order_id":"o_1"}"#);
    assert_eq!(order.unlisted_mut().remove("order_id"), None);
}

/// An error or a wrapper in place of a list is no list of one refund without an amount.
#[test]
fn an_object_that_is_silent_is_no_list() {
    use v2025_01_01::types::Refund;
    for body in ["{}", r#"{"message":"busy","code":"x"}"#, r#"{"data":[{"refund_id":"r_1"}],"cursor":"c"}"#] {
        assert_eq!(refused::<Vec<Refund>>(body).expected(), "a list", "{body}");
    }
    let refunds: Vec<Refund> = read(r#"{"refund_id":"r_1"}"#);
    assert_eq!(refunds.len(), 1);
}

/// Serde's way out says the same as the crate's own.
#[test]
fn serde_writes_what_was_kept() {
    use v2025_01_01::types::Order;
    for body in [r#"{"zz":"\ud83d"}"#, r#"{"zz":1e400}"#, r#"{"zz":1e-400}"#, r#"{"zz":0.0}"#] {
        let order: Order = read(body);
        assert_eq!(serde_json::to_string(&order).unwrap(), body);
    }
}

/// Serde's way in has seen a float: what that cannot be sure of is no id and no rate.
#[test]
fn serde_reads_no_digits_that_a_float_made_up() {
    use v2025_01_01::types::Payment;
    let body = r#"{"cf_payment_id":12345678901234567890123}"#;
    let payment: Payment = serde_json::from_str(body).unwrap();
    assert_eq!(payment.cf_payment_id, None);
    assert_eq!(payment.unlisted().misfits().collect::<Vec<_>>(), ["cf_payment_id"]);
    let exact: Payment = read(body);
    assert_eq!(exact.cf_payment_id.as_deref(), Some("12345678901234567890123"));
}

/// What is the same is equal, in whatever order and form it came.
#[test]
fn equality_is_of_what_was_said() {
    use v2025_01_01::types::Order;
    let one: Order = read(r#"{"order_id":1,"b":2,"a":1,"order_meta":"text"}"#);
    let same: Order = read(r#"[{"order_meta":"text","a":1,"order_id":"1","b":2}]"#);
    assert_eq!(one, same);
    assert_eq!(read::<Order>(&written(&one)), one);
    for other in [
        r#"{"order_id":1,"b":2,"a":3,"order_meta":"text"}"#,
        r#"{"order_id":1,"b":2,"a":1,"order_meta":"other"}"#,
        r#"{"order_id":1,"b":2,"a":1}"#,
    ] {
        assert_ne!(one, read(other), "{other}");
    }
}
