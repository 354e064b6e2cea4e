//! The registry: every type by the name of what it is the body of, and every operation to be called with
//! arguments that are only known by name. For conformance checks, not for users.

use std::fmt::Write as _;

use super::rust;
use crate::model::{Api, Argument, Body, Operation, Place, Ty};

pub(super) fn emit(api: &Api, out: &mut String) {
    out.push_str(
        "#[cfg(feature = \"registry\")]\npub(crate) const REGISTRY: &[crate::registry::Entry] = &[\n",
    );
    for operation in &api.operations {
        for id in std::iter::once(&operation.id).chain(&operation.aliases) {
            match (operation.body, operation.json()) {
                (_, Some(body)) => entry("request", id, &body.ty, out),
                (Body::Form | Body::OpenForm, _) => entry("request", id, &Ty::Json, out),
                _ => {}
            }
            if operation.output != Ty::Unit {
                entry("response", id, &operation.output, out);
            }
        }
    }
    api.events.iter().for_each(|event| entry("webhook", &event.name, &event.payload, out));
    api.types.iter().for_each(|ty| entry("type", &ty.name, &Ty::Named(ty.name.clone()), out));
    out.push_str(
        "];\n\n#[cfg(feature = \"registry\")]\n#[allow(deprecated)]\n\
         pub(crate) const OPERATIONS: &[crate::registry::Operation] = &[\n",
    );
    api.operations.iter().for_each(|operation| call(operation, out));
    out.push_str("];\n");
}

fn entry(kind: &str, name: &str, ty: &Ty, out: &mut String) {
    let ty = rust(ty, "types::");
    let _ = writeln!(out, "crate::registry::Entry::of::<{ty}>({kind:?}, {name:?}),");
}

/// The operation's method, to be called with arguments that are only known by name.
fn call(operation: &Operation, out: &mut String) {
    let given: Vec<String> = operation.required().map(|argument| format!("{}?", found(argument))).collect();
    let mut call = format!("Client::new(cashfree.clone()).{}({})", operation.name, given.join(", "));
    if operation.optional().next().is_some() {
        let setters: String = operation
            .optional()
            .map(|argument| {
                format!(
                    "if arguments.has({:?}) {{ call = call.{}({}?); }}\n",
                    argument.name,
                    argument.ident,
                    found(argument)
                )
            })
            .collect();
        call = format!("{{ let mut call = {call};\n{setters}call }}");
    }
    if operation.body == Body::OpenForm {
        let known: Vec<&str> = operation.arguments().iter().map(|argument| argument.name.as_str()).collect();
        call = format!(
            "{{ let mut call = {call};\nfor (name, value) in &arguments.texts {{\n\
             if !{known:?}.contains(&name.as_str()) {{ call = call.field(name, value); }}\n}}\ncall }}"
        );
    }
    let takes_any = !operation.arguments().is_empty() || operation.body == Body::OpenForm;
    let takes = if takes_any { "arguments" } else { "_" };
    let _ = writeln!(
        out,
        "crate::registry::Operation {{ info: <operations::{} as crate::Operation>::INFO, \
         call: |cashfree, {takes}| ::std::result::Result::Ok(crate::registry::sending({call})) }},",
        operation.marker
    );
}

/// An argument by its name.
fn found(argument: &Argument) -> String {
    let name = &argument.name;
    match (argument.place, &argument.ty) {
        (Place::Json, ty) => format!("arguments.body::<{}>()", rust(ty, "types::")),
        (_, Ty::Upload) => "arguments.file()".to_owned(),
        (_, Ty::List(item)) if **item == Ty::Upload => "arguments.file().map(|file| [file])".to_owned(),
        (_, Ty::List(item)) => format!("arguments.list::<{}>({name:?})", rust(item, "types::")),
        (_, ty) => format!("arguments.value::<{}>({name:?})", rust(ty, "types::")),
    }
}
