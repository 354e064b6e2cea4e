//! A settlement's life.

use crate::world::life::life;

life! {
    /// What a settlement is.
    SettlementStatus by SettlementEvent [Arrive, Fail, Reverse] {
        Initiated "INITIATED" { Arrive => Success, Fail => Failed }
        Success "SUCCESS" { Reverse => Reversed }
        // What was in it goes out with the next one.
        Failed "FAILED" {}
        Reversed "REVERSED" {}
    }
}

impl SettlementEvent {
    /// What has to happen for a settlement to become `status`.
    pub(crate) fn to(status: &str) -> Option<Self> {
        Some(match status {
            "SUCCESS" => Self::Arrive,
            "FAILED" => Self::Fail,
            "REVERSED" => Self::Reverse,
            _ => return None,
        })
    }
}
