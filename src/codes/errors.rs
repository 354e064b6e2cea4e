//! The `type` and `code` of an error's body, so that no program spells them out.

super::known! {
    /// The `type` of an error: what kind of thing went wrong.
    ///
    /// ```
    /// use cashfree_pg::codes::ErrorType;
    ///
    /// assert_eq!(ErrorType::by_code("rate_limit_error"), Some(ErrorType::RateLimitError));
    /// assert_eq!(ErrorType::ApiError, "api_error");
    /// ```
    pub enum ErrorType {
        /// No connection to Cashfree, or from there to a bank, came about: repeat the request with the same
        /// idempotency key.
        ApiConnectionError = "api_connection_error",
        /// Something failed on Cashfree's side: fetch what was to be changed, and repeat with the same
        /// idempotency key.
        ApiError = "api_error",
        /// Client id, secret or partner key are wrong, or belong to the other environment: compare both with
        /// the dashboard.
        AuthenticationError = "authentication_error",
        /// The request asks for what cannot be done: the message names the member or the state, and a repeat
        /// without a change fails again.
        InvalidRequestError = "invalid_request_error",
        /// The account has no leave to do this: have Cashfree enable the product for it.
        FeatureNotEnabled = "feature_not_enabled",
        /// Too many requests came within a minute: wait as long as the headers say, then send fewer.
        RateLimitError = "rate_limit_error",
        /// A member has a wrong form or a value out of its limits: correct the one that the message names.
        ValidationError = "validation_error",
        /// The idempotency key was used with another body, or its first request still runs: fetch the result,
        /// or take a new key for a new intent.
        IdempotencyError = "idempotency_error",
        /// A system behind Cashfree gave no usable answer, so that the outcome is open: fetch it before
        /// anything is repeated.
        BadGatewayError = "bad_gateway_error",
    }
}

super::known! {
    /// The `code` of an error: what went wrong, for a program.
    ///
    /// A few are spelled wrong, or are a pattern (`android_package_{xRequestedWith}`): this is what the
    /// API documents.
    ///
    /// ```
    /// use cashfree_pg::codes::ErrorCode;
    ///
    /// match ErrorCode::by_code("order_already_exists") {
    ///     Some(ErrorCode::OrderAlreadyExists) => { /* fetch it instead */ }
    ///     Some(_) | None => unreachable!(),
    /// }
    /// ```
    pub enum ErrorCode {
        /// This kind of card is not taken, or not enabled for the account: offer another card or method.
        CardUnsupported = "card_unsupported",
        /// The account or the order does not take this method: ask which methods are eligible and offer those.
        PaymentMethodUnsupported = "payment_method_unsupported",
        /// The surcharge does not fit the order or the account's settings: correct it, or leave it out.
        SurchargeInvalid = "surcharge_invalid",
        /// The gateway that was asked for cannot take this payment: leave the choice to Cashfree, or use
        /// another one.
        PaymentGatewayUnsupported = "payment_gateway_unsupported",
        /// The account may not send card numbers itself: use the hosted checkout, or have the permission
        /// granted.
        CardSubmissionDisabled = "card_submission_disabled",
        /// The amount is no number, below the minimum, or above the account's limit: send rupees with at most
        /// two decimals.
        OrderAmountInvalid = "order_amount_invalid",
        /// The order is paid, expired or terminated: create another one.
        OrderInactive = "order_inactive",
        /// The e-mail address of the customer is malformed: correct it, or leave it out.
        CustomerEmailInvalid = "customer_email_invalid",
        /// The header `x-api-version` names no version: use a client of this crate, or a date that Cashfree
        /// lists.
        VersionInvalid = "version_invalid",
        /// The token of the order is wrong or over: take the one of the order as it was created.
        OrderTokenInvalid = "order_token_invalid",
        /// The session of the subscription is wrong or over: take the one that its creation answered, or create
        /// another.
        SubSessionIdInvalid = "sub_session_id_invalid",
        /// The `payment_session_id` is cut, of the other environment, or over: send it exactly as the order has
        /// it.
        PaymentSessionIdInvalid = "payment_session_id_invalid",
        /// The session in which the OTP is entered is unknown or over: begin the payment again.
        NativeOtpSessionIdInvalid = "native_otp_session_id_invalid",
        /// The token of the customer's UPI session is wrong or over: have it issued again.
        FlashUpiAuthTokenInvalid = "flash_upi_auth_token_invalid",
        /// The browser's session at the checkout is missing or over: open the checkout anew, with cookies
        /// allowed.
        CookieInvalid = "cookie_invalid",
        /// The order id has characters or a length that are not taken: 3 to 45 letters, digits, `-` and `_`.
        OrderIdInvalid = "order_id_invalid",
        /// A time cannot be read, is too near or too far off, or a range ends before it starts: send ISO 8601
        /// with an offset.
        OrderExpiryTimeInvalid = "order_expiry_time_invalid",
        /// The order has no successful payment, so there is nothing to refund, capture or settle: wait until it
        /// is paid.
        OrderIdNotPaid = "order_id_not_paid",
        /// The held money of the order was released: nothing can be captured or refunded; create another order.
        OrderIdVoided = "order_id_voided",
        /// The refund is zero, or more than what is left of the payment: fetch the order's refunds and subtract
        /// them.
        RefundAmountInvalid = "refund_amount_invalid",
        /// The refund id has characters or a length that are not taken: choose a short one of letters, digits,
        /// `-` and `_`.
        RefundIdInvalid = "refund_id_invalid",
        /// No bank has this code for net banking: take one of [`Bank`](super::Bank).
        NetbankingBankCodeInvalid = "netbanking_bank_code_invalid",
        /// The object of the payment method is malformed, or holds more than one method: send just one.
        PaymentMethodInvalid = "payment_method_invalid",
        /// This refund cannot be made in the payment's state, or a like one exists: fetch the order's refunds
        /// first.
        RefundInvalid = "refund_invalid",
        /// The vendor is unknown, not active, or its id is malformed: fetch the vendor and look at its status.
        VendorIdInvalid = "vendor_id_invalid",
        /// The gateway for this payment is switched off for the account: have it enabled, or offer another
        /// method.
        PaymentGatewayInactive = "payment_gateway_inactive",
        /// The phone number is malformed: send ten digits, with a country code for numbers from abroad.
        CustomerPhoneInvalid = "customer_phone_invalid",
        /// The partner key is wrong, revoked, or has no access to this merchant: take the current one from the
        /// partner dashboard.
        PartnerApikeyInvalid = "partner_apikey_invalid",
        /// The amount of the payment does not fit what the order leaves to pay: send the order's amount.
        PaymentAmountInvalid = "payment_amount_invalid",
        /// The payment's method or age rules out a refund through Cashfree: pay the customer back in another
        /// way.
        RefundUnsupported = "refund_unsupported",
        /// The order has a successful payment: deliver on that one, and create another order for another
        /// payment.
        OrderAlreadyPaid = "order_already_paid",
        /// The bank did not process it: fetch the status, and have the customer try again or pay in another
        /// way.
        BankProcessingFailure = "bank_processing_failure",
        /// No answer came in time, so that the outcome is open: fetch it, or repeat with the same idempotency
        /// key.
        ApiRequestTimeout = "api_request_timeout",
        /// The token for the mobile SDK is malformed or over: have your server fetch another.
        SdkTokenInvalid = "sdk_token_invalid",
        /// No such token for the mobile SDK was issued: check that app and server use the same environment.
        SdkTokenUnknown = "sdk_token_unknown",
        /// The id is none of a simulation: take the one that simulating a payment answered.
        SimulationIdInvalid = "simulation_id_invalid",
        /// The id does not name what is to be simulated: check it against `entity`.
        EntityIdInvalid = "entity_id_invalid",
        /// Nothing of this kind can be simulated: see the values of `entity`.
        EntityUnsupported = "entity_unsupported",
        /// The path has no simulation id: send the one that simulating a payment answered.
        SimulationIdMissing = "simulation_id_missing",
        /// The request has no subscription id: send the one you chose when you created the subscription.
        SubscriptionIdMissing = "subscription_id_missing",
        /// The request has no payment id: send the one of the payment it is about.
        PaymentIdMissing = "payment_id_missing",
        /// The request has no plan id: send the one of a plan that exists.
        PlanIdMissing = "plan_id_missing",
        /// The request has no refund id: send the one you chose when you asked for the refund.
        RefundIdMissing = "refund_id_missing",
        /// The payment form was not created: correct what the message names and create it again.
        PaymentFormFormCreationFailed = "PaymentForm_form_creation_failed",
        /// No link to the payment form was made: see that the form is active, then ask again.
        PaymentFormLinkCreationFailed = "PaymentForm_link_creation_failed",
        /// Your order id is taken: fetch that order, and choose another id only for another purchase.
        OrderAlreadyExists = "order_already_exists",
        /// A payment of this order is already under way: wait for its result before another is begun.
        OrderpayAlreadyExists = "orderpay_already_exists",
        /// Another order has this id: fetch it to see whether it is yours from an earlier attempt.
        OrderIdAlreadyExists = "order_id_already_exists",
        /// The checkout was opened on a web domain that is not approved: have the domain whitelisted in the
        /// dashboard.
        DomainNameRefererString = "domain_name_refererString",
        /// The checkout was opened by an Android app that is not approved: have the package whitelisted in the
        /// dashboard.
        AndroidPackageXRequestedWith = "android_package_{xRequestedWith}",
        /// The kind of reference in the request has not been approved for the account: ask Cashfree to review
        /// it.
        RefTypeNotApproved = "refType_not_approved",
        /// The account cannot use this kind of reference: send another, or ask Cashfree.
        RefTypeIneligible = "refType_ineligible",
        /// The request reached a gateway that is switched off for the account: have it enabled, or offer
        /// another method.
        PaymentGatewayInactiveRequestFailed = "payment_gateway_inactive_request_failed",
        /// The request failed since it names no subscription: send the subscription's id.
        SubscriptionIdMissingRequestFailedFailed = "subscription_id_missing_request_failed_failed",
        /// The request failed since it names no simulation: send the simulation's id.
        SimulationIdMissingRequestFailedFailed = "simulation_id_missing_request_failed_failed",
        /// Nobody could tell whether this order may be paid in cash on delivery: repeat, or offer other
        /// methods.
        CodEligibilityFailed = "cod_eligibility_failed",
        /// The payment link was not created: correct what the message names; no link exists under your id.
        PaymentlinkCreateFailed = "Paymentlink_create_failed",
        /// The OTP could not be handed to the bank: fetch the payment, and let the customer enter it again
        /// while it is pending.
        HeadlessOtpSubmitRequestFailed = "headless_otp_submit_request_failed",
        /// The order was not created: correct what the message names, and repeat with the same order id.
        OrderCreationFaied = "order_creation_faied",
        /// The PAN was not taken: check its ten characters and hand it in again.
        PanSubmitFailed = "pan_submit_failed",
        /// The GSTIN was not taken: check its fifteen characters and hand it in again.
        GstinSubmitFailed = "gstin_submit_failed",
        /// The company's CIN was not taken: check its 21 characters and hand it in again.
        CinSubmitFailed = "cin_submit_failed",
        /// The customer's IP address is missing or cannot be used for the risk check: send their public
        /// address.
        RiskDataIpAddressRequestFailed = "risk_data_ip_address_request_failed",
        /// The cart of the order was not stored: check its items and amounts, and send it again.
        CartCreateFailed = "cart_create_failed",
        /// The order was not created: correct what the message names, or repeat with the same order id.
        OrderCreateFailed = "order_create_failed",
        /// The payment was not begun: fetch the order's payments, and begin again if there is none.
        OrderPayFailed = "order_pay_failed",
        /// The refund was not accepted: fetch it by its id, and ask again with the same id if there is none.
        RefundPostFailed = "refund_post_failed",
        /// The payment link was neither created nor changed: fetch it by its id before you repeat.
        LinkPostFailed = "link_post_failed",
        /// The request was understood and refused: the message says why, such as a duplicate or a balance that
        /// is too low.
        ApiRequestFailed = "api_request_failed",
        /// The form was not stored: correct what the message names and send it again.
        FormPostFailed = "form_post_failed",
        /// No OTP was sent for the Aadhaar number: check the number and that a phone is registered for it, then
        /// ask again.
        AadharOtpGenerationFailed = "aadhar_otp_generation_failed",
        /// The OTP for the Aadhaar number was not accepted: enter it again, or request a fresh one.
        AadharOtpVerificationFailed = "aadhar_otp_verification_failed",
        /// The PAN is not confirmed: compare number and name with the card.
        PanVerificationFailed = "pan_verification_failed",
        /// The bank account is not confirmed: check account number, IFSC and the holder's name.
        BankAccountVerificationFailed = "bank_account_verification_failed",
        /// No OTP was sent: check the phone number, wait a little, and ask for another.
        OtpGenerationFailed = "otp_generation_failed",
        /// The OTP came too late: ask for another one and use it at once.
        OtpExpiredFailed = "otp_expired_failed",
        /// The OTP is wrong: have it typed again, or ask for another one.
        OtpInvalidFailed = "otp_invalid_failed",
        /// The reference does not belong to a step that is under way: begin the verification again.
        RefIdInvalidFailed = "ref_id_invalid_failed",
        /// Shipping methods and charges could not be fetched for the address: check the endpoint that you gave
        /// for them.
        ShippingFetchFailed = "shipping_fetch_failed",
        /// The failure to be simulated has no such code: take a `payment_error_code` that is documented.
        EntitySimulationPaymentErrorCodeFailed = "entity_simulation_payment_error_code_failed",
        /// The GSTIN is not confirmed: compare it and the business name with the registration.
        GstVerificationFailed = "gst_verification_failed",
        /// No offer of the account has this id: create it, or list those that are eligible.
        OfferNotFound = "offer_not_found",
        /// No customer has this id: create the customer first.
        CustomerGetNotFound = "customer_get_not_found",
        /// The order has no payment with this id: list the payments of the order.
        PaymentNotFound = "payment_not_found",
        /// What is to be paid or changed names a payment that does not exist: list the payments of the order.
        PaymentPostNotFound = "payment_post_not_found",
        /// Nothing of the given kind has this id: check the id, and that it is of this environment.
        EntityIdNotFound = "entityId_not_found",
        /// No order of the account has this id: check the id, and that it was created in this environment.
        OrderGetNotFound = "order_get_not_found",
        /// The order has no cart: send one when you create the order.
        CartGetNotFound = "cart_get_not_found",
        /// The session to pay belongs to no order: create an order and use its `payment_session_id`.
        OrderpayPostNotFound = "orderpay_post_not_found",
        /// The customer has no saved card by this alias: list the saved instruments.
        CardAliasNotFound = "card_alias_not_found",
        /// Nothing is known of cards with these first digits: go on without knowing bank and network.
        CardbinDetailsNotFound = "cardbin_details_not_found",
        /// The customer has no such saved card; it may have been deleted: list the saved instruments.
        CardNotFound = "card_not_found",
        /// The request is about an order that does not exist: check `order_id` and the environment.
        OrderIdPostNotFound = "order_id_post_not_found",
        /// The account has no rates for this way of paying: ask Cashfree to agree on them.
        ModeRatesGetNotFound = "modeRates_get_not_found",
        /// The order has no refund with this id: list its refunds; the request may never have arrived.
        RefundGetNotFound = "refund_get_not_found",
        /// No transaction has this id: check the id, and that it is of this environment.
        TransactionGetNotFound = "transaction_get_not_found",
        /// Nothing has been settled under this id yet: ask again after the settlement is due.
        SettlementGetNotFound = "settlement_get_not_found",
        /// The account has no payment link with this id: check the id, and that it is of this environment.
        LinkGetNotFound = "link_get_not_found",
        /// No merchant has this id, or not below this partner: check the id and whose keys are used.
        MerchantGetNotFound = "merchant_get_not_found",
        /// The request names a terminal that is not registered: create the terminal, or correct the id.
        TerminalIdPostNotFound = "terminal_id_post_not_found",
        /// What the request is to change does not exist: check the ids in path and body.
        ResourcePostNotFound = "resource_post_not_found",
        /// The terminal is not registered with the account: create it first.
        TerminalPostNotFound = "terminal_post_not_found",
        /// The request is about an order that is not there: check its id and the environment.
        OrderRequestNotFound = "order_request_not_found",
        /// The request is about a payment that is not there: check its id and the environment.
        PaymentRequestNotFound = "payment_request_not_found",
        /// No dispute has this id: list the disputes of the payment or the order.
        DisputeRequestNotFound = "dispute_request_not_found",
        /// The dispute has no such document: list its documents, or upload it.
        DocumentRequestNotFound = "document_request_not_found",
        /// What was asked for does not exist: check the ids in the path, and the environment.
        ResourceGetNotFound = "resource_get_not_found",
        /// No payment form has this id: check the id, and that the form was not deleted.
        FormGetNotFound = "form_get_not_found",
        /// The credentials were refused: compare client id, secret and environment with the dashboard.
        AuthenticationError = "authentication_error",
        /// The credentials do not open the customer's saved instruments: check them, and that the account may
        /// save cards.
        CustomerInstrumentsAuthenticationError = "customer_instruments_authentication_error",
        /// The token that vouches for the mobile app is missing: have the app request one and send it along.
        IntegrityTokenNotFound = "integrity_token_not_found",
        /// The account has no settings for the checkout: complete them in the dashboard.
        CheckoutConfigNotFound = "checkout_config_not_found",
        /// Cashfree failed for lack of something it expected: repeat later, and tell Cashfree the request id if
        /// it stays.
        ApiErrorNotFound = "api_error_not_found",
        /// The payment names a saved instrument that does not exist: list those of the customer.
        PaymentInstrumentNotFound = "payment_instrument_not_found",
        /// No order has this id: check that it was created, with these credentials and in this environment.
        OrderNotFound = "order_not_found",
        /// The customer has no saved instrument with this id: list them; it may have been deleted.
        InstrumentNotFound = "instrument_not_found",
        /// The request was refused as a whole, for its credentials, path, JSON or rate: see the type and the
        /// message.
        RequestFailed = "request_failed",
        /// The card network gave no cryptogram for the token: ask again, or take the card number anew.
        CryptogramRequestFailed = "cryptogram_request_failed",
        /// Money cannot only be held with this method or account: pay without pre-authorisation, or have it
        /// enabled.
        AuthorizeOnlyInvalid = "authorize_only_invalid",
        /// The card number fails its check digit or has a wrong length: have the customer type it again.
        CardNumberInvalid = "card_number_invalid",
        /// The bank offers no EMI over so many months for this amount: take one of [`EmiPlan`](super::EmiPlan).
        EmiTenureInvalid = "emi_tenure_invalid",
    }
}
