//! The outline of a version: every operation with its signature and every type with its members, as users see
//! them, small enough to be reviewed when a document changes.

use std::fmt::Write as _;

use crate::model::{
    Api, Argument, Arm, Body, End, Exposure, Form, Limits, Member, Operation, Place, Scheme, Shape, Ty, Type,
    Variant,
};

/// The outline as text.
pub fn outline(api: &Api) -> String {
    let mut out = format!("# {}\n\n## Operations\n", api.name);
    for operation in &api.operations {
        let _ = writeln!(out, "{}", signature(operation));
    }
    out.push_str("\n## Events\n");
    for event in &api.events {
        let _ = writeln!(out, "{} -> {}", event.name, name(&event.payload));
    }
    out.push_str("\n## Types\n");
    api.types.iter().for_each(|ty| of_type(ty, &mut out));
    if !api.not_generated.is_empty() {
        out.push_str("\n## Not generated\n");
        for lost in &api.not_generated {
            let _ = writeln!(out, "{}: {}", lost.pointer, lost.reason);
        }
    }
    out
}

fn signature(operation: &Operation) -> String {
    let arguments: Vec<String> = operation.arguments().iter().map(argument).collect();
    let mut marks = credentials(operation);
    for (is, mark) in [
        (!operation.keyed && matches!(operation.method.as_str(), "POST" | "PATCH"), " (no idempotency key)"),
        (operation.reads && operation.method != "GET", " (reads)"),
        (operation.body == Body::OpenForm, " (any form)"),
        (operation.pages.is_some(), " (pages)"),
        (operation.deprecated, " (deprecated)"),
    ] {
        marks += if is { mark } else { "" };
    }
    format!(
        "{}({}) -> {}  // {} {} {}{marks}",
        operation.name,
        arguments.join(", "),
        name(&operation.output),
        operation.id,
        operation.method,
        operation.path
    )
}

/// Which credentials it takes, unless those are an account's.
fn credentials(operation: &Operation) -> String {
    match operation.credentials.as_slice() {
        [] => " (no credentials)".to_owned(),
        schemes if *schemes == Scheme::ACCOUNT => String::new(),
        schemes => {
            let schemes: Vec<String> = schemes.iter().map(|scheme| format!("{scheme:?}")).collect();
            let from = operation.token.as_ref().map(|token| format!(" by {token}")).unwrap_or_default();
            format!(" ({}{from})", schemes.join(" or "))
        }
    }
}

fn argument(argument: &Argument) -> String {
    let mut text = format!("{}: {}", argument.ident, name(&argument.ty));
    if argument.ident != argument.name && argument.place != Place::Json {
        let _ = write!(text, " as {:?}", argument.name);
    }
    text += &limits(&argument.limits);
    text += if argument.deprecated { " deprecated" } else { "" };
    if argument.required { text } else { format!("[{text}]") }
}

fn of_type(ty: &Type, out: &mut String) {
    let mut head = ty.name.clone();
    if !ty.aliases.is_empty() {
        let _ = write!(head, " ({})", ty.aliases.join(", "));
    }
    head += if ty.sent { " (sent)" } else { "" };
    match &ty.shape {
        Shape::Object(members) => {
            let _ = writeln!(out, "{head}");
            if ty.sent {
                let required: Vec<&str> = ty.required().iter().map(|member| member.ident.as_str()).collect();
                let by = ty.required_name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
                let _ = writeln!(out, "  new({by}{})", required.join(", "));
            }
            for m in members {
                let _ = writeln!(out, "  {}", member(ty, m));
            }
        }
        Shape::Enum(variants) => {
            let variants: Vec<String> = variants.iter().map(variant).collect();
            let _ = writeln!(out, "{head} = {}", variants.join(" | "));
        }
        Shape::Union { arms, wrapped_in } => {
            let arms: Vec<String> = arms.iter().map(arm).collect();
            let wrapped = wrapped_in.as_ref().map(|m| format!(" (also inside `{m}`)")).unwrap_or_default();
            let _ = writeln!(out, "{head} = {{ {} }}{wrapped}", arms.join(" | "));
        }
    }
}

fn arm(Arm { variant, key, ty, form, exposure, limits, .. }: &Arm) -> String {
    format!("{variant} {key}: {}{}{}", name(ty), marks(*form, *exposure), self::limits(limits))
}

/// How a value stands on the wire, and who may see it.
fn marks(form: Form, exposure: Exposure) -> String {
    let form = match form {
        Form::Natural => "",
        Form::Number => " as number",
        Form::Text => " as text",
    };
    let exposure = match exposure {
        Exposure::Open => "",
        Exposure::Personal => " personal",
        Exposure::Secret => " secret",
    };
    format!("{form}{exposure}")
}

fn variant(Variant { name, value, end, .. }: &Variant) -> String {
    let end = match end {
        End::Open => "",
        End::Success => " (success)",
        End::Failure => " (final)",
    };
    format!("{name}={value}{end}")
}

fn member(ty: &Type, member: &Member) -> String {
    let mut text = member.name.clone();
    if member.ident != member.name {
        let _ = write!(text, " ({})", member.ident);
    }
    let _ = write!(text, ": {}", name(&member.ty));
    text += if member.required { "!" } else { "" };
    text += if member.always { " always" } else { "" };
    text += &marks(member.form, member.exposure);
    if ty.sent && !member.required && !member.read_only && member.setter != member.ident {
        let _ = write!(text, " set by {}", member.setter);
    }
    text += if member.read_only { " read-only" } else { "" };
    text += if member.deprecated { " deprecated" } else { "" };
    text + &limits(&member.limits)
}

/// Limits as in an outline: ` length 3..45 /^[a-z]+$/`.
pub fn limits(limits: &Limits) -> String {
    let mut text = String::new();
    let mut bounds = |word: &str, min: Option<String>, max: Option<String>| {
        if min.is_some() || max.is_some() {
            let _ = write!(text, " {word} {}..{}", min.unwrap_or_default(), max.unwrap_or_default());
        }
    };
    let show = |n: Option<u32>| n.map(|n| n.to_string());
    bounds("length", show(limits.length.0), show(limits.length.1));
    bounds("count", show(limits.count.0), show(limits.count.1));
    bounds("range", limits.range.0.map(|n| n.to_string()), limits.range.1.map(|n| n.to_string()));
    if let Some(pattern) = &limits.pattern {
        let _ = write!(text, " /{pattern}/");
    }
    if let Some(items) = &limits.items {
        let _ = write!(text, " each{}", self::limits(items));
    }
    text
}

/// A type as in an outline.
pub fn name(ty: &Ty) -> String {
    match ty {
        Ty::Text => "text".into(),
        Ty::Amount => "Amount".into(),
        Ty::Id => "Id".into(),
        Ty::Timestamp => "Timestamp".into(),
        Ty::Decimal => "Decimal".into(),
        Ty::Integer => "integer".into(),
        Ty::Bool => "bool".into(),
        Ty::Json => "json".into(),
        Ty::Upload => "Upload".into(),
        Ty::Named(name) => name.clone(),
        Ty::List(item) => format!("[{}]", name(item)),
        Ty::Map(value) => format!("{{{}}}", name(value)),
        Ty::Boxed(inner) => name(inner),
        Ty::Unit => "nothing".into(),
    }
}
