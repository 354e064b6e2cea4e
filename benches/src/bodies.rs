//! Bodies such as the API sends.

/// An order that has been created.
pub const ORDER: &str = r#"{"cart_details":null,"cf_order_id":"2191034418","created_at":"2026-01-15T18:12:09+05:30","customer_details":{"customer_id":"lamp_buyer_7","customer_name":"Asha Rao","customer_email":"asha.rao@mail.example","customer_phone":"9876543210","customer_uid":null},"entity":"order","order_amount":1218.40,"order_currency":"INR","order_expiry_time":"2026-02-14T18:12:09+05:30","order_id":"lamp_4471","order_meta":{"return_url":"https://shop.example/return?order=lamp_4471","notify_url":"https://shop.example/cashfree","payment_methods":null},"order_note":"one lamp, blue","order_splits":[],"order_status":"ACTIVE","order_tags":{"shop":"north","till":"3"},"payment_session_id":"session_Qk2vX9yTn4bLr7wZp1mHc8sDf3gJa6eUo5iKt0","terminal_data":null}"#;

/// A payment by UPI.
pub const PAYMENT: &str = r#"{"auth_id":null,"authorization":null,"bank_reference":"433211907765","cf_payment_id":"5114910002","entity":"payment","error_details":null,"is_captured":true,"order_amount":499.50,"order_currency":"INR","order_id":"order_7","payment_amount":499.50,"payment_completion_time":"2026-01-15T18:20:41+05:30","payment_currency":"INR","payment_gateway_details":{"gateway_name":"CASHFREE","gateway_order_id":null,"gateway_payment_id":null,"gateway_settlement":"CASHFREE"},"payment_group":"upi","payment_message":"Transaction successful","payment_method":{"upi":{"channel":"collect","upi_id":"asha@bank"}},"payment_status":"SUCCESS","payment_time":"2026-01-15T18:20:33+05:30","payment_offers":[]}"#;

const CARD_PAYMENT: &str = r#"{"auth_id":"006312","authorization":null,"bank_reference":"433211907765","cf_payment_id":"511491NNNN","entity":"payment","error_details":{"error_code":"TRANSACTION_DECLINED","error_description":"The bank declined it","error_reason":"insufficient_funds","error_source":"customer","error_code_raw":null,"error_description_raw":null,"error_subcode_raw":null},"is_captured":false,"order_amount":1218.40,"order_currency":"INR","order_id":"order_NNNN","payment_amount":1218.40,"payment_completion_time":"2026-01-15T18:20:41+05:30","payment_currency":"INR","payment_gateway_details":{"gateway_name":"CASHFREE","gateway_order_id":null,"gateway_payment_id":null,"gateway_settlement":"CASHFREE"},"payment_group":"credit_card","payment_message":"declined","payment_method":{"card":{"channel":"link","card_number":"XXXXXXXXXXXX1881","card_network":"visa","card_type":"credit_card","card_country":"IN","card_bank_name":"Example Bank"}},"payment_status":"FAILED","payment_time":"2026-01-15T18:20:33+05:30","payment_offers":null}"#;

const ROWS: [&str; 2] = [
    r#"{"event_id":"7120NNNN","event_type":"PAYMENT","event_settlement_amount":1189.66,"event_amount":1218.40,"sale_type":"CREDIT","event_status":"SUCCESS","entity":"recon","event_time":"2026-01-15T18:20:41+05:30","event_currency":"INR","order_id":"lamp_NNNN","order_amount":1218.40,"customer_phone":"9876543210","customer_email":"asha.rao@mail.example","customer_name":"Asha Rao","payment_amount":1218.40,"payment_utr":"433211907765","payment_time":"2026-01-15T18:20:33+05:30","payment_service_charge":24.36,"payment_service_tax":4.38,"cf_payment_id":"5114NNNN","cf_settlement_id":"99102231","settlement_date":"2026-01-16T11:00:00+05:30","settlement_utr":"N016262212345","split_service_charge":0,"split_service_tax":0,"vendor_commission":0,"closed_in_favor_of":null,"dispute_resolved_on":null,"dispute_category":null,"dispute_note":null,"refund_processed_at":null,"refund_arn":null,"refund_note":null,"refund_id":null,"adjustment_remarks":null,"adjustment":null,"service_tax":null,"service_charge":null,"amount_settled":null,"payment_from":null,"payment_till":null,"reason":null,"settlement_initiated_on":null,"settlement_type":null,"settlement_charge":null,"settlement_tax":null,"remarks":null}"#,
    r#"{"event_id":"7121NNNN","event_type":"REFUND","event_settlement_amount":499.50,"event_amount":499.50,"sale_type":"DEBIT","event_status":"SUCCESS","entity":"recon","event_time":"2026-01-15T19:02:11+05:30","event_currency":"INR","order_id":"lamp_NNNN","order_amount":1218.40,"customer_phone":"9876543210","customer_email":"asha.rao@mail.example","customer_name":"Asha Rao","payment_amount":1218.40,"payment_utr":"433211907765","payment_time":"2026-01-15T18:20:33+05:30","payment_service_charge":0,"payment_service_tax":0,"cf_payment_id":"5114NNNN","cf_settlement_id":"99102231","settlement_date":"2026-01-16T11:00:00+05:30","settlement_utr":"N016262212345","split_service_charge":0,"split_service_tax":0,"vendor_commission":0,"closed_in_favor_of":null,"dispute_resolved_on":null,"dispute_category":null,"dispute_note":null,"refund_processed_at":"2026-01-15T19:02:11+05:30","refund_arn":"74300126015","refund_note":"the lamp was broken","refund_id":"refund_NNNN","adjustment_remarks":null,"adjustment":null,"service_tax":null,"service_charge":null,"amount_settled":null,"payment_from":null,"payment_till":null,"reason":null,"settlement_initiated_on":null,"settlement_type":null,"settlement_charge":null,"settlement_tax":null,"remarks":null}"#,
];

/// What a refusal says.
pub const ERROR: &str = r#"{"message":"order with the same id is already present","code":"order_already_exists","type":"invalid_request_error","help":"Check latest errors and resolution in the docs"}"#;

/// A list of payments, of which every third is by card.
pub fn payments(count: usize) -> String {
    list(count, |index| if index % 3 == 2 { CARD_PAYMENT } else { PAYMENT })
}

/// A page of reconciliation, as large as pages get.
pub fn recon(count: usize) -> String {
    format!(r#"{{"cursor":"eyJwIjoxfQ==","limit":{count},"data":{}}}"#, list(count, |index| ROWS[index % 2]))
}

fn list(count: usize, item: impl Fn(usize) -> &'static str) -> String {
    let items = (0..count).map(|index| item(index).replace("NNNN", &format!("{:04}", index % 10_000)));
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}
