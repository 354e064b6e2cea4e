//! Every operation of every version: that it answers what its specification declares, and whether it does what
//! it says or says that it does not.

mod newest;
mod tour;

use crate::common::{Merchant, order};
use cashfree_sandbox::Sandbox;
use serde_json::Value;
use tour::Tour;

/// What is imitated of each version, and what is not: reviewed here, so that nothing becomes an example
/// unnoticed.
#[test]
fn what_is_imitated_is_what_was_reviewed() {
    let reviewed = [("2022-09-01", 32), ("2023-08-01", 82), ("2025-01-01", 81), ("2026-01-01", 90)];
    for version in cashfree_sandbox::versions() {
        let all: Vec<_> = cashfree_sandbox::operations(version).collect();
        let examples: Vec<&str> = all.iter().filter(|(_, imitated)| !imitated).map(|(id, _)| *id).collect();
        assert_eq!(examples, [""; 0], "{version}");
        assert!(reviewed.contains(&(version, all.len())), "{version} has {} operations", all.len());
    }
}

#[tokio::test]
async fn every_operation_of_every_version_answers_what_its_version_declares() {
    for version in cashfree_sandbox::versions() {
        let sandbox = Sandbox::start().await.expect("started");
        let known = cashfree_sandbox::operations(version).map(|(id, _)| id).collect();
        let tour = Tour { merchant: Merchant { sandbox: &sandbox, version }, known };
        let payment = tour.orders().await;
        tour.links_and_offers().await;
        if version >= "2023-08-01" {
            tour.vendors().await;
            tour.subscriptions().await;
        }
        tour.customers_and_disputes(&payment).await;
        let order = tour.post("PGCreateOrder", "/orders", order("order_5", 7.07)).await;
        tour.terminals(&order).await;
        tour.settlements().await;
        tour.newest().await;

        let answered: Vec<String> = sandbox
            .requests()
            .into_iter()
            .filter(|one| one.status.is_some_and(|status| status < 300))
            .map(|one| one.operation)
            .collect();
        let missed: Vec<&str> =
            tour.known.iter().copied().filter(|id| !answered.iter().any(|one| one == id)).collect();
        assert_eq!(missed, [""; 0], "{version}");
        for sent in sandbox.webhooks() {
            let body: Value = serde_json::from_str(&sent.body).expect("JSON");
            let fits = crate::common::schema::event(&sent.version, &sent.event_type, &body);
            // 2022-09-01 knows nothing of cards that are kept.
            assert!(
                fits.is_ok() || sent.event_type == "INSTRUMENT_ACTIVE_WEBHOOK" && version == "2022-09-01",
                "{fits:?}"
            );
        }
    }
}
