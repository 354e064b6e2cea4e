//! What the documents of the products say wrong.

use serde_json::{Value, json};

use super::{Fixup, NotThere, elsewhere, place, whole};

const ESCROW: &[&str] = &["one-escrow"];

pub(super) const FIXUPS: &[Fixup] = &[
    Fixup {
        name: "a_fund_source_is_answered",
        versions: ESCROW,
        mend: |spec| answers(spec, "/paths/~1v1~1fundsources~1{paymentInstrumentId}/get", "FundSource"),
    },
    Fixup {
        name: "a_virtual_account_is_answered",
        versions: ESCROW,
        mend: |spec| {
            answers(spec, "/paths/~1fundsources~1connected~1virtual-account/post", "CreateVirtualAccount")
        },
    },
    Fixup {
        name: "a_transfer_is_answered",
        versions: ESCROW,
        mend: |spec| answers(spec, "/paths/~1v1.2~1internalTransfer/post", "InternalTransfer"),
    },
];

/// The document says that an operation answers the frame that refusals have, and describes what stands in it
/// under `data` as a type that nothing refers to.
fn answers(spec: &mut Value, operation: &str, what: &str) -> Result<(), NotThere> {
    let frame = place(spec, "/components/schemas/PayoutResponse/properties")?.clone();
    let data = match what {
        "FundSource" => "FundSourceData".to_owned(),
        _ => format!("{what}Response"),
    };
    let words = place(spec, &format!("/components/schemas/{data}"))?["description"].clone();
    let answer = format!("{what}Answer");
    if spec["components"]["schemas"].get(&answer).is_some() {
        return whole(operation, format!("it answers `{answer}`"));
    }
    for status in ["200", "201"] {
        let at = format!("{operation}/responses/{status}/content/application~1json/schema");
        let Ok(schema) = place(spec, &at) else { continue };
        *schema = json!({ "$ref": format!("#/components/schemas/{answer}") });
    }
    let Some(members) = frame.as_object() else { return elsewhere(operation, "the frame has no members") };
    let mut properties = members.clone();
    let data = json!({ "description": words, "$ref": format!("#/components/schemas/{data}") });
    properties.insert("data".to_owned(), data);
    spec["components"]["schemas"][&answer] =
        json!({ "type": "object", "description": "What became of it.", "properties": properties });
    Ok(())
}
