//! Writes the Rust code of an API version: types as tables, operations as one line each.
//!
//! Only what differs between types and operations is written; what they share is hand-written in
//! `cashfree-pg`, so that it compiles once. Every path is absolute: a document may call its types and
//! operations whatever it likes, `String` and `Ord` included.

mod answers;
mod events;
mod example;
mod operations;
mod registry;
mod types;
mod words;

use crate::model::{Api, Limits, Ty};

/// The code of a version, to be included in its module.
pub(crate) fn emit(api: &Api) -> String {
    let mut out = String::new();
    operations::client(api, &mut out);
    out.push_str(
        "/// The operations as types: what a [`Call`](crate::Call) is a call of.\npub mod operations {\n",
    );
    api.operations.iter().for_each(|operation| operations::marker(api, operation, &mut out));
    out.push_str("}\n\n");
    api.operations.iter().for_each(|operation| operations::setters(operation, &mut out));
    out.push_str("/// What requests and answers are made of.\npub mod types {\n");
    for ty in &api.types {
        types::emit(ty, &mut out);
        answers::ends_of_status(ty, &mut out);
        answers::questions(api, ty, &mut out);
    }
    out.push_str("}\n\n");
    events::emit(api, &mut out);
    registry::emit(api, &mut out);
    out
}

/// A type; generated ones below `path`.
fn rust(ty: &Ty, path: &str) -> String {
    match ty {
        Ty::Text => "::std::string::String".into(),
        Ty::Amount => "crate::types::Amount".into(),
        Ty::Id => "crate::types::Id".into(),
        Ty::Timestamp => "crate::types::Timestamp".into(),
        Ty::Decimal => "crate::types::Decimal".into(),
        Ty::Integer => "i64".into(),
        Ty::Bool => "bool".into(),
        Ty::Json => "::serde_json::Value".into(),
        Ty::Upload => "crate::Upload".into(),
        Ty::Named(name) => format!("{path}{name}"),
        Ty::List(item) => format!("::std::vec::Vec<{}>", rust(item, path)),
        Ty::Map(value) => {
            format!("::std::collections::BTreeMap<::std::string::String, {}>", rust(value, path))
        }
        Ty::Boxed(inner) => format!("::std::boxed::Box<{}>", rust(inner, path)),
        Ty::Unit => "()".into(),
    }
}

/// What a setter or an argument takes: whatever turns into the type. No number turns into money by itself.
fn taken(ty: &Ty, path: &str) -> String {
    let into = |ty: &Ty| match ty {
        Ty::Amount => "impl crate::types::IntoAmount".to_owned(),
        ty => format!("impl ::std::convert::Into<{}>", rust(ty, path)),
    };
    match ty {
        Ty::List(item) => format!("impl ::std::iter::IntoIterator<Item = {}>", into(item)),
        Ty::Map(value) => format!(
            "impl ::std::iter::IntoIterator<Item = (impl ::std::convert::Into<::std::string::String>, {})>",
            into(value)
        ),
        Ty::Bool | Ty::Upload => rust(ty, path),
        ty => into(ty),
    }
}

/// How what was taken becomes the type.
fn converted(ty: &Ty, value: &str, path: &str) -> String {
    match ty {
        Ty::List(item) => format!(
            "::std::iter::IntoIterator::into_iter({value}).map({}).collect::<{}>()",
            into(item),
            rust(ty, path)
        ),
        Ty::Map(item) => format!(
            "::std::iter::IntoIterator::into_iter({value}).map(|(name, value)| \
             (::std::convert::Into::into(name), {}(value))).collect::<{}>()",
            into(item),
            rust(ty, path)
        ),
        Ty::Amount => format!("{}({value})", into(ty)),
        Ty::Bool | Ty::Upload => value.to_owned(),
        ty => format!("::std::convert::Into::<{}>::into({value})", rust(ty, path)),
    }
}

/// What turns a value into a type.
fn into(ty: &Ty) -> &'static str {
    match ty {
        Ty::Amount => "crate::types::IntoAmount::into_amount",
        _ => "::std::convert::Into::into",
    }
}

/// A line of a table: a name and its limits.
fn table_line(name: &str, limits: &Limits) -> String {
    format!("crate::types::internal::Member::new({name:?}){}", bounds(limits))
}

/// The limits in a line of a table.
fn bounds(limits: &Limits) -> String {
    let mut line = String::new();
    let span = |(min, max): (Option<u32>, Option<u32>)| {
        let max = max.map_or("usize::MAX".to_owned(), |max| max.to_string());
        format!("{}, {max}", min.unwrap_or_default())
    };
    if limits.length != (None, None) {
        line += &format!(".length({})", span(limits.length));
    }
    if limits.count != (None, None) {
        line += &format!(".count({})", span(limits.count));
    }
    if let Some(minimum) = limits.range.0 {
        line += &format!(".minimum({minimum})");
    }
    if let Some(maximum) = limits.range.1 {
        line += &format!(".maximum({maximum})");
    }
    if let Some(pattern) = &limits.pattern {
        line += &format!(".pattern({pattern:?})");
    }
    if let Some(items) = &limits.items {
        line += &format!(".each(&const {{ {} }})", table_line("", items));
    }
    line
}
