//! The states that orders, payments and disputes go through.

super::known! {
    /// The state of an order: `order_status`.
    ///
    /// ```
    /// use cashfree_pg::codes::OrderState;
    ///
    /// assert_eq!(OrderState::by_code("PAID"), Some(OrderState::Paid));
    /// ```
    pub enum OrderState {
        Active = "ACTIVE",
        Paid = "PAID",
        Expired = "EXPIRED",
        Terminated = "TERMINATED",
        TerminationRequested = "TERMINATION_REQUESTED",
    }
}

super::known! {
    /// The state of a payment: `payment_status`.
    ///
    /// ```
    /// use cashfree_pg::codes::PaymentState;
    ///
    /// assert_eq!(PaymentState::UserDropped, "USER_DROPPED");
    /// ```
    pub enum PaymentState {
        Success = "SUCCESS",
        Failed = "FAILED",
        NotAttempted = "NOT_ATTEMPTED",
        Pending = "PENDING",
        Flagged = "FLAGGED",
        Cancelled = "CANCELLED",
        Void = "VOID",
        UserDropped = "USER_DROPPED",
    }
}

super::known! {
    /// The state of a dispute: `dispute_status`.
    ///
    /// ```
    /// use cashfree_pg::codes::DisputeState;
    ///
    /// assert_eq!(DisputeState::ChargebackMerchantWon.as_str(), "CHARGEBACK_MERCHANT_WON");
    /// ```
    pub enum DisputeState {
        DisputeCreated = "DISPUTE_CREATED",
        DisputeDocsReceived = "DISPUTE_DOCS_RECEIVED",
        DisputeUnderReview = "DISPUTE_UNDER_REVIEW",
        DisputeMerchantWon = "DISPUTE_MERCHANT_WON",
        DisputeMerchantLost = "DISPUTE_MERCHANT_LOST",
        DisputeMerchantAccepted = "DISPUTE_MERCHANT_ACCEPTED",
        DisputeInsufficientEvidence = "DISPUTE_INSUFFICIENT_EVIDENCE",
        RetrievalCreated = "RETRIEVAL_CREATED",
        RetrievalDocsReceived = "RETRIEVAL_DOCS_RECEIVED",
        RetrievalUnderReview = "RETRIEVAL_UNDER_REVIEW",
        RetrievalMerchantWon = "RETRIEVAL_MERCHANT_WON",
        RetrievalMerchantLost = "RETRIEVAL_MERCHANT_LOST",
        RetrievalMerchantAccepted = "RETRIEVAL_MERCHANT_ACCEPTED",
        RetrievalInsufficientEvidence = "RETRIEVAL_INSUFFICIENT_EVIDENCE",
        ChargebackCreated = "CHARGEBACK_CREATED",
        ChargebackDocsReceived = "CHARGEBACK_DOCS_RECEIVED",
        ChargebackUnderReview = "CHARGEBACK_UNDER_REVIEW",
        ChargebackMerchantWon = "CHARGEBACK_MERCHANT_WON",
        ChargebackMerchantLost = "CHARGEBACK_MERCHANT_LOST",
        ChargebackMerchantAccepted = "CHARGEBACK_MERCHANT_ACCEPTED",
        ChargebackInsufficientEvidence = "CHARGEBACK_INSUFFICIENT_EVIDENCE",
        PreArbitrationCreated = "PRE_ARBITRATION_CREATED",
        PreArbitrationDocsReceived = "PRE_ARBITRATION_DOCS_RECEIVED",
        PreArbitrationUnderReview = "PRE_ARBITRATION_UNDER_REVIEW",
        PreArbitrationMerchantWon = "PRE_ARBITRATION_MERCHANT_WON",
        PreArbitrationMerchantLost = "PRE_ARBITRATION_MERCHANT_LOST",
        PreArbitrationMerchantAccepted = "PRE_ARBITRATION_MERCHANT_ACCEPTED",
        PreArbitrationInsufficientEvidence = "PRE_ARBITRATION_INSUFFICIENT_EVIDENCE",
        ArbitrationCreated = "ARBITRATION_CREATED",
        ArbitrationDocsReceived = "ARBITRATION_DOCS_RECEIVED",
        ArbitrationUnderReview = "ARBITRATION_UNDER_REVIEW",
        ArbitrationMerchantWon = "ARBITRATION_MERCHANT_WON",
        ArbitrationMerchantLost = "ARBITRATION_MERCHANT_LOST",
        ArbitrationMerchantAccepted = "ARBITRATION_MERCHANT_ACCEPTED",
        ArbitrationInsufficientEvidence = "ARBITRATION_INSUFFICIENT_EVIDENCE",
    }
}
