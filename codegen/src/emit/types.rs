//! Types: an enumeration or a union by a macro, an object as its fields and a table of its members.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{bounds, converted, rust, table_line, taken, words};
use crate::model::{Exposure, Form, Member, Shape, Ty, Type};
use crate::prose::{comment, escape, limits_in_words};

pub(super) fn emit(ty: &Type, out: &mut String) {
    match &ty.shape {
        Shape::Enum(_) => enumeration(ty, out),
        Shape::Union { .. } => union(ty, out),
        Shape::Object(members) => object(ty, members, out),
    }
}

/// The documentation of a type, with the names that the document has for it.
fn docs(ty: &Type, more: &str) -> String {
    let own = if ty.doc.is_empty() { format!("`{}`", ty.name) } else { escape(&ty.doc) };
    comment(&[own, more.to_owned()]) + &words::aliases(&ty.name, &ty.aliases)
}

/// The documentation of a variant: what stands on the wire, and what it means.
fn labelled(wire: String, meaning: &str) -> String {
    comment(&[if meaning.is_empty() { wire } else { format!("{wire}: {}", escape(meaning)) }])
}

fn enumeration(ty: &Type, out: &mut String) {
    let Shape::Enum(variants) = &ty.shape else { return };
    let _ = write!(out, "crate::types::internal::open_enum! {{\n{}{} {{\n", docs(ty, ""), ty.name);
    for variant in variants {
        let doc = labelled(format!("`{}`", variant.value.replace('`', "'")), &variant.doc);
        let _ = writeln!(out, "{doc}{} = {:?},", variant.name, variant.value);
    }
    out.push_str("} }\n\n");
}

fn union(ty: &Type, out: &mut String) {
    let Shape::Union { arms, wrapped_in } = &ty.shape else { return };
    let name = &ty.name;
    let wrapper = wrapped_in.as_ref().map(|member| format!(" in {member:?}")).unwrap_or_default();
    let docs = docs(ty, "Told apart by the key that is present, never by its shape.");
    let _ = write!(out, "crate::types::internal::key_union! {{\n{docs}{name}{wrapper} {{\n");
    let mut counts: BTreeMap<&Ty, usize> = BTreeMap::new();
    for arm in arms {
        *counts.entry(&arm.ty).or_default() += 1;
        let key = format!("`{{\"{}\": …}}`", arm.key.replace('`', "'"));
        let doc = labelled(key, [&arm.doc, limits_in_words(&arm.limits).as_str()].join(" ").trim());
        let facts = bounds(&arm.limits) + &marks(arm.exposure, arm.form);
        let facts = if facts.is_empty() { facts } else { format!(" [{facts}]") };
        let _ = writeln!(out, "{doc}{}({}) = {:?}{facts},", arm.variant, rust(&arm.ty, ""), arm.key);
    }
    out.push_str("} }\n\n");
    for arm in arms.iter().filter(|arm| matches!(arm.ty, Ty::Named(_)) && counts[&arm.ty] == 1) {
        let _ = writeln!(
            out,
            "impl ::std::convert::From<{arm_ty}> for {name} {{\nfn from(arm: {arm_ty}) -> Self {{ Self::{variant}(arm) }}\n}}\n",
            arm_ty = rust(&arm.ty, ""),
            variant = arm.variant,
        );
    }
}

fn object(ty: &Type, members: &[Member], out: &mut String) {
    let name = &ty.name;
    let allow = if members.iter().any(|member| member.deprecated) { "#[allow(deprecated)]\n" } else { "" };
    let _ = write!(
        out,
        "{}#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]\n{allow}#[non_exhaustive]\npub struct {name} {{\n",
        docs(ty, "")
    );
    for member in members {
        let docs = comment(&[member_doc(ty, member)]);
        let _ = writeln!(
            out,
            "{docs}{}pub {}: ::std::option::Option<{}>,",
            deprecation(member.deprecated),
            member.ident,
            rust(&member.ty, "")
        );
    }
    out.push_str("rest_: crate::types::Unlisted,\n}\n\n");
    constructor(ty, allow, out);
    if ty.sent {
        setters(ty, members, allow, out);
    }
    let _ = writeln!(out, "crate::types::internal::object! {{ {name} {{");
    for (index, member) in members.iter().enumerate() {
        let _ = writeln!(out, "{index} {}: {},", member.ident, facts(member));
    }
    out.push_str("} }\n\n");
}

pub(super) fn deprecation(deprecated: bool) -> &'static str {
    if deprecated { "#[deprecated = \"Cashfree advises against it.\"]\n" } else { "" }
}

/// `new`, with what a request must have.
fn constructor(ty: &Type, allow: &str, out: &mut String) {
    let (name, required) = (&ty.name, ty.required());
    if required.is_empty() {
        let _ = write!(
            out,
            "impl ::std::default::Default for {name} {{\n#[inline]\nfn default() -> Self {{ \
             crate::types::internal::Blank::blank() }}\n}}\n\nimpl {name} {{\n/// One with no members set.\n\
             #[inline]\npub fn new() -> Self {{ ::std::default::Default::default() }}\n}}\n\n"
        );
        return;
    }
    let by_name = ty.required_name.as_deref();
    if let Some(parts) = by_name {
        named_arguments(ty, parts, out);
    }
    let arguments = match by_name {
        Some(parts) => format!("required: {parts}<'_>"),
        None => {
            let argument = |m: &&Member| format!("{}: {}", m.ident, taken(&m.ty, ""));
            required.iter().map(argument).collect::<Vec<_>>().join(", ")
        }
    };
    let doc = match by_name {
        Some(parts) => format!("One with the required members, by name: see [`{parts}`]."),
        None => "One with the required members, in the order of the specification.".to_owned(),
    };
    let _ = write!(
        out,
        "{allow}impl {name} {{\n/// {doc}\n#[allow(clippy::too_many_arguments)]\npub fn new({arguments}) -> Self {{\n\
         let mut __new = <Self as crate::types::internal::Blank>::blank();\n"
    );
    for member in required {
        let ident = &member.ident;
        let value = match by_name {
            Some(_) if is_borrowed(&member.ty) => converted(&member.ty, &format!("required.{ident}"), ""),
            Some(_) => format!("required.{ident}"),
            None => converted(&member.ty, ident, ""),
        };
        let _ = writeln!(out, "__new.{ident} = ::std::option::Option::Some({value});");
    }
    out.push_str("__new\n}\n}\n\n");
}

/// Whether `new` borrows what it needs by name.
pub(super) fn is_borrowed(ty: &Ty) -> bool {
    matches!(ty, Ty::Text | Ty::Id | Ty::Timestamp)
}

/// The arguments of `new` where there are too many of a kind to tell by their order. It has no `Debug`: it
/// may hold a card.
fn named_arguments(ty: &Type, parts: &str, out: &mut String) {
    let _ = write!(
        out,
        "/// What [`{name}::new`] needs.\n#[derive(::std::clone::Clone)]\n\
         #[allow(missing_debug_implementations)]\npub struct {parts}<'a> {{\n",
        name = ty.name
    );
    for member in ty.required() {
        let held = if is_borrowed(&member.ty) { "&'a str".to_owned() } else { rust(&member.ty, "") };
        let docs = comment(&[member_doc(ty, member)]);
        let _ = writeln!(out, "{docs}pub {}: {held},", member.ident);
    }
    out.push_str("}\n\n");
}

fn setters(ty: &Type, members: &[Member], allow: &str, out: &mut String) {
    let mut optional = members.iter().filter(|m| !m.required && !m.read_only).peekable();
    if optional.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "{allow}impl {} {{", ty.name);
    for member in optional {
        let _ = writeln!(
            out,
            "{}{}#[must_use]\npub fn {}(mut self, value: {}) -> Self {{\nself.{} = \
             ::std::option::Option::Some({});\nself\n}}",
            comment(&[member_doc(ty, member)]),
            deprecation(member.deprecated),
            member.setter,
            taken(&member.ty, ""),
            member.ident,
            converted(&member.ty, "value", "")
        );
    }
    out.push_str("}\n\n");
}

fn member_doc(ty: &Type, member: &Member) -> String {
    let mut doc = if member.doc.is_empty() { format!("`{}`", member.name) } else { escape(&member.doc) };
    let mut facts = Vec::new();
    if ty.sent && member.required {
        facts.push("Required.".to_owned());
    }
    if ty.sent && member.read_only {
        facts.push("Only in answers.".to_owned());
    }
    let limits = limits_in_words(&member.limits);
    if !limits.is_empty() {
        facts.push(limits);
    }
    if !facts.is_empty() {
        doc = format!("{doc}\n\n{}", facts.join(" "));
    }
    doc
}

fn facts(member: &Member) -> String {
    let mut facts = table_line(&member.name, &member.limits);
    if member.required {
        facts += ".required()";
    }
    facts + &marks(member.exposure, member.form)
}

/// Who may see a value, and how it stands on the wire.
fn marks(exposure: Exposure, form: Form) -> String {
    let exposure = match exposure {
        Exposure::Open => "",
        Exposure::Personal => ".personal()",
        Exposure::Secret => ".sensitive()",
    };
    let form = match form {
        Form::Natural => "",
        Form::Number => ".number()",
        Form::Text => ".text()",
    };
    format!("{exposure}{form}")
}
