//! Rust names for whatever a document calls its operations, schemas, members and values; all are decided
//! here, and nowhere else.
//!
//! A name comes from the reviewed table where there is one ([`reviewed`]), else from the name on the wire by
//! rule. A rule's names may be the same for two things: the second one gets another.

pub mod reviewed;

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};

use crate::always;
use crate::error::Fault;
use crate::model::{Api, Argument, Body, Operation, Pages, Place, Shape, Ty, Type, Variant};
use crate::read::{Found, Origin, Owner};
use crate::spec::component;

/// Type names that users of the types have from somewhere else.
const TAKEN_TYPES: [&str; 21] = [
    "Amount",
    "Box",
    "Clone",
    "Decimal",
    "Default",
    "Eq",
    "From",
    "Id",
    "Into",
    "Iterator",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "String",
    "Timestamp",
    "Unknown",
    "Value",
    "Vec",
];

/// Functions that every generated type has beside its setters: a setter of the same name would hide them.
const TAKEN_SETTERS: [&str; 14] = [
    "as_ref",
    "borrow",
    "clone",
    "clone_from",
    "default",
    "eq",
    "fmt",
    "into",
    "ne",
    "new",
    "to_owned",
    "try_into",
    "unlisted",
    "unlisted_mut",
];

/// Functions that every call has beside the setters of its optional arguments.
const TAKEN_ON_CALLS: [&str; 10] = [
    "idempotency_key",
    "into_future",
    "items",
    "new",
    "pages",
    "request_id",
    "retry",
    "send",
    "timeout",
    "try_into",
];

/// Setters of a call whose form may have any field.
const TAKEN_ON_OPEN_FORMS: &[&str] = &["field", "file"];

/// Functions that every client has beside the operations.
const TAKEN_ON_CLIENTS: [&str; 5] = ["cashfree", "clone", "into", "new", "try_into"];

/// Gives everything its name. `stands_for` has for the pointer of every schema that of its type.
///
/// # Errors
/// Where two operations would be one method, or a name has no letter.
pub(crate) fn assign(
    api: &mut Api,
    types: Vec<Found>,
    stands_for: &BTreeMap<String, String>,
) -> Result<(), Fault> {
    let names = TypeNames::of(&types, stands_for, &mut api.not_generated)?;
    let rename = |ty: &mut Ty| {
        if let Some(place) = ty.named_mut() {
            *place = names[place.as_str()].clone();
        }
    };
    for found in types {
        let mut ty = found.ty;
        ty.name = names[&ty.places[0]].clone();
        ty.aliases = found.origins.into_iter().filter_map(|origin| origin.component).collect();
        ty.aliases.sort();
        ty.aliases.dedup();
        ty.aliases.retain(|alias| *alias != ty.name);
        ty.shape.tys_mut().into_iter().for_each(rename);
        name_inside(&mut ty);
        if let Shape::Object(members) = &mut ty.shape {
            let always = always::of(&ty.name);
            members.iter_mut().for_each(|member| member.always = always.contains(&member.name.as_str()));
        }
        api.types.push(ty);
    }
    api.types.sort_by(|a, b| a.name.cmp(&b.name));
    box_circles(&mut api.types);
    let mut taken: BTreeSet<String> = api.types.iter().map(|ty| ty.name.clone()).collect();
    for ty in api.types.iter_mut().filter(|ty| ty.new_by_name()) {
        let name = format!("{}Required", ty.name.strip_suffix("Request").unwrap_or(&ty.name));
        ty.required_name = Some(unused(name, &mut taken));
    }

    let mut methods = BTreeSet::new();
    for operation in &mut api.operations {
        let Operation { id, name, place, marker, .. } = &*operation;
        if !is_method_name(name) {
            return Err(Fault::new(place, format!("no method can be called `{name}`, from `{id}`")));
        }
        // Each method has a type of its own, in the casing of types.
        if !methods.insert(marker.clone()) {
            return Err(Fault::new(place, format!("the method name `{name}` of `{id}` is taken")));
        }
        operation.arguments.iter_mut().for_each(|argument| rename(&mut argument.ty));
        rename(&mut operation.output);
        name_arguments(&mut operation.arguments, operation.body);
    }
    api.events.iter_mut().for_each(|event| rename(&mut event.payload));
    for i in 0..api.operations.len() {
        api.operations[i].pages = pages(api, &api.operations[i]);
    }
    Ok(())
}

/// The names of types by the pointers of their schemas.
struct TypeNames<'a> {
    stands_for: &'a BTreeMap<String, String>,
    found: BTreeMap<&'a str, &'a Found>,
    names: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    /// The names that component schemas have of themselves.
    components: BTreeSet<String>,
}

impl<'a> TypeNames<'a> {
    fn of(
        types: &'a [Found],
        stands_for: &'a BTreeMap<String, String>,
        notes: &mut Vec<Fault>,
    ) -> Result<BTreeMap<String, String>, Fault> {
        let found = types.iter().map(|found| (found.ty.places[0].as_str(), found)).collect();
        let taken = TAKEN_TYPES.iter().map(|name| (*name).to_owned()).collect();
        let all =
            types.iter().flat_map(|found| &found.origins).filter_map(|o| type_name(o.component.as_deref()?));
        let components: BTreeSet<String> = all.collect();
        let mut names = Self { stands_for, found, names: BTreeMap::new(), taken, components };
        // The document's own names first: no name that is made here takes one of them.
        let is_component = |found: &&Found| found.origins.iter().any(|origin| origin.component.is_some());
        for found in types.iter().filter(is_component) {
            names.name_component(found, notes)?;
        }
        for found in types.iter().filter(|found| !is_component(found)) {
            names.name_inline(found);
        }
        let of_place = |(place, of): (&String, &String)| (place.clone(), names.names[of].clone());
        Ok(stands_for.iter().map(of_place).collect())
    }

    fn of_place(&self, place: &str) -> &str {
        let place = self.stands_for.get(place).map_or(place, String::as_str);
        self.names.get(place).map_or("", String::as_str)
    }

    /// Takes the first of some names that is free, or else the last resort with a number.
    fn take(&mut self, place: &str, candidates: &[String], last: &str) -> bool {
        let numbered = (2..).map(|n| format!("{last}{n}"));
        let mut all = candidates.iter().cloned().chain(numbered);
        let name = all.find(|name| self.taken.insert(name.clone())).unwrap_or_default();
        let is_own = candidates.contains(&name);
        self.names.insert(place.to_owned(), name);
        is_own
    }

    fn name_component(&mut self, found: &Found, notes: &mut Vec<Fault>) -> Result<(), Fault> {
        let components: Vec<&str> = found.origins.iter().filter_map(|o| o.component.as_deref()).collect();
        // What webhooks call it comes after what operations call it.
        let (events, others): (Vec<&str>, Vec<&str>) =
            components.iter().partition(|name| name.starts_with("Event"));
        let ordered: Vec<&str> = others.into_iter().chain(events).collect();
        let reviewed = ordered.iter().filter_map(|name| reviewed::type_name(name));
        let mut candidates: Vec<String> =
            reviewed.min_by_key(|name| name.len()).map(str::to_owned).into_iter().collect();
        for name in ordered {
            let Some(rust) = type_name(name) else {
                let reason = "no type can be called so: expected a Latin letter in the name";
                return Err(Fault::new(component(name), reason));
            };
            // Every answer is an entity, and none is called so by those who talk of it.
            let short = rust.strip_suffix("Entity").filter(|short| !short.is_empty());
            candidates.extend(short.filter(|short| !self.components.contains(*short)).map(str::to_owned));
            candidates.push(rust);
        }
        let last = candidates.last().cloned().unwrap_or_default();
        if !self.take(&found.ty.places[0], &candidates, &last) {
            let name = self.of_place(&found.ty.places[0]);
            notes.push(Fault::new(
                component(components[0]),
                format!("is called `{name}`: its own name is taken"),
            ));
        }
        Ok(())
    }

    fn name_inline(&mut self, found: &Found) {
        let place = found.ty.places[0].clone();
        if self.names.contains_key(&place) {
            return;
        }
        let is_enum = matches!(found.ty.shape, Shape::Enum(_));
        let members: BTreeSet<String> =
            found.origins.iter().map(|o| ascii(&o.member).to_pascal_case()).collect();
        let is_shared = found.origins.len() > 1 && members.len() == 1;
        let (mut reviewed, mut candidates) = (Vec::new(), Vec::new());
        for origin in &found.origins {
            let member = ascii(&origin.member).to_pascal_case();
            // One word says too little by itself: every second thing has a type or a status.
            let says_enough = member.to_snake_case().contains('_') || (is_shared && !is_enum);
            if says_enough && (is_enum || is_shared) {
                candidates.push(member.clone());
            }
            let owner = self.owner(origin);
            reviewed.extend(reviewed::type_name(&format!("{owner}.{}", origin.member)).map(str::to_owned));
            let short = ["Request", "Response", "Entity"].iter().find_map(|end| owner.strip_suffix(end));
            let owner = short.filter(|short| !short.is_empty()).unwrap_or(&owner);
            candidates.push(joined(owner, &member));
            candidates.push(format!("{owner}{member}"));
        }
        candidates.retain(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
        let last = candidates.last().cloned().unwrap_or_else(|| "Type".to_owned());
        // A component's own name finds that component, whatever it is called in Rust.
        candidates.retain(|name| !self.components.contains(name));
        candidates.splice(0..0, reviewed.into_iter().min_by_key(String::len));
        self.take(&place, &candidates, &last);
    }

    /// What the owner of an inline schema is called.
    fn owner(&mut self, origin: &Origin) -> String {
        let place = match &origin.owner {
            Owner::Name(name) => return name.clone(),
            Owner::Type(place) => self.stands_for.get(place).unwrap_or(place).clone(),
        };
        if let Some(found) = self.found.get(place.as_str()).copied()
            && !self.names.contains_key(&place)
        {
            // Circles of inline schemas do not exist: they go through components, which have their names.
            self.name_inline(found);
        }
        self.of_place(&place).to_owned()
    }
}

/// Two names in one; the words in which the first one ends and the second one begins are said once:
/// `Refund` and `RefundStatus` make `RefundStatus`.
fn joined(owner: &str, member: &str) -> String {
    let words = |name: &str| name.to_snake_case().split('_').map(str::to_owned).collect::<Vec<_>>();
    let (first, second) = (words(owner), words(member));
    let most = first.len().min(second.len());
    let overlap = (1..=most).rev().find(|n| first[first.len() - n..] == second[..*n]).unwrap_or(0);
    let kept: usize = second[..overlap].iter().map(String::len).sum();
    if member.is_char_boundary(kept) {
        format!("{owner}{}", &member[kept..])
    } else {
        format!("{owner}{member}")
    }
}

/// A type inside itself needs a box around each way in.
fn box_circles(types: &mut [Type]) {
    let holds: BTreeMap<String, Vec<String>> = types
        .iter()
        .map(|ty| {
            let inside = ty.shape.tys().into_iter().filter_map(Ty::inside).map(str::to_owned);
            (ty.name.clone(), inside.collect())
        })
        .collect();
    let leads_to = |from: &str, to: &str| {
        let (mut todo, mut seen) = (vec![from], BTreeSet::new());
        while let Some(name) = todo.pop() {
            if name == to {
                return true;
            }
            if seen.insert(name) {
                todo.extend(holds.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        false
    };
    for ty in types {
        let holder = ty.name.clone();
        for held in ty.shape.tys_mut() {
            if held.inside().is_some_and(|name| leads_to(name, &holder)) {
                *held = Ty::Boxed(Box::new(held.clone()));
            }
        }
    }
}

/// Names what a type consists of.
fn name_inside(ty: &mut Type) {
    match &mut ty.shape {
        Shape::Object(members) => {
            let mut fields = BTreeSet::from(["rest_".to_owned()]);
            let mut setters = TAKEN_SETTERS.iter().map(|name| (*name).to_owned()).collect();
            for member in members {
                let name = reviewed::member_name(&member.name)
                    .map_or_else(|| snake_name(&member.name), str::to_owned);
                member.ident = unused(name, &mut fields);
                member.setter = unused(member.ident.clone(), &mut setters);
            }
        }
        Shape::Enum(variants) => {
            let mut taken = BTreeSet::from(["Unknown".to_owned()]);
            variants
                .iter_mut()
                .for_each(|Variant { name, value, .. }| *name = variant_name(value, &mut taken));
        }
        Shape::Union { arms, .. } => {
            let mut taken = BTreeSet::from(["Unknown".to_owned()]);
            arms.iter_mut().for_each(|arm| arm.variant = variant_name(&arm.key, &mut taken));
        }
    }
}

/// The variant of a value or a key: a name that none of the others has.
fn variant_name(value: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = reviewed::variant_name(value).map_or_else(|| ascii(value).to_pascal_case(), str::to_owned);
    if value.is_empty() {
        name = "Empty".into();
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || matches!(name.as_str(), "Self" | "Unknown") {
        name.insert_str(0, "Value");
    }
    unused(name, taken)
}

/// Names the arguments of an operation: no two of the method have the same name, nor two of the setters.
fn name_arguments(arguments: &mut [Argument], body: Body) {
    let mut own = BTreeSet::from(["self".to_owned()]);
    let of_form = if body == Body::OpenForm { TAKEN_ON_OPEN_FORMS } else { &[] };
    let mut setters = TAKEN_ON_CALLS.iter().chain(of_form).map(|name| (*name).to_owned()).collect();
    for argument in arguments {
        let name = match argument.place {
            Place::Json => "body".to_owned(),
            _ => reviewed::member_name(&argument.name)
                .map_or_else(|| snake_name(&argument.name), str::to_owned),
        };
        argument.ident = unused(name, if argument.required { &mut own } else { &mut setters });
    }
}

/// How the pages of an operation are followed: it takes `pagination.cursor` and answers with a `cursor` and
/// a list of `data`.
fn pages(api: &Api, operation: &Operation) -> Option<Pages> {
    let member = |ty: &Ty, name: &str| api.members(ty).iter().find(|member| member.name == name);
    let request = operation.json()?;
    let asked = member(&member(&request.ty, "pagination")?.ty, "cursor")?;
    let (cursor, data) = (member(&operation.output, "cursor")?, member(&operation.output, "data")?);
    match &data.ty {
        Ty::List(item) if asked.ty == Ty::Text && cursor.ty == Ty::Text => {
            Some(Pages { item: (**item).clone(), cursor: cursor.ident.clone(), data: data.ident.clone() })
        }
        _ => None,
    }
}

/// Products whose name every operation id repeats.
const PREFIXES: [&str; 4] = ["PGES", "PG", "Subs", "Spos"];

/// The name of the client's method for an operation id; with `call_` before it where Rust or the client
/// itself has another use for the name.
///
/// `PGCreateOrder` becomes `create_order`: the vendor's prefixes say nothing to a caller.
pub fn method_name(operation_id: &str) -> String {
    if let Some(name) = reviewed::method_name(operation_id) {
        return name.to_owned();
    }
    let prefix = PREFIXES.into_iter().find(|prefix| {
        operation_id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase()))
    });
    let rest = operation_id.strip_prefix(prefix.unwrap_or_default()).unwrap_or(operation_id);
    let name = ascii(rest).to_snake_case();
    if is_word(&name) && !is_method_name(&name) { format!("call_{name}") } else { name }
}

/// The name of the type for a component schema; none where there is no letter in its name.
fn type_name(schema: &str) -> Option<String> {
    let mut name = ascii(schema).to_pascal_case();
    if !name.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert_str(0, "Schema");
    }
    if TAKEN_TYPES.contains(&name.as_str()) {
        name.push_str("Entity");
    }
    Some(name)
}

/// The name of a field, an argument or a method for a name on the wire.
fn snake_name(wire: &str) -> String {
    let mut name = ascii(wire).to_snake_case();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'x');
    }
    if !is_ident(&name) {
        name.push('_');
    }
    name
}

/// The name, or one like it that nothing has yet.
fn unused(mut name: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// Whether a method of a client can be called so: Rust takes the name, and the client has nothing else under it.
fn is_method_name(name: &str) -> bool {
    is_ident(name) && !TAKEN_ON_CLIENTS.contains(&name)
}

/// Whether it has the form of a name, a keyword's included.
fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `gen` is a word of Rust since 2024, which syn takes for a name still.
fn is_ident(name: &str) -> bool {
    name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}

/// Letters of other scripts are kept out of Rust names: some of them, such as `²`, cannot be in one.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect()
}

#[cfg(test)]
mod tests;
