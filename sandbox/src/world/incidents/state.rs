//! A downtime's life.

use crate::world::life::life;

life! {
    /// What a downtime is.
    IncidentStatus by IncidentEvent [Begin, Resolve] {
        // Announced, and not begun.
        Upcoming "UPCOMING" { Begin => Active, Resolve => Resolved }
        Active "ACTIVE" { Resolve => Resolved }
        Resolved "RESOLVED" {}
    }
}
