//! A payment link's life.

use crate::world::life::life;

life! {
    /// What a link is.
    LinkStatus by LinkEvent [PayPart, PayAll, Expire, Cancel] {
        Active "ACTIVE" { PayPart => PartiallyPaid, PayAll => Paid, Expire => Expired, Cancel => Cancelled }
        PartiallyPaid "PARTIALLY_PAID" { PayPart => PartiallyPaid, PayAll => Paid, Expire => Expired }
        Paid "PAID" {}
        // A payment that was begun before the expiry may still succeed.
        Expired "EXPIRED" { PayPart => Expired, PayAll => Paid }
        Cancelled "CANCELLED" {}
    }
}

impl LinkStatus {
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Active | Self::PartiallyPaid)
    }
}
