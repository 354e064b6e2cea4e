//! Writes the Rust code of an API version: types as tables, operations as one line each.
//!
//! Only what differs between types and operations is emitted; what they share is hand-written in
//! `cashfree-pg`, so that it compiles once.

use std::collections::BTreeMap;

use heck::ToPascalCase;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::api::{Api, Argument, Body, Limits, Member, Operation, Shape, Ty, Type};
use crate::names;

/// The code of a version, to be included in its module.
pub fn emit(api: &Api) -> TokenStream {
    let types = api.types.iter().map(emit_type);
    let methods = api.operations.iter().map(|operation| emit_method(api, operation));
    let markers = api.operations.iter().map(|operation| emit_marker(api, operation));
    let paginated = api.operations.iter().filter_map(|operation| emit_paginated(api, operation));
    let setters = api.operations.iter().map(emit_optional_arguments);
    let webhooks = emit_webhooks(api);
    let registry = emit_registry(api);
    let version = &api.version;
    let client_doc =
        format!("Every operation of Cashfree's API {version}, each sent with `x-api-version: {version}`.");
    quote! {
        #[doc = #client_doc]
        #[derive(Debug, Clone)]
        pub struct Client {
            cashfree: crate::Cashfree,
        }

        impl Client {
            pub(crate) fn new(cashfree: crate::Cashfree) -> Self {
                Self { cashfree }
            }

            /// The handle that this client was made from.
            pub fn cashfree(&self) -> &crate::Cashfree {
                &self.cashfree
            }

            #(#methods)*
        }

        /// The operations as types: what a [`Call`](crate::Call) is a call of.
        pub mod operations {
            #(#markers)*
            #(#paginated)*
        }

        #(#setters)*

        /// What requests and answers are made of.
        pub mod types {
            #[allow(unused_imports)]
            use crate::types::internal::{Member, key_union, object, open_enum};
            #[allow(unused_imports)]
            use crate::types::{Amount, Decimal, Id, Timestamp};
            #[allow(unused_imports)]
            use serde_json::Value;
            #[allow(unused_imports)]
            use std::collections::BTreeMap;

            #(#types)*
        }

        #webhooks
        #registry
    }
}

fn ident(name: &str) -> Ident {
    syn::parse_str(name).unwrap_or_else(|_| Ident::new(&names::snake_name(name), Span::call_site()))
}

/// A description as rustdoc takes it: brackets and angle brackets in prose are no links and no tags, and
/// nothing in it is a program that rustdoc would run as a test.
fn escape(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if is_fence(line) {
            if !in_block && lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
            lines.push(if in_block { "```".into() } else { "```text".into() });
            in_block = !in_block;
        } else if in_block {
            lines.push(line.trim_end().to_owned());
        } else {
            // Markdown takes what is indented for a program, behind the mark of a list too.
            lines.push(escape_line(&line.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    if in_block {
        lines.push("```".into());
    }
    lines.join("\n")
}

/// Whether a line opens or closes a block of code, in a list or a quotation too.
fn is_fence(line: &str) -> bool {
    let is_list_mark = |c: char| c.is_whitespace() || c.is_ascii_digit() || "-*+.)>".contains(c);
    let line = line.trim_start_matches(is_list_mark);
    line.starts_with("~~~") || (line.starts_with("```") && !line.trim_start_matches('`').contains('`'))
}

/// A description as an entry of a list, indented where it goes on.
fn entry(name: &str, text: &str) -> String {
    let text = escape(text);
    let starts = if text.starts_with("```") { "\n" } else { "" };
    format!("- `{name}`: {starts}{text}").replace('\n', "\n  ").replace("\n  \n", "\n\n")
}

/// A line of prose. A backtick without another on its line is a character like any other.
fn escape_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let (taken, after) = match c {
            '`' => {
                let ticks = rest.len() - rest.trim_start_matches('`').len();
                let (mark, after) = rest.split_at(ticks);
                match after.find(mark) {
                    Some(end) => rest.split_at(ticks + end + ticks),
                    None => {
                        escaped.push_str(&"\\`".repeat(ticks));
                        rest = after;
                        continue;
                    }
                }
            }
            // What is escaped already, stays so.
            '\\' => rest.split_at(1 + rest[1..].chars().next().map_or(0, char::len_utf8)),
            '[' | ']' | '<' | '>' => {
                escaped.push('\\');
                rest.split_at(1)
            }
            c => rest.split_at(c.len_utf8()),
        };
        escaped.push_str(taken);
        rest = after;
    }
    escaped
}

fn doc(lines: &[String]) -> TokenStream {
    let text = lines.iter().filter(|line| !line.is_empty()).cloned().collect::<Vec<_>>().join("\n\n");
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// A type as it is written inside `mod types`, or outside it with `path`.
fn rust(ty: &Ty, path: &TokenStream) -> TokenStream {
    match ty {
        Ty::Text => quote!(String),
        Ty::Amount => quote!(Amount),
        Ty::Id => quote!(Id),
        Ty::Timestamp => quote!(Timestamp),
        Ty::Decimal => quote!(Decimal),
        Ty::Integer => quote!(i64),
        Ty::Bool => quote!(bool),
        Ty::Json => quote!(serde_json::Value),
        Ty::Named(name) => {
            let name = ident(name);
            quote!(#path #name)
        }
        Ty::List(item) => {
            let item = rust(item, path);
            quote!(Vec<#item>)
        }
        Ty::Map(value) => {
            let value = rust(value, path);
            quote!(std::collections::BTreeMap<String, #value>)
        }
        Ty::Boxed(inner) => {
            let inner = rust(inner, path);
            quote!(Box<#inner>)
        }
        Ty::Nothing => quote!(()),
    }
}

fn emit_type(ty: &Type) -> TokenStream {
    let name = ident(&ty.name);
    let own_doc =
        if ty.doc.is_empty() { format!("`{}` of the specification.", ty.name) } else { escape(&ty.doc) };
    match &ty.shape {
        Shape::Enum(values) => {
            let doc = doc(&[own_doc]);
            let variants = values.iter().map(|(variant, value)| {
                let variant = ident(variant);
                let doc = format!(" `{value}`");
                quote!(#[doc = #doc] #variant = #value,)
            });
            quote!(open_enum! { #doc #name { #(#variants)* } })
        }
        Shape::Union { arms, wrapped_in } => {
            let doc = doc(&[own_doc, "Told apart by the key that is present, never by its shape.".into()]);
            let mut counts = BTreeMap::new();
            for arm in arms {
                *counts.entry(format!("{:?}", arm.ty)).or_insert(0) += 1;
            }
            let variants = arms.iter().map(|arm| {
                let (variant, ty, key) = (ident(&arm.variant), rust(&arm.ty, &quote!()), &arm.key);
                let doc = format!(" `{{\"{key}\": …}}`");
                quote!(#[doc = #doc] #variant(#ty) = #key,)
            });
            let conversions = arms.iter().filter(|arm| {
                matches!(arm.ty, Ty::Named(_)) && counts.get(&format!("{:?}", arm.ty)) == Some(&1)
            });
            let conversions = conversions.map(|arm| {
                let (variant, ty) = (ident(&arm.variant), rust(&arm.ty, &quote!()));
                quote!(impl From<#ty> for #name { fn from(arm: #ty) -> Self { Self::#variant(arm) } })
            });
            let wrapper = wrapped_in.as_ref().map(|member| quote!(in #member));
            quote!(key_union! { #doc #name #wrapper { #(#variants)* } } #(#conversions)*)
        }
        Shape::Object(members) => emit_object(&name, &own_doc, members, ty.in_request),
    }
}

fn emit_object(name: &Ident, own_doc: &str, members: &[Member], in_request: bool) -> TokenStream {
    let docs = doc(&[own_doc.to_owned()]);
    let fields = members.iter().map(|member| {
        let (field, ty) = (ident(&member.ident), rust(&member.ty, &quote!()));
        let docs = doc(&member_doc(member));
        quote!(#docs pub #field: Option<#ty>,)
    });
    let table = members.iter().map(|member| {
        let (field, facts) = (ident(&member.ident), member_facts(member));
        quote!(#field: #facts,)
    });
    let required: Vec<&Member> = members.iter().filter(|m| m.required && in_request).collect();
    let new = if required.is_empty() {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    crate::types::internal::Blank::blank()
                }
            }

            impl #name {
                /// One with no members set.
                pub fn new() -> Self {
                    Self::default()
                }
            }
        }
    } else {
        let arguments = required.iter().map(|member| {
            let (field, ty) = (ident(&member.ident), setter_type(&member.ty));
            quote!(#field: #ty)
        });
        let assignments = required.iter().map(|member| {
            let field = ident(&member.ident);
            let value = converted(&member.ty, quote!(#field));
            quote!(new.#field = Some(#value);)
        });
        quote! {
            impl #name {
                /// One with the required members, in the order of the specification.
                #[allow(clippy::too_many_arguments)]
                pub fn new(#(#arguments),*) -> Self {
                    let mut new = <Self as crate::types::internal::Blank>::blank();
                    #(#assignments)*
                    new
                }
            }
        }
    };
    let setters = members.iter().filter(|member| in_request && !member.required).map(|member| {
        let (field, ty) = (ident(&member.ident), setter_type(&member.ty));
        let value = converted(&member.ty, quote!(value));
        let text = format!("Sets [`{0}`](Self::{0}).", member.ident.trim_start_matches("r#"));
        let docs = doc(&[text]);
        let method = ident(&names::setter_name(&member.ident));
        quote! {
            #docs
            #[must_use]
            pub fn #method(mut self, value: #ty) -> Self {
                self.#field = Some(#value);
                self
            }
        }
    });
    let setters: Vec<_> = setters.collect();
    let setters = if setters.is_empty() { quote!() } else { quote!(impl #name { #(#setters)* }) };
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            rest_: crate::types::Unlisted,
        }

        #new
        #setters
        object!(#name { #(#table)* });
    }
}

fn setter_type(ty: &Ty) -> TokenStream {
    match ty {
        Ty::List(item) => {
            let item = rust(item, &quote!());
            quote!(impl IntoIterator<Item = impl Into<#item>>)
        }
        Ty::Map(value) => {
            let value = rust(value, &quote!());
            quote!(impl IntoIterator<Item = (impl Into<String>, impl Into<#value>)>)
        }
        ty => {
            let ty = rust(ty, &quote!());
            quote!(impl Into<#ty>)
        }
    }
}

fn converted(ty: &Ty, value: TokenStream) -> TokenStream {
    match ty {
        Ty::List(_) => quote!(#value.into_iter().map(Into::into).collect()),
        Ty::Map(_) => quote!(#value.into_iter().map(|(name, value)| (name.into(), value.into())).collect()),
        _ => quote!(#value.into()),
    }
}

fn member_doc(member: &Member) -> Vec<String> {
    let mut text = if member.doc.is_empty() { format!("`{}`", member.name) } else { escape(&member.doc) };
    let limits = limits_in_words(&member.limits);
    if !limits.is_empty() {
        text.push_str("\n\n");
        text.push_str(&limits);
    }
    vec![text]
}

fn limits_in_words(limits: &Limits) -> String {
    let span = |(min, max): (Option<u64>, Option<u64>), unit: &str| match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("Exactly {min} {unit}.")),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {unit}.")),
        (Some(min), None) => Some(format!("At least {min} {unit}.")),
        (None, Some(max)) => Some(format!("At most {max} {unit}.")),
        (None, None) => None,
    };
    let range = match limits.range {
        (Some(min), Some(max)) => Some(format!("From {min} to {max}.")),
        (Some(min), None) => Some(format!("At least {min}.")),
        (None, Some(max)) => Some(format!("At most {max}.")),
        (None, None) => None,
    };
    let pattern = limits.pattern.as_ref().map(|pattern| format!("Pattern: `{pattern}`."));
    let parts = [span(limits.length, "characters"), span(limits.count, "entries"), range, pattern];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn member_facts(member: &Member) -> TokenStream {
    let name = &member.name;
    let mut facts = quote!(Member::new(#name));
    if member.required {
        facts = quote!(#facts.required());
    }
    if member.sensitive {
        facts = quote!(#facts.sensitive());
    }
    let leaf = match &member.ty {
        Ty::List(item) => item,
        ty => ty,
    };
    match (leaf, member.declared.as_deref()) {
        (Ty::Id | Ty::Text, Some("number" | "integer")) => facts = quote!(#facts.number()),
        (Ty::Amount, Some("string")) => facts = quote!(#facts.text()),
        _ => {}
    }
    let span = |(min, max): (Option<u64>, Option<u64>)| {
        (min.is_some() || max.is_some()).then(|| {
            let min = Literal::u64_unsuffixed(min.unwrap_or_default());
            let max = max.map_or_else(
                || quote!(usize::MAX),
                |max| {
                    let max = Literal::u64_unsuffixed(max);
                    quote!(#max)
                },
            );
            quote!(#min, #max)
        })
    };
    if let Some(span) = span(member.limits.length) {
        facts = quote!(#facts.length(#span));
    }
    if let Some(span) = span(member.limits.count) {
        facts = quote!(#facts.count(#span));
    }
    if let Some(minimum) = member.limits.range.0.map(Literal::i64_unsuffixed) {
        facts = quote!(#facts.minimum(#minimum));
    }
    if let Some(maximum) = member.limits.range.1.map(Literal::i64_unsuffixed) {
        facts = quote!(#facts.maximum(#maximum));
    }
    if let Some(pattern) = &member.limits.pattern {
        facts = quote!(#facts.pattern(#pattern));
    }
    facts
}

/// The type that stands for an operation in `mod operations`.
fn marker(operation: &Operation) -> Ident {
    ident(&operation.name.to_pascal_case())
}

fn emit_marker(api: &Api, operation: &Operation) -> TokenStream {
    let marker = marker(operation);
    let output = rust(&operation.output, &quote!(super::types::));
    let Operation { id, name, method, path, credentials, .. } = operation;
    let version = &api.version;
    let doc = format!(" [`{name}`](super::Client::{name}): `{method} {path}`");
    quote! {
        #[doc = #doc]
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub struct #marker;

        impl crate::operation::sealed::Sealed for #marker {}

        impl crate::Operation for #marker {
            type Output = #output;
            const INFO: crate::OperationInfo = crate::OperationInfo {
                id: #id,
                name: #name,
                method: #method,
                path: #path,
                version: #version,
                credentials: #credentials,
            };
        }
    }
}

/// The type of what the pages hold, of an operation that takes `pagination.cursor` and answers with a
/// `cursor` and a list of `data`.
fn paged_item<'a>(api: &'a Api, operation: &Operation) -> Option<&'a Ty> {
    let member = |ty: &Ty, name: &str| {
        let Ty::Named(object) = ty else { return None };
        let found = api.types.iter().find(|ty| ty.name == *object)?;
        let Shape::Object(members) = &found.shape else { return None };
        members.iter().find(|member| member.name == name).map(|member| &member.ty)
    };
    let Body::Json(request) = &operation.body else { return None };
    let asked = member(member(request, "pagination")?, "cursor")?;
    let answered = member(&operation.output, "cursor")?;
    match member(&operation.output, "data")? {
        Ty::List(item) if *asked == Ty::Text && *answered == Ty::Text => Some(item),
        _ => None,
    }
}

fn emit_paginated(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let marker = marker(operation);
    let item = rust(paged_item(api, operation)?, &quote!(super::types::));
    Some(quote! {
        impl crate::Paginated for #marker {
            type Item = #item;

            fn cursor(page: &Self::Output) -> Option<&str> {
                page.cursor.as_deref()
            }

            fn data(page: &mut Self::Output) -> &mut Option<Vec<Self::Item>> {
                &mut page.data
            }

            fn unlisted(page: &Self::Output) -> &crate::types::Unlisted {
                page.unlisted()
            }
        }
    })
}

fn emit_method(api: &Api, operation: &Operation) -> TokenStream {
    let (name, marker) = (ident(&operation.name), marker(operation));
    let mut lines = vec![escape(&operation.doc), format!("`{} {}`", operation.method, operation.path)];
    let mut arguments = Vec::new();
    let mut parts = Vec::new();
    let described = |name: &str, doc: &str| if doc.is_empty() { String::new() } else { entry(name, doc) };
    let mut list = Vec::new();
    for argument in &operation.path_args {
        let (arg, wire) = (ident(&argument.ident), &argument.name);
        let (ty, text) = argument_type(argument, &arg);
        arguments.push(quote!(#arg: #ty));
        parts.push(quote!(.path(#wire, #text)));
        list.push(described(&argument.ident, &argument.doc));
    }
    for argument in operation.query_args.iter().filter(|a| a.required) {
        let (arg, wire) = (ident(&argument.ident), &argument.name);
        let (ty, text) = argument_type(argument, &arg);
        arguments.push(quote!(#arg: #ty));
        parts.push(quote!(.query(#wire, #text)));
        list.push(described(&argument.ident, &argument.doc));
    }
    match &operation.body {
        Body::None => {}
        Body::Json(ty) => {
            let ty = rust(ty, &quote!(types::));
            arguments.push(quote!(body: #ty));
            parts.push(quote!(.json(&body)));
        }
        Body::Form(fields) => {
            for field in fields.iter().filter(|field| field.required || field.file) {
                let (arg, wire) = (ident(&field.ident), &field.name);
                if path_has(operation, wire) {
                    // The form repeats the path's argument; one value serves both.
                    parts.push(quote!(.text(#wire, #arg.to_string())));
                } else if field.file {
                    arguments.push(quote!(#arg: crate::Upload));
                    parts.push(quote!(.file(#wire, #arg)));
                } else {
                    arguments.push(quote!(#arg: impl std::fmt::Display));
                    parts.push(quote!(.text(#wire, #arg.to_string())));
                }
                list.push(described(&field.ident, &field.doc));
            }
        }
    }
    if paged_item(api, operation).is_some() {
        let streams = "[`pages`](crate::Call::pages) and [`items`](crate::Call::items)";
        lines.push(format!("Answers one page; {streams} go through all of them."));
    }
    list.retain(|line| !line.is_empty());
    if !list.is_empty() {
        lines.push(list.join("\n"));
    }
    let docs = doc(&lines);
    let aliases =
        std::iter::once(&operation.id).chain(&operation.aliases).filter(|id| **id != operation.name);
    quote! {
        #docs
        #(#[doc(alias = #aliases)])*
        pub fn #name(&self #(, #arguments)*) -> crate::Call<operations::#marker> {
            crate::Call::new(&self.cashfree) #(#parts)*
        }
    }
}

/// What an argument of the path or the query takes, and how it becomes text: whatever can be shown, but
/// money only as an amount.
fn argument_type(argument: &Argument, value: &Ident) -> (TokenStream, TokenStream) {
    if argument.money {
        let text = quote!(Into::<crate::types::Amount>::into(#value).to_string());
        (quote!(impl Into<crate::types::Amount>), text)
    } else {
        (quote!(impl std::fmt::Display), quote!(#value.to_string()))
    }
}

fn path_has(operation: &Operation, name: &str) -> bool {
    operation.path_args.iter().any(|argument| argument.name == name)
}

/// Setters on the call for what an operation may be given beside its arguments.
fn emit_optional_arguments(operation: &Operation) -> TokenStream {
    let marker = marker(operation);
    let query = operation.query_args.iter().filter(|a| !a.required).map(|argument| {
        let (arg, wire) = (ident(&names::call_setter_name(&argument.ident)), &argument.name);
        let docs = doc(&[if argument.doc.is_empty() { format!("`{wire}`") } else { escape(&argument.doc) }]);
        let (ty, text) = argument_type(argument, &ident("value"));
        quote! {
            #docs
            pub fn #arg(self, value: #ty) -> Self {
                self.query(#wire, #text)
            }
        }
    });
    let form = match &operation.body {
        Body::Form(fields) => fields.as_slice(),
        _ => &[],
    };
    let form = form.iter().filter(|field| !field.required && !field.file).map(|field| {
        let (arg, wire) = (ident(&names::call_setter_name(&field.ident)), &field.name);
        let docs = doc(&[if field.doc.is_empty() { format!("`{wire}`") } else { escape(&field.doc) }]);
        quote! {
            #docs
            pub fn #arg(self, value: impl std::fmt::Display) -> Self {
                self.text(#wire, value.to_string())
            }
        }
    });
    let setters: Vec<TokenStream> = query.chain(form).collect();
    if setters.is_empty() {
        return quote!();
    }
    quote! {
        impl crate::Call<operations::#marker> {
            #(#setters)*
        }
    }
}

/// `webhook::Payload`: one variant for each payload type, chosen by the event's type.
fn emit_webhooks(api: &Api) -> TokenStream {
    let mut payloads: Vec<(&String, Vec<&String>)> = Vec::new();
    for (event, payload) in &api.events {
        match payloads.iter_mut().find(|(name, _)| *name == payload) {
            Some((_, events)) => events.push(event),
            None => payloads.push((payload, vec![event])),
        }
    }
    let variants = payloads.iter().map(|(name, events)| {
        let variant = ident(name);
        let events = events.iter().map(|event| format!("`{event}`")).collect::<Vec<_>>().join(", ");
        let doc = format!(" {events}");
        quote!(#[doc = #doc] #variant(Box<super::types::#variant>),)
    });
    let arms = payloads.iter().map(|(name, events)| {
        let variant = ident(name);
        quote!(#(#events)|* => Self::#variant(Box::new(event.payload()?)),)
    });
    let events = api.events.iter().map(|(event, _)| event);
    let doc = format!("Webhook payloads of version {}.", api.version);
    quote! {
        #[doc = #doc]
        pub mod webhook {
            /// The event types that have a payload type.
            pub const EVENT_TYPES: &[&str] = &[#(#events),*];

            /// What an event carries, typed.
            #[derive(Debug, Clone, PartialEq)]
            #[non_exhaustive]
            pub enum Payload {
                #(#variants)*
                /// An event type that this version does not list; its JSON is in the event.
                Unknown,
            }

            impl Payload {
                /// Reads the payload of a verified event, whatever version the event says it has.
                ///
                /// # Errors
                /// Where a member that must not be misread, an amount, does not fit.
                pub fn of(event: &crate::webhook::Event) -> Result<Self, crate::types::DecodeError> {
                    Ok(match event.event_type() {
                        #(#arms)*
                        _ => Self::Unknown,
                    })
                }
            }
        }
    }
}

/// Every type by the name of what it is the body of: for conformance checks, not for users.
fn emit_registry(api: &Api) -> TokenStream {
    let entry = |kind: &str, name: &str, ty: &Ty| {
        let ty = rust(ty, &quote!(types::));
        quote!(crate::registry::Entry::of::<#ty>(#kind, #name))
    };
    let ids = api.operations.iter().flat_map(|operation| {
        std::iter::once(&operation.id).chain(&operation.aliases).map(move |id| (id, operation))
    });
    let bodies = ids.flat_map(|(id, operation)| {
        let request = match &operation.body {
            Body::Json(ty) => Some(entry("request", id, ty)),
            Body::Form(_) => Some(entry("request", id, &Ty::Json)),
            Body::None => None,
        };
        let response = match &operation.output {
            Ty::Nothing => None,
            output => Some(entry("response", id, output)),
        };
        request.into_iter().chain(response)
    });
    let webhooks = api.events.iter().map(|(event, ty)| entry("webhook", event, &Ty::Named(ty.clone())));
    let types = api.types.iter().map(|ty| entry("type", &ty.name, &Ty::Named(ty.name.clone())));
    let operations = api.operations.iter().map(emit_registered_call);
    quote! {
        #[cfg(feature = "registry")]
        pub(crate) const REGISTRY: &[crate::registry::Entry] = &[#(#bodies,)* #(#webhooks,)* #(#types,)*];

        #[cfg(feature = "registry")]
        pub(crate) const OPERATIONS: &[crate::registry::Operation] = &[#(#operations,)*];
    }
}

/// The operation's method, to be called with arguments that are only known by name.
fn emit_registered_call(operation: &Operation) -> TokenStream {
    let (name, marker) = (ident(&operation.name), marker(operation));
    let text = |wire: &str| quote!(arguments.text(#wire));
    let argument = |argument: &Argument| {
        let wire = &argument.name;
        if argument.money { quote!(arguments.amount(#wire)?) } else { text(wire) }
    };
    let required = |argument: &&Argument| argument.required;
    let mut given: Vec<TokenStream> = operation.path_args.iter().map(argument).collect();
    given.extend(operation.query_args.iter().filter(required).map(argument));
    let mut optional: Vec<(&str, &str, bool)> =
        operation.query_args.iter().filter(|a| !a.required).map(|a| (&*a.ident, &*a.name, a.money)).collect();
    match &operation.body {
        Body::None => {}
        Body::Json(_) => given.push(quote!(arguments.body()?)),
        Body::Form(fields) => {
            for field in fields {
                if field.file {
                    given.push(quote!(arguments.file()?));
                } else if !field.required {
                    optional.push((&field.name, &field.name, false));
                } else if !path_has(operation, &field.name) {
                    given.push(text(&field.name));
                }
            }
        }
    }
    let arguments = if given.is_empty() && optional.is_empty() { quote!(_) } else { quote!(arguments) };
    let call = quote!(Client::new(cashfree.clone()).#name(#(#given),*));
    let call = if optional.is_empty() {
        call
    } else {
        let setters = optional.iter().map(|(setter, wire, money)| {
            let setter = ident(setter);
            if *money {
                return quote!(if arguments.optional(#wire).is_some() {
                    call = call.#setter(arguments.amount(#wire)?);
                });
            }
            quote!(if let Some(value) = arguments.optional(#wire) { call = call.#setter(value); })
        });
        quote!({ let mut call = #call; #(#setters)* call })
    };
    quote! {
        crate::registry::Operation {
            info: <operations::#marker as crate::Operation>::INFO,
            call: |cashfree, #arguments| Ok(crate::registry::sending(#call)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Argument, Arm, FormField};

    fn code(tokens: TokenStream) -> String {
        let file = syn::parse2(tokens).expect("items");
        prettyplease::unparse(&file)
    }

    fn member(name: &str, ty: Ty) -> Member {
        Member {
            name: name.into(),
            ident: names::snake_name(name),
            ty,
            doc: String::new(),
            required: false,
            sensitive: false,
            declared: None,
            limits: Limits::default(),
        }
    }

    fn object(in_request: bool, members: Vec<Member>) -> String {
        let ty = Type { name: "Order".into(), doc: String::new(), in_request, shape: Shape::Object(members) };
        code(emit_type(&ty))
    }

    fn operation() -> Operation {
        Operation {
            id: "PGFetchOrder".into(),
            aliases: vec!["PGGetOrder".into()],
            name: "fetch_order".into(),
            method: "GET".into(),
            path: "/orders/{order_id}".into(),
            doc: "Reads an order.".into(),
            credentials: true,
            path_args: vec![argument("order_id", true)],
            query_args: vec![argument("currency", true), argument("limit", false)],
            body: Body::None,
            output: Ty::Named("Order".into()),
        }
    }

    fn argument(name: &str, required: bool) -> Argument {
        Argument {
            name: name.into(),
            ident: name.into(),
            doc: format!("The {name}."),
            required,
            money: false,
        }
    }

    #[test]
    fn prose_makes_no_links_and_no_tags() {
        assert_eq!(escape("a <b> [c] and `[code] <T>`, [d]"), r"a \<b\> \[c\] and `[code] <T>`, \[d\]");
    }

    #[test]
    fn a_block_of_code_in_a_list_is_a_block_of_its_own() {
        assert_eq!(entry("a", "One.\n\nTwo."), "- `a`: One.\n\n  Two.");
        assert_eq!(entry("a", "```\nb()\n```"), "- `a`: \n  ```text\n  b()\n  ```");
        assert_eq!(escape("~~~\n```\nb()\n~~~"), "```text\n```\nb()\n\n```text\n```");
    }

    #[test]
    fn limits_are_said_in_words() {
        let limits = |length, count, range| limits_in_words(&Limits { length, count, range, pattern: None });
        let none = (None, None);
        assert_eq!(limits((Some(3), Some(50)), none, (None, None)), "3 to 50 characters.");
        assert_eq!(limits((Some(10), Some(10)), none, (None, None)), "Exactly 10 characters.");
        assert_eq!(limits(none, (None, Some(15)), (Some(1), None)), "At most 15 entries. At least 1.");
        assert_eq!(limits(none, none, (None, None)), "");
    }

    #[test]
    fn required_members_are_arguments_in_order_and_others_are_setters() {
        let required = |name: &str, ty| Member { required: true, ..member(name, ty) };
        let code = object(
            true,
            vec![
                required("order_amount", Ty::Amount),
                member("order_note", Ty::Text),
                required("tags", Ty::List(Box::new(Ty::Text))),
            ],
        );
        assert!(code.contains("order_amount: impl Into<Amount>,\n"), "{code}");
        assert!(code.contains("tags: impl IntoIterator<Item = impl Into<String>>,\n"), "{code}");
        assert!(code.contains("pub fn order_note(mut self, value: impl Into<String>) -> Self"), "{code}");
        assert!(!code.contains("pub fn order_amount("), "{code}");
    }

    #[test]
    fn what_is_only_received_is_built_without_setters() {
        let code = object(false, vec![Member { required: true, ..member("order_note", Ty::Text) }]);
        assert!(code.contains("pub fn new() -> Self") && !code.contains("pub fn order_note"), "{code}");
    }

    #[test]
    fn the_table_has_what_the_rust_type_hides() {
        let facts = |member: &Member| member_facts(member).to_string().replace(' ', "");
        let mut phone = member("phone", Ty::Text);
        phone.declared = Some("number".into());
        phone.required = true;
        phone.sensitive = true;
        phone.limits.length = (Some(10), None);
        assert_eq!(
            facts(&phone),
            "Member::new(\"phone\").required().sensitive().number().length(10,usize::MAX)"
        );
        let mut amounts = member("amounts", Ty::List(Box::new(Ty::Amount)));
        amounts.declared = Some("string".into());
        amounts.limits.count = (None, Some(3));
        assert_eq!(facts(&amounts), "Member::new(\"amounts\").text().count(0,3)");
        let mut tenure = member("tenure", Ty::Integer);
        tenure.declared = Some("integer".into());
        tenure.limits.range = (Some(-1), Some(24));
        assert_eq!(facts(&tenure), "Member::new(\"tenure\").minimum(-1).maximum(24)");
    }

    #[test]
    fn only_arms_of_a_type_of_their_own_convert_themselves() {
        let arm = |key: &str, ty: &str| Arm {
            variant: key.to_pascal_case(),
            key: key.into(),
            ty: Ty::Named(ty.into()),
        };
        let shape = Shape::Union {
            arms: vec![arm("upi", "Upi"), arm("paylater", "PayLater"), arm("pay_later", "PayLater")],
            wrapped_in: Some("payment_method".into()),
        };
        let code =
            code(emit_type(&Type { name: "Method".into(), doc: String::new(), in_request: true, shape }));
        assert!(code.contains("impl From<Upi> for Method") && !code.contains("From<PayLater>"), "{code}");
        let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(code.contains("Method in \"payment_method\""), "{code}");
    }

    #[test]
    fn a_method_takes_what_is_required_and_the_call_the_rest() {
        let method = emit_method(&Api::default(), &operation());
        let code = code(quote!(impl Client { #method }));
        assert!(
            code.contains("order_id: impl std::fmt::Display,\n        currency: impl std::fmt::Display,\n"),
            "{code}"
        );
        assert!(code.contains("- `order_id`: The order_id."), "{code}");
        assert!(code.contains("doc(alias = \"PGGetOrder\")") && !code.contains("limit"), "{code}");
        let setters = emit_optional_arguments(&operation()).to_string();
        assert!(setters.contains("pub fn limit"), "{setters}");
    }

    #[test]
    fn a_form_field_that_repeats_the_path_is_asked_for_once() {
        let field = |name: &str, required, file| FormField {
            name: name.into(),
            ident: names::snake_name(name),
            doc: String::new(),
            required,
            file,
        };
        let body = Body::Form(vec![
            field("order_id", true, false),
            field("file", true, true),
            field("doc-type", true, false),
            field("note", false, false),
        ]);
        let operation = Operation { body, query_args: Vec::new(), ..operation() };
        let method = emit_method(&Api::default(), &operation).to_string().replace(' ', "");
        assert_eq!(method.matches("order_id:impl").count(), 1, "{method}");
        assert!(method.contains(".text(\"order_id\",order_id.to_string())"), "{method}");
        assert!(method.contains("file:crate::Upload,doc_type:impl"), "{method}");
        assert!(emit_optional_arguments(&operation).to_string().contains("pub fn note"));
    }

    #[test]
    fn an_event_is_read_as_its_payload() {
        let event = |event: &str, payload: &str| (event.to_owned(), payload.to_owned());
        let api = Api {
            events: vec![event("PAID", "Payment"), event("FAILED", "Payment"), event("REFUND", "Refund")],
            ..Api::default()
        };
        let code = code(emit_webhooks(&api));
        assert!(code.contains("\"PAID\" | \"FAILED\" => Self::Payment("), "{code}");
        assert_eq!(code.matches("Payment(Box<super::types::Payment>)").count(), 1, "{code}");
    }
}
