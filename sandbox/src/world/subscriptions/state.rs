//! The lives of a subscription and of its payments.

use crate::world::life::life;

life! {
    /// What a subscription is.
    SubscriptionStatus by SubscriptionEvent
    [Submit, Authorise, Refuse, ChargeFails, Pause, Activate, Cancel, CustomerCancels, Complete, Expire, GiveUp] {
        Initialized "INITIALIZED" {
            Submit => BankApprovalPending, Authorise => Active, Cancel => Cancelled, Expire => Expired,
            GiveUp => LinkExpired,
        }
        // A mandate on an account is looked at by the bank first.
        BankApprovalPending "BANK_APPROVAL_PENDING" {
            Authorise => Active, Refuse => Initialized, Cancel => Cancelled, Expire => Expired,
        }
        Active "ACTIVE" {
            ChargeFails => OnHold, Pause => CustomerPaused, Cancel => Cancelled,
            CustomerCancels => CustomerCancelled, Complete => Completed, Expire => Expired,
        }
        OnHold "ON_HOLD" {
            Activate => Active, Cancel => Cancelled, CustomerCancels => CustomerCancelled,
            Complete => Completed, Expire => Expired,
        }
        CustomerPaused "CUSTOMER_PAUSED" {
            Activate => Active, Cancel => Cancelled, CustomerCancels => CustomerCancelled,
            // A charge that was under way may be the last one.
            Complete => Completed, Expire => Expired,
        }
        CustomerCancelled "CUSTOMER_CANCELLED" {}
        Completed "COMPLETED" {}
        Expired "EXPIRED" {}
        Cancelled "CANCELLED" {}
        LinkExpired "LINK_EXPIRED" {}
    }
}

life! {
    /// What a payment of a subscription is.
    ChargeStatus by ChargeEvent [Present, Succeed, Fail, Cancel, Retry] {
        // The payer has to authorise it, or its day has not come.
        Initialized "INITIALIZED" { Present => Pending, Succeed => Success, Fail => Failed, Cancel => Cancelled }
        Pending "PENDING" { Succeed => Success, Fail => Failed, Cancel => Cancelled }
        Success "SUCCESS" {}
        Failed "FAILED" { Retry => Pending }
        Cancelled "CANCELLED" {}
    }
}

impl ChargeStatus {
    /// Whether it may still go either way.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Initialized | Self::Pending)
    }
}
