//! Security: which credentials an operation takes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Reader;
use crate::model::{Operation, Scheme};
use crate::spec::{list, map, operations, resolve, text};

impl<'a> Reader<'a> {
    /// The kinds of credentials that an operation takes. Where the document speaks of none, or of none that there
    /// is, an account's.
    pub(super) fn security(&mut self, node: &'a Value, operation: &mut Operation) {
        let security = node.get("security").or_else(|| self.spec.get("security"));
        let Some(requirements) = security.and_then(Value::as_array) else {
            operation.credentials = Scheme::ACCOUNT.to_vec();
            return;
        };
        for requirement in requirements {
            match self.scheme(requirement) {
                Some(scheme) if !operation.credentials.contains(&scheme) => {
                    operation.credentials.push(scheme)
                }
                Some(_) => {}
                None => {
                    let named: Vec<_> = requirement.as_object().into_iter().flat_map(|r| r.keys()).collect();
                    let reason = format!("no credentials are of the kind {named:?}");
                    self.lose(format!("{}/security", operation.place), reason);
                }
            }
        }
        if operation.credentials.is_empty() && !requirements.is_empty() {
            operation.credentials = Scheme::ACCOUNT.to_vec();
        }
    }

    /// The kind of credentials that a security requirement stands for.
    fn scheme(&self, requirement: &Value) -> Option<Scheme> {
        let mut headers = BTreeSet::new();
        for name in requirement.as_object()?.keys() {
            let scheme = self.declared(name)?;
            headers.insert(match (text(scheme, "type").as_str(), text(scheme, "in").as_str()) {
                ("apiKey", "header") => text(scheme, "name").to_ascii_lowercase(),
                ("http", _) if text(scheme, "scheme").eq_ignore_ascii_case("bearer") => {
                    "authorization".into()
                }
                _ => return None,
            });
        }
        Scheme::of(&headers.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn declared(&self, name: &str) -> Option<&'a Value> {
        resolve(self.spec, self.spec["components"]["securitySchemes"].get(name)?)
    }

    /// The id of the operation that answers bearer tokens, where the document names one.
    fn token_operation(&self) -> Option<&'a str> {
        map(&self.spec["components"], "securitySchemes").find_map(|(_, s)| s["x-token-operation"].as_str())
    }

    /// Lets every operation that takes a token know which one answers it.
    pub(super) fn tokens(&self, operations: &mut [Operation]) {
        let source = self.token_operation().and_then(|id| operations.iter().find(|o| o.id == id));
        let Some(source) = source.map(|operation| operation.marker.clone()) else { return };
        for operation in operations.iter_mut().filter(|o| o.credentials.contains(&Scheme::Bearer)) {
            operation.token = Some(source.clone());
        }
    }

    /// The version of the payments API that a product's operations ask for.
    pub(super) fn version(&self) -> Option<&'a str> {
        operations(self.spec).find_map(|(_, _, _, node)| self.header(node, "x-api-version")?)
    }

    /// Whether an operation takes a header of its own name, and what it holds where nothing is given.
    pub(super) fn header(&self, node: &'a Value, name: &str) -> Option<Option<&'a str>> {
        let is_it = |p: &&Value| text(p, "in") == "header" && text(p, "name").eq_ignore_ascii_case(name);
        let parameter = list(node, "parameters").find(is_it)?;
        Some(parameter["schema"]["default"].as_str())
    }
}
