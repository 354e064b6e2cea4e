//! A payment's life.

use crate::world::life::life;

life! {
    /// What a payment is.
    PaymentStatus by PaymentEvent [Attempt, Succeed, Fail, Drop, Cancel, Flag, Release] {
        // The payer has been sent to a page and has not come there yet.
        NotAttempted "NOT_ATTEMPTED" { Attempt => Pending, Drop => UserDropped, Cancel => Cancelled }
        Pending "PENDING" {
            Succeed => Success, Fail => Failed, Drop => UserDropped, Cancel => Cancelled, Flag => Flagged,
        }
        // Somebody looks at it before it goes on.
        Flagged "FLAGGED" { Succeed => Success, Fail => Failed, Cancel => Cancelled }
        Success "SUCCESS" { Release => Void }
        Failed "FAILED" {}
        UserDropped "USER_DROPPED" {}
        Cancelled "CANCELLED" {}
        Void "VOID" {}
    }
}

impl PaymentStatus {
    /// Whether it may still succeed.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::NotAttempted | Self::Pending | Self::Flagged)
    }
}
