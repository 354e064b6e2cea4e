//! Names that no rule finds: reviewed by hand, one by one.
//!
//! Methods are a verb and its object, in the singular where it is one; types are called what they are, without
//! the vendor's slips and without saying a word twice. The names on the wire stay what they are, and the
//! documentation finds everything by the vendor's names too.

/// The method of an operation, by its id.
pub(crate) fn method_name(id: &str) -> Option<&'static str> {
    find(METHODS, id)
}

/// The name of a type, by the component schema, or by its owner and the member: `Order.products`.
pub(crate) fn type_name(name: &str) -> Option<&'static str> {
    find(TYPES, name)
}

/// The field or argument of a member, by its name on the wire.
pub(crate) fn member_name(wire: &str) -> Option<&'static str> {
    find(MEMBERS, wire)
}

/// The variant of a value that says too much to be a name.
pub(crate) fn variant_name(value: &str) -> Option<&'static str> {
    // What they say first is what tells them apart.
    VALUES.iter().find(|(start, _)| value.starts_with(start)).map(|(_, name)| *name)
}

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.binary_search_by(|(from, _)| (*from).cmp(name)).ok().map(|i| table[i].1)
}

const METHODS: &[(&str, &str)] = &[
    ("FetchActiveEcosystemDowntimes", "fetch_downtimes"),
    ("FetchDowntimeById", "fetch_downtime"),
    ("MarkForSettlement", "mark_order_for_settlement"),
    ("PGAcceptDisputeByID", "accept_dispute"),
    ("PGAuthorizeOrder", "capture_or_void_order"),
    ("PGCustomerDeleteInstrument", "delete_customer_instrument"),
    ("PGCustomerFetchInstrument", "fetch_customer_instrument"),
    ("PGCustomerFetchInstruments", "fetch_customer_instruments"),
    ("PGCustomerInstrumentsFetchCryptogram", "fetch_instrument_cryptogram"),
    ("PGESCreateAdjustment", "create_vendor_adjustment"),
    ("PGESCreateOnDemandTransfer", "create_vendor_transfer"),
    ("PGESCreateVendors", "create_vendor"),
    ("PGESDownloadVendorsDocs", "download_vendor_document"),
    ("PGESFetchVendors", "fetch_vendor"),
    ("PGESGetVendorBalance", "fetch_vendor_balance"),
    ("PGESGetVendorBalanceTransferCharges", "fetch_transfer_charges"),
    ("PGESGetVendorsDocs", "fetch_vendor_documents"),
    ("PGESOrderRecon", "fetch_vendor_order_recon"),
    ("PGESReconVendor", "fetch_vendor_recon"),
    ("PGESUpdateVendors", "update_vendor"),
    ("PGESUploadVendorsDocs", "upload_vendor_document"),
    ("PGEligibilityFetchCardlessEMI", "fetch_eligible_cardless_emi"),
    ("PGEligibilityFetchOffers", "fetch_eligible_offers"),
    ("PGEligibilityFetchPaylater", "fetch_eligible_paylater"),
    ("PGEligibilityFetchPaymentMethods", "fetch_eligible_payment_methods"),
    ("PGFetchDisputeByID", "fetch_dispute"),
    ("PGGetCardBin", "fetch_card_bin"),
    ("PGLinkFetchOrders", "fetch_link_orders"),
    ("PGOrderAuthenticatePayment", "authenticate_payment"),
    ("PGOrderCreateRefund", "create_order_refund"),
    ("PGOrderFetchPayment", "fetch_order_payment"),
    ("PGOrderFetchPayments", "fetch_order_payments"),
    ("PGOrderFetchRefund", "fetch_order_refund"),
    ("PGOrderFetchRefunds", "fetch_order_refunds"),
    ("PGOrderFetchSettlement", "fetch_order_settlement"),
    ("PGOrderSplitAfterPayment", "split_order"),
    ("PGOrderStaticSplit", "create_static_split"),
    ("PGOrderUpdateRefund", "update_order_refund"),
    ("PGPayOrderAuthorizeOnly", "authorize_order_payment"),
    ("PGSettlementFetchRecon", "fetch_settlement_recon"),
    ("PGSplitOrderRecon", "fetch_order_split"),
    ("PGUploadDisputesDocuments", "upload_dispute_document"),
    ("SposFetchTerminalSoundboxVpa", "fetch_soundbox_vpas"),
    ("SposFetchTerminalTransaction", "fetch_terminal_payment"),
    ("SposFetchTerminalTransactions", "fetch_terminal_payments"),
    ("SposUploadTerminalDocs", "upload_terminal_document"),
    ("SubsCreatePayment", "create_subscription_payment"),
    ("SubsCreateRefund", "create_subscription_refund"),
    ("SubsGenerateTransactionReturnSummary", "generate_return_summary"),
    ("SubscriptionDocumentUpload", "upload_subscription_document"),
    ("SubscriptionEligibility", "fetch_eligible_subscription_methods"),
    ("TerminalCreateQRCodes", "create_partner_qr_codes"),
    ("TerminalGetQRCodes", "fetch_partner_qr_codes"),
];

const TYPES: &[(&str, &str)] = &[
    ("AdjustVendorBalanceRequest", "CreateVendorTransferRequest"),
    ("AdjustVendorBalanceResponse", "VendorTransfer"),
    ("AuthResponseEnach", "EnachDetails"),
    ("AuthResponseUpi", "UpiDetails"),
    ("AuthenticatePaymentRequest.action", "OtpAction"),
    ("AuthorizationInPaymentsEntity", "PaymentAuthorization"),
    ("AuthorizeOrderPaymentRequest.authorization_data", "CardAuthorizationData"),
    ("AuthorizeOrderRequest", "CaptureOrVoidOrderRequest"),
    ("Banktransfer", "BankTransfer"),
    ("CaptureOrVoidOrderRequest.action", "CaptureOrVoidOrderAction"),
    ("CardEmi.card_bank_name", "EmiCardBankName"),
    ("CardEmiPayment.emi_details", "EmiDetails"),
    ("Card_Offer", "OfferCard"),
    ("ChargesDetails", "TransferCharges"),
    ("CreateCustomerRequest", "CustomerContact"),
    ("CreateLinkPlanRequest", "LinkPlan"),
    ("CreateOrderRequest.products", "OrderProducts"),
    ("CreateOrderSettlementRequestBody", "MarkForSettlementRequest"),
    ("CreatePar.response", "Par"),
    ("CreatePartnerVpaRequest", "CreatePartnerQrCodesRequest"),
    ("CreateRefundRequest.refund_speed", "RefundSpeed"),
    ("CreateRefundRequest.refund_splits", "RefundSplit"),
    ("CreateStaticSplitRequest.scheme", "SplitScheme"),
    ("CreateSubscriptionPaymentRequest.payment_method", "SubscriptionPaymentMethod"),
    ("CreateSubscriptionPaymentRequestCard", "SubscriptionCard"),
    ("CreateSubscriptionPaymentRequestEnach", "SubscriptionEnach"),
    ("CreateSubscriptionPaymentRequestPnach", "SubscriptionPnach"),
    ("CreateSubscriptionPaymentRequestUpi", "SubscriptionUpi"),
    ("CreateSubscriptonPaymentRequestUpi", "SubscriptionUpi"),
    ("DisputesEntity", "Dispute"),
    ("DisputesEntityMerchantAccepted", "AcceptedDispute"),
    ("EMIPlansArray", "EmiPlan"),
    ("EMI_Offer", "OfferEmi"),
    ("ESOrderReconRequest", "VendorOrderReconRequest"),
    ("ESOrderReconResponse", "VendorOrderRecon"),
    ("EligibilityCardlessEMIEntity", "EligibleCardlessEmi"),
    ("EligibilityFetchCardlessEMIRequest", "EligibleCreditRequest"),
    ("EligibilityFetchOffersRequest", "EligibleOffersRequest"),
    ("EligibilityFetchPaylaterRequest", "EligibleCreditRequest"),
    ("EligibilityFetchPaymentMethodsRequest", "EligiblePaymentMethodsRequest"),
    ("EligibilityMethodItem", "EligibleSubscriptionMethod"),
    ("EligibilityOfferEntity", "EligibleOffer"),
    ("EligibilityPaylaterEntity", "EligiblePaylater"),
    ("EligibilityPaymentMethodsEntity", "EligiblePaymentMethod"),
    ("EligiblePaymentMethod.entity_details", "EligiblePaymentMethodDetails"),
    ("EligibleSubscriptionMethod.entity_details", "EligibleSubscriptionMethodDetails"),
    ("EligibleSubscriptionMethodDetails.available_handles", "UpiHandle"),
    ("EntitySimulationRequest.payment_status", "SimulatedPaymentStatus"),
    ("ErrorDetailsInPaymentsEntity", "PaymentErrorDetails"),
    ("EventPaymentSurcharge", "PaymentSurcharge"),
    ("EventUpi", "UpiDetails"),
    ("FetchDowntimes.response", "Downtimes"),
    ("FetchDowntimesResponse", "Downtimes"),
    ("FetchSettlementsRequest", "SettlementQuery"),
    ("FetchSettlementsRequest_pagination", "Pagination"),
    ("FetchTerminalQRCodesEntity", "TerminalQrCode"),
    ("GetAllTerminalPaymentEntity", "ListedTerminalPayment"),
    ("GetAllTerminalTransactionRequest", "TerminalPaymentsRequest"),
    ("GetCardBinRequest", "CardBinRequest"),
    ("GetCardBinResponseSchema", "CardBin"),
    ("IncidentByIdResponse", "IncidentDetails"),
    ("IncidentObject", "Incident"),
    ("InstrumentEntityForAllSavedCard", "Instrument"),
    ("LinkMetaResponseEntity", "LinkMeta"),
    ("OfferNB", "OfferNetbanking"),
    ("OfferQueries", "EligibilityQueries"),
    ("OfferValidations.payment_method", "OfferPaymentMethod"),
    ("OfferWallet", "OfferProvider"),
    ("OnboardSoundboxVpaRequest", "SoundboxVpa"),
    ("OrderAuthenticateEntity", "PaymentAuthentication"),
    ("OrderAuthenticatePaymentRequest", "AuthenticatePaymentRequest"),
    ("OrderCreateRefundRequest", "CreateRefundRequest"),
    ("OrderDeliveryStatus.status", "DeliveryStatus"),
    ("OrderDetailsInDisputesEntity", "DisputedOrder"),
    ("OrderMeta.offer_filters", "OfferRestrictions"),
    ("OrderMeta.payment_methods_filters", "PaymentRestrictions"),
    ("OrderPaymentMethodFilters", "CardRestrictions"),
    ("OrderSplit.settlement", "OrderSplitSettlement"),
    ("OrderSplit.vendors", "OrderSplitVendor"),
    ("OrderUpdateRefundRequest", "UpdateRefundRequest"),
    ("PARRequest", "CreateParRequest"),
    ("PayOrderAuthorizeOnlyRequest", "AuthorizeOrderPaymentRequest"),
    ("PayOrderEntity", "PayOrderResult"),
    ("PayOrderRequest.payment_method", "PayOrderMethod"),
    ("PayOrderResult.action", "PayOrderAction"),
    ("PayOrderResult.channel", "PayOrderChannel"),
    ("PayOrderResult.payment_method", "PayOrderMethodName"),
    ("Payment.payment_method", "PaymentMethod"),
    ("PaymentAuthorization.action", "CaptureOrVoidOrderAction"),
    ("PaymentMethodAppInPaymentsEntity", "ProviderPayment"),
    ("PaymentMethodBankTransferInPaymentsEntity", "BankTransferPayment"),
    ("PaymentMethodCardEMIInPaymentsEntity", "CardEmiPayment"),
    ("PaymentMethodCardInPaymentsEntity", "CardPayment"),
    ("PaymentMethodCardlessEMIInPaymentsEntity", "ProviderPayment"),
    ("PaymentMethodInPaymentsEntity", "PaymentMethod"),
    ("PaymentMethodNetBankingInPaymentsEntity", "NetbankingPayment"),
    ("PaymentMethodPaylaterInPaymentsEntity", "ProviderPayment"),
    ("PaymentMethodUPIInPaymentsEntity", "UpiPayment"),
    ("PaymentMethodsQueries", "EligibilityQueries"),
    ("PaymentRestrictions.filters", "CardRestrictions"),
    ("PaymentRestrictions.methods", "Restriction"),
    ("PaymentURLObject", "UrlReference"),
    ("Recon.data", "ReconRow"),
    ("ReconRow.customer_details", "SettlementReconCustomer"),
    ("ReconRow.dispute_details", "SettlementReconDispute"),
    ("ReconRow.event_details", "SettlementReconEvent"),
    ("ReconRow.order_details", "SettlementReconOrder"),
    ("ReconRow.payment_details", "ReconPayment"),
    ("ReconRow.refund_details", "SettlementReconRefund"),
    ("ReconRow.settlement_details", "SettlementReconSettlement"),
    ("Refund.entity", "RefundObject"),
    ("RefundSpeed", "RefundSpeedDetails"),
    ("ReturnSummary.data", "ReturnSummaryData"),
    ("SavedInstrumentMeta.card_token_details", "CardTokenDetails"),
    ("SettlementFetchReconRequest", "SettlementReconQuery"),
    ("SettlementQuery.filters", "SettlementFilters"),
    ("SettlementRecon.data", "SettlementReconRow"),
    ("SettlementReconQuery.filters", "SettlementReconFilters"),
    ("SettlementReconRow.customer_details", "SettlementReconCustomer"),
    ("SettlementReconRow.dispute_details", "SettlementReconDispute"),
    ("SettlementReconRow.event_details", "SettlementReconEvent"),
    ("SettlementReconRow.order_details", "SettlementReconOrder"),
    ("SettlementReconRow.payment_details", "SettlementReconPayment"),
    ("SettlementReconRow.refund_details", "SettlementReconRefund"),
    ("SettlementReconRow.settlement_details", "SettlementReconSettlement"),
    ("SettlementSimulationResponse", "SettlementSimulation"),
    ("SimulateRequest.entity", "SimulatedEntity"),
    ("SimulateSettlementRequest.errorReason", "SettlementErrorReason"),
    ("SimulationResponse", "Simulation"),
    ("SoundboxVpaEntity", "SoundboxVpa"),
    ("SplitAfterPaymentRequest", "SplitOrderRequest"),
    ("SplitAfterPaymentResponse", "EasySplitResult"),
    ("SplitOrderReconSuccessResponse", "OrderSplit"),
    ("SplitOrderRequest.split", "SplitShare"),
    ("StaticQrResponseEntity", "PartnerQrCode"),
    ("StaticSplitRequest", "CreateStaticSplitRequest"),
    ("StaticSplitResponse", "StaticSplit"),
    ("SubsCardMethod", "SubscriptionCard"),
    ("SubsEnachMethod", "SubscriptionEnach"),
    ("SubsPnachMethod", "SubscriptionPnach"),
    ("SubsUPIMethod", "SubscriptionUpi"),
    ("Subscription", "LinkSubscriptionRequest"),
    ("SubscriptionEntity", "Subscription"),
    ("SubscriptionEventEnach", "EnachDetails"),
    ("SubscriptionEventFailure", "SubscriptionFailure"),
    ("SubscriptionPaymentEntity_failure_details", "SubscriptionFailure"),
    ("SubscriptionPaymentRefundEntity", "SubscriptionRefund"),
    ("TerminalEntity", "Terminal"),
    ("TransactionReturnSummary200Response", "ReturnSummary"),
    ("TransferDetails.tags", "TransferTags"),
    ("UpdateOrderExtendedRequest", "UpdateOrderExtendedDataRequest"),
    ("UpdateTerminalEntity", "UpdatedTerminal"),
    ("UploadPnachImageResponse", "PnachDocument"),
    ("UploadTerminalDocs", "UploadTerminalDocumentRequest"),
    ("UploadTerminalDocsEntity", "TerminalDocument"),
    ("VBASimulationRequest", "VirtualAccountSimulation"),
    ("VendorAdjustmentRequest", "CreateVendorAdjustmentRequest"),
    ("VendorAdjustmentSuccessResponse", "EasySplitResult"),
    ("VendorBalanceTransferCharges", "TransferCharges"),
    ("VendorDocumentDownloadResponse", "VendorDocumentDownload"),
    ("VendorDocumentsResponse", "VendorDocuments"),
    ("VendorEntity_related_docs_inner", "VendorDocument"),
    ("VendorOnDemandSettlementRequest", "CreateVendorTransferRequest"),
    ("VendorOrderRecon.data", "VendorOrderReconRow"),
    ("VendorOrderReconRow.order_splits", "VendorOrderSplits"),
    ("VendorOrderSplits.split", "VendorOrderSplit"),
    ("VendorRecon.data", "VendorReconRow"),
    ("VendorRecon200Response", "VendorRecon"),
    ("Wallet_Offer", "OfferProvider"),
    ("products", "OrderProducts"),
];

const MEMBERS: &[(&str, &str)] = &[
    ("customer_bank_acoount_holder_name", "customer_bank_account_holder_name"),
    ("cutomer_details", "customer_details"),
    ("prefferred_evidence", "preferred_evidence"),
    ("teminal_id", "terminal_id"),
];

const VALUES: &[(&str, &str)] = &[
    ("Bank account details you have provided are invalid, ", "InvalidBankAccount"),
    ("Bank account details you have provided is not active, ", "InactiveBankAccount"),
    ("Beneficiary name you have provided is incorrect, ", "IncorrectBeneficiaryName"),
    ("Due to some technical issues at the bank, ", "TechnicalIssuesAtTheBank"),
    ("Due to some technical issues, ", "TechnicalIssues"),
    ("The IFSC you have provided for the bank account is invalid, ", "InvalidIfsc"),
    ("Unable to settle amount to this beneficiary account, ", "UnableToSettle"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_no_two_entries_are_one() {
        for table in [METHODS, TYPES, MEMBERS] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0), "{table:?}");
        }
        let mut methods: Vec<&str> = METHODS.iter().map(|(_, name)| *name).collect();
        methods.sort_unstable();
        methods.dedup();
        assert_eq!(methods.len(), METHODS.len(), "two operations are one method");
    }
}
