//! The life of a virtual account, and of a group of people who are told.

use crate::world::life::life;

life! {
    /// Whether money may arrive, or people are told.
    SwitchStatus by SwitchEvent [Activate, Deactivate] {
        Active "ACTIVE" { Deactivate => Inactive }
        Inactive "INACTIVE" { Activate => Active }
    }
}

impl SwitchEvent {
    /// What has to happen for the status to become `wanted`.
    pub(crate) fn to(wanted: &str) -> Option<Self> {
        match wanted {
            "ACTIVE" => Some(Self::Activate),
            "INACTIVE" => Some(Self::Deactivate),
            _ => None,
        }
    }
}
