//! A dispute's life: its kind goes up, its stage goes round.

use crate::world::life::life;

life! {
    /// How far a dispute has got. The API puts its kind before it.
    DisputeStage by DisputeEvent [Answer, Review, AskMore, Win, Lose, Accept, Reopen] {
        Created "CREATED" { Answer => DocsReceived, Accept => Accepted, Lose => Lost, Win => Won }
        DocsReceived "DOCS_RECEIVED" {
            Answer => DocsReceived, Review => UnderReview, AskMore => InsufficientEvidence, Win => Won,
            Lose => Lost, Accept => Accepted,
        }
        UnderReview "UNDER_REVIEW" { AskMore => InsufficientEvidence, Win => Won, Lose => Lost }
        InsufficientEvidence "INSUFFICIENT_EVIDENCE" { Answer => DocsReceived, Lose => Lost, Accept => Accepted }
        // The payer's bank may go one step further; what is lost is paid and over.
        Won "MERCHANT_WON" { Reopen => Created }
        Lost "MERCHANT_LOST" {}
        Accepted "MERCHANT_ACCEPTED" {}
    }
}

/// The kinds of a dispute, each graver than the one before.
pub(crate) const KINDS: [&str; 5] = ["RETRIEVAL", "DISPUTE", "CHARGEBACK", "PRE_ARBITRATION", "ARBITRATION"];

impl DisputeEvent {
    /// What has to happen for a dispute to come to `stage`.
    pub(crate) fn to(stage: &str) -> Option<Self> {
        Some(match stage {
            "UNDER_REVIEW" => Self::Review,
            "INSUFFICIENT_EVIDENCE" => Self::AskMore,
            "MERCHANT_WON" => Self::Win,
            "MERCHANT_LOST" => Self::Lose,
            "CREATED" => Self::Reopen,
            _ => return None,
        })
    }
}
