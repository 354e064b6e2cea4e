//! A refund's life.

use serde_json::Value;

use crate::world::life::life;

life! {
    /// What a refund is.
    RefundStatus by RefundEvent [Activate, Hold, Release, Process, Fail, Cancel] {
        Pending "PENDING" {
            Activate => Active, Hold => OnHold, Process => Success, Fail => Failed, Cancel => Cancelled,
        }
        // Only the test environment has it, by a note.
        Active "ACTIVE" { Process => Success, Fail => Failed, Cancel => Cancelled }
        // The merchant's balance does not cover it.
        OnHold "ONHOLD" { Release => Pending, Process => Success, Fail => Failed, Cancel => Cancelled }
        Success "SUCCESS" {}
        Failed "FAILED" {}
        Cancelled "CANCELLED" {}
    }
}

impl RefundStatus {
    /// Whether it may still go either way, and its money is kept for it.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Active | Self::OnHold)
    }
}

impl RefundEvent {
    /// What happens at once to a refund with a note. The test environment reads an outcome out of it.
    pub(crate) fn asked_by(note: &Value) -> Option<Self> {
        match note.as_str() {
            Some("PENDING") => None,
            Some("FAILED") => Some(Self::Fail),
            Some("ACTIVE") => Some(Self::Activate),
            _ => Some(Self::Process),
        }
    }

    /// What has to happen for a refund to become `status`.
    pub(crate) fn to(status: &str) -> Option<Self> {
        Some(match status {
            "SUCCESS" => Self::Process,
            "FAILED" => Self::Fail,
            "CANCELLED" => Self::Cancel,
            "ONHOLD" => Self::Hold,
            "PENDING" => Self::Release,
            "ACTIVE" => Self::Activate,
            _ => return None,
        })
    }
}
