//! What a vendor hands in to be known by: kept, and given back as it came.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::gateway::problem::Problem;
use crate::world::World;
use crate::world::call::Call;

/// A document of a vendor's.
#[derive(Debug)]
pub(super) struct Document {
    value: Option<String>,
    name: String,
    content: Vec<u8>,
}

impl Document {
    pub(super) fn entity(&self, vendor: &str, kind: &str) -> Value {
        json!({
            "vendor_id": vendor, "doc_type": kind, "doc_value": self.value, "status": "RECEIVED",
            "remarks": "",
        })
    }
}

impl World {
    pub(crate) fn upload_vendor_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.vendor(call.path("vendor_id"))?;
        let Some(kind) = call.text("doc_type") else {
            return Err(Problem::split("doc_type is missing"));
        };
        let file = &call.body["file__file"];
        let content = file["content"].as_str().and_then(|text| STANDARD.decode(text).ok());
        let document = Document {
            value: call.text("doc_value"),
            name: call.text("file").unwrap_or_else(|| kind.clone()),
            content: content.unwrap_or_default(),
        };
        let vendor = &mut self.vendors[at];
        let entity = document.entity(&vendor.id, &kind);
        vendor.documents.insert(kind, document);
        Ok(entity)
    }

    pub(crate) fn fetch_vendor_documents(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let vendor = &self.vendors[self.vendor(call.path("vendor_id"))?];
        let documents = vendor.documents.iter().map(|(kind, document)| document.entity(&vendor.id, kind));
        let documents: Value = documents.collect();
        // Declared as `documents`, sent as `related_docs`.
        Ok(json!({ "documents": documents, "related_docs": documents }))
    }

    pub(crate) fn download_vendor_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let (vendor, kind) = (call.path("vendor_id"), call.path("doc_type"));
        if !self.vendors[self.vendor(vendor)?].documents.contains_key(kind) {
            return Err(Problem::split("Document does not exist"));
        }
        Ok(json!({ "download_url": format!("{}/_sandbox/documents/{vendor}/{kind}", call.origin) }))
    }

    /// Name and content of a document, for the address that its download answers.
    pub(crate) fn document(&self, vendor: &str, kind: &str) -> Option<(&str, &[u8])> {
        let document = self.vendors[self.vendors.find(vendor)?].documents.get(kind)?;
        Some((&document.name, &document.content))
    }
}
