//! A terminal's life.

use crate::world::life::life;

life! {
    /// What a terminal is.
    TerminalStatus by TerminalEvent [Activate, Deactivate] {
        Active "ACTIVE" { Deactivate => Inactive }
        Inactive "INACTIVE" { Activate => Active }
    }
}
