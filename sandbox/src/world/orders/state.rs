//! An order's life.

use crate::world::life::life;

life! {
    /// What an order is.
    OrderStatus by OrderEvent [Pay, Void, Expire, Terminate, AskTermination] {
        Active "ACTIVE" {
            Pay => Paid, Expire => Expired, Terminate => Terminated, AskTermination => TerminationRequested,
        }
        // Blocked money that is released leaves the order unpaid.
        Paid "PAID" { Void => Active }
        // An attempt that was begun before the expiry may still succeed.
        Expired "EXPIRED" { Pay => Paid }
        // An attempt is still open: it may succeed, and ends the order when it does not.
        TerminationRequested "TERMINATION_REQUESTED" { Pay => Paid, Terminate => Terminated }
        Terminated "TERMINATED" {}
    }
}
