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
        /// Nobody has paid yet, and it can be paid.
        Active = "ACTIVE",
        /// A payment has succeeded, or its money is held until it is captured. Final, unless that is voided.
        Paid = "PAID",
        /// Its time is over; an attempt begun before may still make it `PAID`.
        Expired = "EXPIRED",
        /// Closed on request; it can no longer be paid. Final.
        Terminated = "TERMINATED",
        /// Is being closed; an attempt under way may still succeed.
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
        /// The money was taken, or is held until it is captured: `is_captured` of the payment says which.
        Success = "SUCCESS",
        /// Declined; the customer may try again on the same order. Final for this attempt.
        Failed = "FAILED",
        /// Begun, and nothing was sent to the bank yet.
        NotAttempted = "NOT_ATTEMPTED",
        /// Not decided yet: the customer or the bank still has to act, so do not deliver.
        Pending = "PENDING",
        /// Held back by a risk check until it is reviewed.
        Flagged = "FLAGGED",
        /// Given up before it was decided. Final.
        Cancelled = "CANCELLED",
        /// What was held is released without a capture. Final.
        Void = "VOID",
        /// The customer left before finishing. Final, unless the bank answers late.
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
        /// Dispute opened: accept it, or hand in evidence by `respond_by`.
        DisputeCreated = "DISPUTE_CREATED",
        /// Dispute: your evidence has arrived and waits for its review.
        DisputeDocsReceived = "DISPUTE_DOCS_RECEIVED",
        /// Dispute: your evidence is being weighed; nothing to do.
        DisputeUnderReview = "DISPUTE_UNDER_REVIEW",
        /// Dispute decided for you: the money stays yours. Final.
        DisputeMerchantWon = "DISPUTE_MERCHANT_WON",
        /// Dispute decided for the customer: the money is theirs. Final.
        DisputeMerchantLost = "DISPUTE_MERCHANT_LOST",
        /// Dispute accepted by you: the money goes back to the customer. Final.
        DisputeMerchantAccepted = "DISPUTE_MERCHANT_ACCEPTED",
        /// Dispute: your evidence does not suffice: send more by `respond_by`.
        DisputeInsufficientEvidence = "DISPUTE_INSUFFICIENT_EVIDENCE",
        /// Retrieval request opened: accept it, or hand in evidence by `respond_by`.
        RetrievalCreated = "RETRIEVAL_CREATED",
        /// Retrieval request: your evidence has arrived and waits for its review.
        RetrievalDocsReceived = "RETRIEVAL_DOCS_RECEIVED",
        /// Retrieval request: your evidence is being weighed; nothing to do.
        RetrievalUnderReview = "RETRIEVAL_UNDER_REVIEW",
        /// Retrieval request decided for you: the money stays yours. Final.
        RetrievalMerchantWon = "RETRIEVAL_MERCHANT_WON",
        /// Retrieval request decided for the customer: the money is theirs. Final.
        RetrievalMerchantLost = "RETRIEVAL_MERCHANT_LOST",
        /// Retrieval request accepted by you: the money goes back to the customer. Final.
        RetrievalMerchantAccepted = "RETRIEVAL_MERCHANT_ACCEPTED",
        /// Retrieval request: your evidence does not suffice: send more by `respond_by`.
        RetrievalInsufficientEvidence = "RETRIEVAL_INSUFFICIENT_EVIDENCE",
        /// Chargeback opened: accept it, or hand in evidence by `respond_by`.
        ChargebackCreated = "CHARGEBACK_CREATED",
        /// Chargeback: your evidence has arrived and waits for its review.
        ChargebackDocsReceived = "CHARGEBACK_DOCS_RECEIVED",
        /// Chargeback: your evidence is being weighed; nothing to do.
        ChargebackUnderReview = "CHARGEBACK_UNDER_REVIEW",
        /// Chargeback decided for you: the money stays yours. Final.
        ChargebackMerchantWon = "CHARGEBACK_MERCHANT_WON",
        /// Chargeback decided for the customer: the money is theirs. Final.
        ChargebackMerchantLost = "CHARGEBACK_MERCHANT_LOST",
        /// Chargeback accepted by you: the money goes back to the customer. Final.
        ChargebackMerchantAccepted = "CHARGEBACK_MERCHANT_ACCEPTED",
        /// Chargeback: your evidence does not suffice: send more by `respond_by`.
        ChargebackInsufficientEvidence = "CHARGEBACK_INSUFFICIENT_EVIDENCE",
        /// Pre-arbitration opened: accept it, or hand in evidence by `respond_by`.
        PreArbitrationCreated = "PRE_ARBITRATION_CREATED",
        /// Pre-arbitration: your evidence has arrived and waits for its review.
        PreArbitrationDocsReceived = "PRE_ARBITRATION_DOCS_RECEIVED",
        /// Pre-arbitration: your evidence is being weighed; nothing to do.
        PreArbitrationUnderReview = "PRE_ARBITRATION_UNDER_REVIEW",
        /// Pre-arbitration decided for you: the money stays yours. Final.
        PreArbitrationMerchantWon = "PRE_ARBITRATION_MERCHANT_WON",
        /// Pre-arbitration decided for the customer: the money is theirs. Final.
        PreArbitrationMerchantLost = "PRE_ARBITRATION_MERCHANT_LOST",
        /// Pre-arbitration accepted by you: the money goes back to the customer. Final.
        PreArbitrationMerchantAccepted = "PRE_ARBITRATION_MERCHANT_ACCEPTED",
        /// Pre-arbitration: your evidence does not suffice: send more by `respond_by`.
        PreArbitrationInsufficientEvidence = "PRE_ARBITRATION_INSUFFICIENT_EVIDENCE",
        /// Arbitration opened: accept it, or hand in evidence by `respond_by`.
        ArbitrationCreated = "ARBITRATION_CREATED",
        /// Arbitration: your evidence has arrived and waits for its review.
        ArbitrationDocsReceived = "ARBITRATION_DOCS_RECEIVED",
        /// Arbitration: your evidence is being weighed; nothing to do.
        ArbitrationUnderReview = "ARBITRATION_UNDER_REVIEW",
        /// Arbitration decided for you: the money stays yours. Final.
        ArbitrationMerchantWon = "ARBITRATION_MERCHANT_WON",
        /// Arbitration decided for the customer: the money is theirs. Final.
        ArbitrationMerchantLost = "ARBITRATION_MERCHANT_LOST",
        /// Arbitration accepted by you: the money goes back to the customer. Final.
        ArbitrationMerchantAccepted = "ARBITRATION_MERCHANT_ACCEPTED",
        /// Arbitration: your evidence does not suffice: send more by `respond_by`.
        ArbitrationInsufficientEvidence = "ARBITRATION_INSUFFICIENT_EVIDENCE",
    }
}
