//! Writes out what OpenAPI lets a document say in a roundabout way, so that each schema says by itself what
//! it is. These rules hold for any document; the faults of a known one are in [`fixups`](crate::fixups).
//!
//! What is left is still an OpenAPI document: `read` makes the model of it, and
//! `witness` shows the same document to progenitor.

mod check;
mod merge;
mod operations;
mod schemas;

use serde_json::Value;

pub(crate) use self::operations::{is_media, json_of, json_successes};
pub(crate) use self::schemas::keyed_arms;
use crate::error::Fault;

/// Applies every rule. What is lost on the way is added to `lost`.
///
/// # Errors
/// The pointer and the reason where something is of a kind that no rule covers.
pub fn normalise(spec: &mut Value, lost: &mut Vec<Fault>) -> Result<(), Fault> {
    operations::drop_what_is_for_others(spec);
    check::refuse_wrong_kinds(spec)?;
    check::refuse_dangling_references(spec)?;

    operations::write_shared_parts_in_place(spec);
    operations::describe_free_bodies(spec);
    schemas::unwrap_unions(spec);
    schemas::merge_all_of(spec, lost)?;
    schemas::spread_arms_of_objects(spec, lost);
    operations::answer_in_one(spec, lost);
    Ok(())
}
