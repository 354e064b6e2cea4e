//! Operations: a method of the client, a type that stands for it, and setters for what it may be given.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::types::deprecation;
use super::{converted, example, rust, table_line, taken, words};
use crate::model::{Api, Argument, Body, Operation, Place, Scheme, Ty};
use crate::prose::{comment, entry, escape, limits_in_words};

/// The client, with one block of methods for each product.
pub(super) fn client(api: &Api, out: &mut String) {
    let mut groups: BTreeMap<usize, (&str, Vec<&Operation>)> = BTreeMap::new();
    for operation in &api.operations {
        let known = groups.iter().find(|(_, (group, _))| *group == operation.group).map(|(i, _)| *i);
        let i = known.unwrap_or(groups.len());
        groups.entry(i).or_insert((&operation.group, Vec::new())).1.push(operation);
    }
    let sent = match api.version.as_str() {
        "" => String::new(),
        version => format!(", each sent with `x-api-version: {version}`"),
    };
    let mut docs = vec![format!("Every operation of {}{sent}.", in_full(api))];
    if groups.len() > 1 {
        let rows = groups.values().map(|(group, operations)| {
            let link = |o: &&Operation| format!("[`{0}`](Self::{0})", o.name);
            let links = operations.iter().map(link).collect::<Vec<_>>().join(", ");
            format!("| {} | {links} |", escape(group).replace('|', "\\|"))
        });
        let rows = rows.collect::<Vec<_>>().join("\n");
        docs.push(format!("| Product | Operations |\n|---|---|\n{rows}"));
    }
    let _ = write!(
        out,
        "{}{}#[derive(::std::fmt::Debug, ::std::clone::Clone)]\npub struct Client {{\ncashfree: crate::Cashfree,\n}}\n\n\
         impl Client {{\npub(crate) fn new(cashfree: crate::Cashfree) -> Self {{ Self {{ cashfree }} }}\n\n\
         /// The handle that this client was made from.\n\
         pub fn cashfree(&self) -> &crate::Cashfree {{ &self.cashfree }}\n}}\n\n",
        comment(&docs),
        words::aliases("Client", &words::of_client(api))
    );
    for (group, operations) in groups.values() {
        let title = if group.is_empty() { String::new() } else { comment(&[format!("# {}", escape(group))]) };
        let _ = writeln!(out, "{title}impl Client {{");
        // One of each product has an example: they are compiled, all of them with the tests.
        let shown = operations.iter().position(|operation| example::of(api, operation).is_some());
        for (i, operation) in operations.iter().enumerate() {
            method(api, operation, shown == Some(i), out);
        }
        out.push_str("}\n\n");
    }
}

/// What the API is called in a sentence.
pub(super) fn in_full(api: &Api) -> String {
    match &api.product {
        Some(product) => format!("Cashfree's {}", escape(product)),
        None => format!("Cashfree's API {}", api.name),
    }
}

/// The type that stands for an operation.
pub(super) fn marker(api: &Api, operation: &Operation, out: &mut String) {
    let Operation { id, name, marker, method, path, keyed, .. } = operation;
    let Api { version, .. } = api;
    let doc = comment(&[format!("[`{name}`](super::Client::{name}): `{method} {path}`")]);
    let _ = write!(
        out,
        "{doc}#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::marker::Copy)]\n#[non_exhaustive]\npub struct {marker};\n\n\
         impl crate::call::operation::sealed::Sealed for {marker} {{}}\n\n\
         impl crate::Operation for {marker} {{\ntype Output = {output};\n\
         const INFO: crate::OperationInfo = crate::OperationInfo {{ id: {id:?}, name: {name:?}, method: {method:?}, \
         path: {path:?}, version: {version:?}, below_host: {below_host}, credentials: {credentials}, \
         token: {token}, keyed: {keyed} }};\n{reads}}}\n\n",
        below_host = api.product.is_some(),
        credentials = credentials(&operation.credentials),
        token = match &operation.token {
            Some(source) => format!("::std::option::Option::Some(&<{source} as crate::Operation>::INFO)"),
            None => "::std::option::Option::None".to_owned(),
        },
        reads = if operation.reads && method != "GET" { "const READS: bool = true;\n" } else { "" },
        output = rust(&operation.output, "super::types::"),
    );
    if let Some(pages) = &operation.pages {
        let _ = write!(
            out,
            "impl crate::Paginated for {marker} {{\ntype Item = {item};\n\n\
             fn cursor(page: &Self::Output) -> ::std::option::Option<&str> {{ page.{cursor}.as_deref() }}\n\n\
             fn data(page: &mut Self::Output) -> &mut ::std::option::Option<::std::vec::Vec<Self::Item>> {{ &mut page.{data} }}\n\n\
             fn unlisted(page: &Self::Output) -> &crate::types::Unlisted {{ page.unlisted() }}\n}}\n\n",
            item = rust(&pages.item, "super::types::"),
            cursor = pages.cursor,
            data = pages.data,
        );
    }
}

fn credentials(schemes: &[Scheme]) -> String {
    if *schemes == Scheme::ACCOUNT {
        return "crate::AuthScheme::ACCOUNT".to_owned();
    }
    let schemes: Vec<String> =
        schemes.iter().map(|scheme| format!("crate::AuthScheme::{scheme:?}")).collect();
    format!("&[{}]", schemes.join(", "))
}

fn method(api: &Api, operation: &Operation, with_example: bool, out: &mut String) {
    let arguments: Vec<String> =
        operation.required().map(|a| format!("{}: {}", a.ident, argument_type(a))).collect();
    let mut parts: String = operation.required().map(|argument| part(argument, &argument.ident)).collect();
    if operation.body == Body::OpenForm {
        parts.push_str("__call.draft.needs_a_part();\n");
    }
    let call = if parts.is_empty() {
        "crate::Call::new(&self.cashfree)".to_owned()
    } else {
        format!("let mut __call = crate::Call::new(&self.cashfree);\n{parts}__call")
    };
    let aliases = words::aliases(&operation.name, &words::of_operation(operation));
    let _ = writeln!(
        out,
        "{}{aliases}{}pub fn {}(&self{}{}) -> crate::Call<operations::{}> {{\n{call}\n}}\n",
        comment(&docs(api, operation, with_example)),
        deprecation(operation.deprecated),
        operation.name,
        if arguments.is_empty() { "" } else { ", " },
        arguments.join(", "),
        operation.marker,
    );
}

/// The paragraphs about an operation.
fn docs(api: &Api, operation: &Operation, with_example: bool) -> Vec<String> {
    let Operation { id, method, path, .. } = operation;
    let mut lines = vec![
        escape(&operation.doc),
        format!("`{method} {path}`, in Cashfree's words `{}`.", id.replace('`', "'")),
    ];
    lines.push(format!("Answers {}.", in_words(&operation.output)));
    if operation.pages.is_some() {
        let streams = "[`pages`](crate::Call::pages) and [`items`](crate::Call::items)";
        lines.push(format!("That is one page; {streams} go through all of them."));
    }
    lines.push(what_it_takes(api, operation));
    lines.push(repeats(operation).to_owned());
    lines.push(refusals(operation));
    if with_example && let Some(example) = example::of(api, operation) {
        lines.push(example);
    }
    lines
}

/// What it takes, with what a body must have and what setters of the call may add.
fn what_it_takes(api: &Api, operation: &Operation) -> String {
    let described = |argument: &Argument| {
        let limits = limits_in_words(&argument.limits);
        let mut text = [argument.doc.as_str(), limits.as_str()].join(" ");
        if argument.place == Place::Json {
            text = needed(api, &argument.ty)?;
        }
        (!text.trim().is_empty()).then(|| entry(&argument.ident, text.trim()))
    };
    let mut lines: Vec<String> = operation.required().filter_map(described).collect();
    let optional: Vec<_> = operation.optional().map(|argument| format!("`.{}(…)`", argument.ident)).collect();
    if !optional.is_empty() {
        lines.push(format!("- on the call: {}", optional.join(", ")));
    }
    lines.join("\n")
}

/// The members that a request must have.
fn needed(api: &Api, ty: &Ty) -> Option<String> {
    let required = api.get(ty.item().named()?)?.required();
    let names: Vec<_> = required.iter().map(|member| format!("`{}`", member.name)).collect();
    (!names.is_empty()).then(|| format!("Must have {}.", names.join(", ")))
}

/// Whether it changes anything, and what that means for a repeat.
fn repeats(operation: &Operation) -> &'static str {
    match operation {
        Operation { reads: true, .. } => "Changes nothing, so it is repeated where no answer came.",
        Operation { keyed: true, .. } => {
            "Changes something: all attempts of a call have one idempotency key, so it is repeated and done once."
        }
        Operation { method, .. } if matches!(method.as_str(), "PUT" | "DELETE") => {
            "Changes something, and is repeated: done twice it is as done once."
        }
        _ => "Changes something, and is not repeated where it may have been done already.",
    }
}

/// The statuses of the refusals that are documented.
fn refusals(operation: &Operation) -> String {
    let statuses: Vec<&str> = operation
        .statuses
        .iter()
        .map(|(status, _)| status.as_str())
        .filter(|status| status.starts_with(['4', '5']))
        .collect();
    match statuses.as_slice() {
        [] => String::new(),
        _ => format!(
            "Documented refusals: {}. What each means for you is its [`ErrorKind`](crate::ErrorKind).",
            statuses.join(", ")
        ),
    }
}

/// What an answer is, with a link to its type.
fn in_words(ty: &Ty) -> String {
    match ty {
        Ty::Named(name) => format!("[`{name}`](types::{name})"),
        Ty::Boxed(ty) => in_words(ty),
        Ty::List(item) => format!("a list of {}", in_words(item)),
        Ty::Map(value) => format!("a map of {}", in_words(value)),
        Ty::Unit => "without a body".to_owned(),
        Ty::Json => "free JSON".to_owned(),
        ty => format!("`{}`", rust(ty, "").rsplit("::").next().unwrap_or_default()),
    }
}

fn argument_type(argument: &Argument) -> String {
    match argument.place {
        Place::Json => format!("impl ::std::borrow::Borrow<{}>", body(&argument.ty)),
        _ => taken(&argument.ty, "types::"),
    }
}

/// The type of a body that is borrowed: of a list, any slice will do.
fn body(ty: &Ty) -> String {
    match ty {
        Ty::List(item) => format!("[{}]", rust(item, "types::")),
        ty => rust(ty, "types::"),
    }
}

/// How an argument gets into the call.
fn part(argument: &Argument, value: &str) -> String {
    let name = &argument.name;
    let line = format!("&const {{ {} }}", table_line(name, &argument.limits));
    let converted = converted(&argument.ty, value, "types::");
    let (method, arguments) = match (argument.place, &argument.ty) {
        (Place::Json, ty) => ("json", format!("::std::borrow::Borrow::<{}>::borrow(&{value})", body(ty))),
        (Place::Form, Ty::Upload) => ("file", format!("{name:?}, {converted}")),
        (Place::Form, Ty::List(item)) if **item == Ty::Upload => ("files", format!("{name:?}, {converted}")),
        (place, ty) => {
            let method = match (place, matches!(ty, Ty::List(_))) {
                (Place::Path, _) if argument.also_in_form => "in_path_and_form",
                (Place::Query, true) => "each_in_query",
                (Place::QueryJoined, true) => "joined_in_query",
                (Place::Query | Place::QueryJoined, false) => "in_query",
                (Place::Header, _) => "in_header",
                (Place::Form, true) => "each_in_form",
                (Place::Form, false) => "in_form",
                (Place::Path | Place::Json, _) => "in_path",
            };
            (method, format!("{line}, {converted}"))
        }
    };
    format!("__call.draft.{method}({arguments});\n")
}

/// Setters of a form that may have any field.
const OPEN_FORM: &str = "\
/// A text of the form, under a name that Cashfree expects. The call needs one part at least.\n\
pub fn field(self, name: impl ::std::convert::Into<::std::string::String>, \
value: impl ::std::convert::Into<::std::string::String>) -> Self {\n\
let mut __call = self;\n__call.draft.text(name.into(), value.into());\n__call\n}\n\n\
/// A file of the form, under a name that Cashfree expects. Further files may be given.\n\
pub fn file(self, name: impl ::std::convert::Into<::std::string::String>, file: crate::Upload) -> Self {\n\
let mut __call = self;\n__call.draft.file(name.into(), file);\n__call\n}\n\n";

/// Setters on the call for what an operation may be given beside its arguments.
pub(super) fn setters(operation: &Operation, out: &mut String) {
    let mut optional = operation.optional().peekable();
    let is_open = operation.body == Body::OpenForm;
    if optional.peek().is_none() && !is_open {
        return;
    }
    let _ = writeln!(out, "impl crate::Call<operations::{}> {{", operation.marker);
    for argument in optional {
        let limits = limits_in_words(&argument.limits);
        let doc =
            if argument.doc.is_empty() { format!("`{}`", argument.name) } else { escape(&argument.doc) };
        let _ = writeln!(
            out,
            "{}{}pub fn {}(self, value: {}) -> Self {{\nlet mut __call = self;\n{}__call\n}}\n",
            comment(&[doc, limits]),
            deprecation(argument.deprecated),
            argument.ident,
            argument_type(argument),
            part(argument, "value"),
        );
    }
    if is_open {
        out.push_str(OPEN_FORM);
    }
    out.push_str("}\n\n");
}
