//! What is the same is one type: an enumeration with the same values, an object with the same members.
//!
//! A document says the same thing wherever it needs it: a webhook's refund status and a fetched one are two
//! schemas of the same values, and five lists come in pages that are asked for alike. As two types they could
//! not be compared and would be learnt twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Arm, Form, Limits, Member, Shape, Ty};
use crate::read::Found;

/// Merges types that are the same, and gives for every schema's pointer the pointer of its type.
///
/// What only answers hold is not checked, so that it is the same as what requests hold if it has the same
/// members; among what is sent, only what has the same limits is the same.
pub(crate) fn merge(types: &mut Vec<Found>) -> BTreeMap<String, String> {
    let alike = classes(types, &|_| 0, false);
    let same = classes(types, &|found| alike[place(found)] + 1, true);
    // The type that each stands for: the first that is sent, or else the first.
    let mut sent: BTreeMap<usize, usize> = BTreeMap::new();
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    let mut first_alike: BTreeMap<usize, usize> = BTreeMap::new();
    for (i, found) in types.iter().enumerate() {
        let class = alike[place(found)];
        first_alike.entry(class).or_insert(i);
        if found.ty.sent {
            sent.entry(class).or_insert(i);
            first.entry(same[place(found)]).or_insert(i);
        }
    }
    let stands_for: Vec<usize> = types
        .iter()
        .map(|found| {
            let class = alike[place(found)];
            if found.ty.sent {
                first[&same[place(found)]]
            } else {
                *sent.get(&class).unwrap_or(&first_alike[&class])
            }
        })
        .collect();
    let places: Vec<String> = types.iter().map(|found| place(found).to_owned()).collect();
    let names: BTreeMap<String, String> =
        places.iter().zip(&stands_for).map(|(place, i)| (place.clone(), places[*i].clone())).collect();
    for (i, target) in stands_for.iter().enumerate().filter(|(i, target)| i != *target) {
        let merged = std::mem::take(&mut types[i].ty.places);
        let origins = std::mem::take(&mut types[i].origins);
        types[*target].ty.places.extend(merged);
        types[*target].origins.extend(origins);
    }
    let mut i = 0;
    types.retain(|_| {
        i += 1;
        stands_for[i - 1] == i - 1
    });
    for found in types.iter_mut() {
        for ty in found.ty.shape.tys_mut() {
            if let Some(name) = ty.named_mut() {
                *name = names[name.as_str()].clone();
            }
        }
    }
    names
}

fn place(found: &Found) -> &str {
    &found.ty.places[0]
}

/// What makes a type what it is, with the types in it by their classes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Looks<'a> {
    Enum(BTreeSet<&'a str>),
    Object(BTreeSet<Look<'a>>),
    Union(BTreeSet<Look<'a>>, Option<&'a str>),
}

/// A member: its name, what it holds and, where it is sent, what is said and checked of it.
type Look<'a> = (&'a str, Ty, Form, Option<([bool; 3], &'a Limits)>);

/// The coarsest classes in which all types of a class look the same: types may hold each other, so that
/// they are split until no more of them differ.
fn classes(types: &[Found], start: &dyn Fn(&Found) -> usize, strict: bool) -> BTreeMap<String, usize> {
    let mut class: BTreeMap<String, usize> = types.iter().map(|f| (place(f).to_owned(), start(f))).collect();
    let mut count = 0;
    loop {
        let mut seen = BTreeMap::new();
        let mut next = BTreeMap::new();
        for found in types {
            let key = (class[place(found)], strict && found.ty.sent, looks(found, &class, strict));
            let fresh = seen.len();
            next.insert(place(found).to_owned(), *seen.entry(key).or_insert(fresh));
        }
        class = next;
        if seen.len() == count {
            return class;
        }
        count = seen.len();
    }
}

fn looks<'a>(found: &'a Found, class: &BTreeMap<String, usize>, strict: bool) -> Looks<'a> {
    let by_class = |ty: &Ty| {
        let mut ty = ty.clone();
        if let Some(name) = ty.named_mut() {
            *name = class[name.as_str()].to_string();
        }
        ty
    };
    match &found.ty.shape {
        Shape::Enum(variants) => Looks::Enum(variants.iter().map(|variant| variant.value.as_str()).collect()),
        Shape::Object(members) => {
            let member = |m: &'a Member| {
                // One that is only in answers has no setter.
                let flags = [m.required, m.read_only, m.deprecated];
                let checked = (strict && found.ty.sent).then_some((flags, &m.limits));
                (m.name.as_str(), by_class(&m.ty), m.form, checked)
            };
            Looks::Object(members.iter().map(member).collect())
        }
        Shape::Union { arms, wrapped_in } => {
            let arm = |arm: &'a Arm| {
                let checked = (strict && found.ty.sent).then_some(([false; 3], &arm.limits));
                (arm.key.as_str(), by_class(&arm.ty), arm.form, checked)
            };
            Looks::Union(arms.iter().map(arm).collect(), wrapped_in.as_deref())
        }
    }
}
