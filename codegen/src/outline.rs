//! The outline of a version: every operation with its signature and every type with its members, small
//! enough to be reviewed when a specification changes.

use std::fmt::Write as _;

use crate::api::{Api, Body, Member, Shape, Ty};

/// The outline as text.
pub fn outline(api: &Api) -> String {
    let mut out = format!("# {}\n\n## Operations\n", api.version);
    for operation in &api.operations {
        let given = operation.path_args.iter().chain(&operation.query_args);
        let mut arguments: Vec<String> = given
            .map(|a| {
                let argument = if a.money { format!("{}: Amount", a.ident) } else { a.ident.clone() };
                if a.required { argument } else { format!("[{argument}]") }
            })
            .collect();
        match &operation.body {
            Body::None => {}
            Body::Json(ty) => arguments.push(format!("body: {}", name(ty))),
            Body::Form(fields) => arguments.extend(fields.iter().map(|field| {
                let kind = if field.file { ": Upload" } else { "" };
                if field.required || field.file {
                    format!("{}{kind}", field.name)
                } else {
                    format!("[{}]", field.name)
                }
            })),
        }
        let open = if operation.credentials { "" } else { " (no credentials)" };
        line(
            &mut out,
            format_args!(
                "{}({}) -> {}  // {} {} {}{open}",
                operation.name,
                arguments.join(", "),
                name(&operation.output),
                operation.id,
                operation.method,
                operation.path
            ),
        );
    }
    out.push_str("\n## Events\n");
    for (event, payload) in &api.events {
        line(&mut out, format_args!("{event} -> {payload}"));
    }
    out.push_str("\n## Types\n");
    for ty in &api.types {
        let side = if ty.in_request { " (sent)" } else { "" };
        match &ty.shape {
            Shape::Object(members) => {
                line(&mut out, format_args!("{}{side}", ty.name));
                for m in members {
                    line(&mut out, format_args!("  {}", member(m)));
                }
            }
            Shape::Enum(values) => {
                let values: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
                line(&mut out, format_args!("{}{side} = {}", ty.name, values.join(" | ")));
            }
            Shape::Union { arms, wrapped_in } => {
                let arms: Vec<String> =
                    arms.iter().map(|arm| format!("{}: {}", arm.key, name(&arm.ty))).collect();
                let wrapped =
                    wrapped_in.as_ref().map(|m| format!(" (also inside `{m}`)")).unwrap_or_default();
                line(&mut out, format_args!("{}{side} = {{ {} }}{wrapped}", ty.name, arms.join(" | ")));
            }
        }
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{text}");
}

fn member(member: &Member) -> String {
    let mut text = format!("{}: {}", member.name, name(&member.ty));
    if member.required {
        text.push('!');
    }
    if let Some(declared) = &member.declared {
        let _ = write!(text, " as {declared}");
    }
    if member.sensitive {
        text.push_str(" sensitive");
    }
    let bounds = |text: &mut String, word: &str, min: Option<String>, max: Option<String>| {
        if min.is_some() || max.is_some() {
            let _ = write!(text, " {word} {}..{}", min.unwrap_or_default(), max.unwrap_or_default());
        }
    };
    let limits = &member.limits;
    let show = |n: Option<u64>| n.map(|n| n.to_string());
    bounds(&mut text, "length", show(limits.length.0), show(limits.length.1));
    bounds(&mut text, "count", show(limits.count.0), show(limits.count.1));
    bounds(&mut text, "range", limits.range.0.map(|n| n.to_string()), limits.range.1.map(|n| n.to_string()));
    if let Some(pattern) = &limits.pattern {
        let _ = write!(text, " /{pattern}/");
    }
    text
}

fn name(ty: &Ty) -> String {
    match ty {
        Ty::Text => "text".into(),
        Ty::Amount => "Amount".into(),
        Ty::Id => "Id".into(),
        Ty::Timestamp => "Timestamp".into(),
        Ty::Decimal => "Decimal".into(),
        Ty::Integer => "integer".into(),
        Ty::Bool => "bool".into(),
        Ty::Json => "json".into(),
        Ty::Named(name) => name.clone(),
        Ty::List(item) => format!("[{}]", name(item)),
        Ty::Map(value) => format!("{{{}}}", name(value)),
        Ty::Boxed(inner) => name(inner),
        Ty::Nothing => "nothing".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Argument, Arm, FormField, Limits, Operation, Type};

    #[test]
    fn everything_a_reviewer_must_see_is_on_its_line() {
        let member = |name: &str, ty| Member {
            name: name.into(),
            ident: name.into(),
            ty,
            doc: "Prose that is not repeated.".into(),
            required: false,
            sensitive: false,
            declared: None,
            limits: Limits::default(),
        };
        let argument = |name: &str, required| Argument {
            name: name.into(),
            ident: name.into(),
            doc: String::new(),
            required,
            money: false,
        };
        let field = |name: &str, required, file| FormField {
            name: name.into(),
            ident: name.into(),
            doc: String::new(),
            required,
            file,
        };
        let ty =
            |name: &str, in_request, shape| Type { name: name.into(), doc: String::new(), in_request, shape };
        let mut phone = member("phone", Ty::Text);
        phone.required = true;
        phone.sensitive = true;
        phone.declared = Some("number".into());
        phone.limits.length = (Some(10), None);
        phone.limits.pattern = Some("^[0-9]+$".into());
        let mut tree = member("tree", Ty::Boxed(Box::new(Ty::Named("Order".into()))));
        tree.limits.range = (None, Some(3));
        let arm = |key: &str, ty| Arm { variant: key.into(), key: key.into(), ty };
        let api = Api {
            version: "2099-01-01".into(),
            types: vec![
                ty("Order", true, Shape::Object(vec![phone, tree])),
                ty(
                    "State",
                    false,
                    Shape::Enum(vec![("Paid".into(), "PAID".into()), ("Empty".into(), "".into())]),
                ),
                ty(
                    "Method",
                    false,
                    Shape::Union {
                        arms: vec![arm("upi", Ty::Json), arm("ids", Ty::List(Box::new(Ty::Id)))],
                        wrapped_in: Some("method".into()),
                    },
                ),
            ],
            operations: vec![Operation {
                id: "PGUpload".into(),
                aliases: Vec::new(),
                name: "upload".into(),
                method: "POST".into(),
                path: "/a/{id}".into(),
                doc: String::new(),
                credentials: false,
                path_args: vec![argument("id", true)],
                query_args: vec![argument("limit", false)],
                body: Body::Form(vec![field("file", false, true), field("note", false, false)]),
                output: Ty::Nothing,
            }],
            events: vec![("PAID".into(), "Order".into())],
        };
        assert_eq!(
            outline(&api),
            "# 2099-01-01\n\n## Operations\n\
             upload(id, [limit], file: Upload, [note]) -> nothing  // PGUpload POST /a/{id} (no credentials)\n\
             \n## Events\nPAID -> Order\n\
             \n## Types\nOrder (sent)\n  phone: text! as number sensitive length 10.. /^[0-9]+$/\n  tree: Order range ..3\n\
             State = PAID | \nMethod = { upi: json | ids: [Id] } (also inside `method`)\n"
        );
    }
}
