//! A vendor's life.

use crate::world::life::life;

life! {
    /// What a vendor is.
    VendorStatus by VendorEvent [Activate, Block, Delete] {
        Active "ACTIVE" { Activate => Active, Block => Blocked, Delete => Deleted }
        // Keeps its balance, and gets nothing paid out.
        Blocked "BLOCKED" { Activate => Active, Block => Blocked, Delete => Deleted }
        Deleted "DELETED" {}
    }
}

impl VendorEvent {
    /// What has to happen for a vendor to become `status`.
    pub(super) fn to(status: &str) -> Option<Self> {
        Some(match status {
            "ACTIVE" => Self::Activate,
            "BLOCKED" => Self::Block,
            "DELETED" => Self::Delete,
            _ => return None,
        })
    }
}
