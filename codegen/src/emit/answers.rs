//! What answers offer besides their fields: members that are always there, and how a status ends.

use std::fmt::Write as _;

use super::rust;
use crate::model::{Api, End, Member, Shape, Ty, Type, Variant};
use crate::prose::{comment, escape};

/// `is_final` and `is_success` of a status.
pub(super) fn ends_of_status(ty: &Type, out: &mut String) {
    let Shape::Enum(variants) = &ty.shape else { return };
    if !has_ends(variants) {
        return;
    }
    let question = |doc: &str, asked: &[End]| {
        let is_one = |variant: &&Variant| asked.contains(&variant.end);
        let ends: Vec<&Variant> = variants.iter().filter(is_one).collect();
        let values = ends.iter().map(|variant| format!("`{}`", variant.value)).collect::<Vec<_>>().join(", ");
        let patterns = ends.iter().map(|variant| format!("Self::{}", variant.name)).collect::<Vec<_>>();
        (comment(&[format!("{doc}: {values}.")]), patterns.join(" | "))
    };
    let (final_doc, finals) =
        question("Whether no other status is expected after this one", &[End::Success, End::Failure]);
    let (success_doc, successes) = question("Whether it ended well", &[End::Success]);
    let _ = write!(
        out,
        "impl {} {{\n{final_doc}pub fn is_final(&self) -> bool {{ matches!(self, {finals}) }}\n\n\
         {success_doc}pub fn is_success(&self) -> bool {{ matches!(self, {successes}) }}\n}}\n\n",
        ty.name
    );
}

fn has_ends(variants: &[Variant]) -> bool {
    variants.iter().any(|variant| variant.end == End::Success)
}

/// What an answer is asked for: its status, and the members that it always has.
pub(super) fn questions(api: &Api, ty: &Type, out: &mut String) {
    let Shape::Object(members) = &ty.shape else { return };
    // A request's setters have the names of its members.
    if ty.sent {
        return;
    }
    let is_status = |member: &&Member| match &member.ty {
        Ty::Named(name) => match api.get(name).map(|ty| &ty.shape) {
            Some(Shape::Enum(variants)) => has_ends(variants),
            _ => false,
        },
        _ => false,
    };
    let statuses: Vec<&Member> = members.iter().filter(is_status).collect();
    let always: Vec<&Member> = members.iter().filter(|member| member.always).collect();
    if always.is_empty() && statuses.len() != 1 {
        return;
    }
    let _ = writeln!(out, "impl {} {{", ty.name);
    if let [status] = statuses[..] {
        // Money that is only held looks like money that was taken, and may still go back.
        let captured = members.iter().find(|member| member.name == "is_captured" && member.ty == Ty::Bool);
        let (taken, unless) = match captured {
            Some(Member { ident, .. }) => (
                format!(" && !(status.is_success() && self.{ident} == Some(false))"),
                ", nor while its money is only held",
            ),
            None => (String::new(), ""),
        };
        for (question, doc) in [
            ("is_final", "Whether no other status is expected; not where there is none"),
            ("is_success", "Whether it ended well; not where there is no status"),
        ] {
            let _ = writeln!(
                out,
                "/// {doc}{unless}: `{}`.\npub fn {question}(&self) -> bool {{ self.{}.as_ref().is_some_and(|status| status.{question}(){taken}) }}\n",
                escape(&status.name),
                status.ident,
            );
        }
    }
    always.into_iter().for_each(|member| accessor(ty, member, out));
    out.push_str("}\n\n");
}

fn accessor(ty: &Type, member: &Member, out: &mut String) {
    let Member { ident, name, .. } = member;
    let (given, how) = match &member.ty {
        Ty::Amount | Ty::Bool | Ty::Integer | Ty::Decimal => (rust(&member.ty, ""), ""),
        Ty::Text => ("&str".to_owned(), ".as_deref()"),
        Ty::List(item) => (format!("&[{}]", rust(item, "")), ".as_deref()"),
        Ty::Boxed(inner) => (format!("&{}", rust(inner, "")), ".as_deref()"),
        inner => (format!("&{}", rust(inner, "")), ".as_ref()"),
    };
    let _ = writeln!(
        out,
        "/// `{}`, which every published body of this type has.\n///\n/// # Errors\n\
         /// [`Missing`](crate::types::Missing) where this one has it not.\n\
         pub fn {ident}(&self) -> ::std::result::Result<{given}, crate::types::Missing> {{\n\
         self.{ident}{how}.ok_or(crate::types::Missing::new({:?}, {name:?}))\n}}\n",
        escape(name),
        ty.name,
    );
}
